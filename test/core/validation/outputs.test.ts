import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../core/json/index.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';

const closed = { additionalProperties: false };
const of = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({ type: 'object', properties, ...more });

const said = (findings: ReturnType<typeof findingsOn>): readonly string[] =>
  withCode(findings, 'VAL231', 'LINT908').map(
    ({ message, hint }) => `${message}${hint === undefined ? '' : ` ${hint}`}`,
  );

/** What is said of an expression that reads the output of `a`. */
const ofOutput = (expression: string, a: object, output?: JsonObject): readonly string[] =>
  said(
    findingsOn(
      {
        tasks: [
          { id: 'a', ...a },
          { id: 'b', agent: 'worker', depends_on: ['a'], input: `\${ ${expression} }` },
        ],
      },
      output ? { type: { output } } : {},
    ),
  );

describe('what is read of an output', () => {
  const answer = of({ x: of({ y: {} }, closed) }, closed);
  const noZ = 'has no `z`.';

  it.each<{ title: string; task: object; output?: JsonObject; reads: string; says: readonly string[] }>([
    {
      title: 'is what the agent type says',
      task: { agent: 'worker' },
      output: answer,
      reads: 'tasks.a.output.x.z',
      says: [`By its schema, \`tasks.a.output.x\` ${noZ} it has y`],
    },
    {
      title: 'is what the task says',
      task: { agent: 'worker', output: answer },
      reads: 'tasks.a.output.z',
      says: [`By its schema, \`tasks.a.output\` ${noZ} it has x`],
    },
    {
      title: 'is what both say',
      task: { agent: 'worker', output: of({ z: {} }) },
      output: answer,
      reads: 'tasks.a.output.z',
      says: [`By its schema, \`tasks.a.output\` ${noZ} it has x`],
    },
    {
      title: 'is that of the one agent that can do it',
      task: { requires: ['c'] },
      output: answer,
      reads: 'tasks.a.output.z',
      says: [],
    },
    {
      title: 'is nothing else of the task',
      task: { agent: 'worker', output: answer },
      reads: '[tasks.a.status, tasks.a.attempts]',
      says: [],
    },
    {
      title: 'is a list where the task fans out',
      task: { agent: 'worker', parallel: true, output: answer },
      reads: 'tasks.a.output.x',
      says: ['`tasks.a.output` is a list by its schema, and has no `x`.'],
    },
    {
      title: 'is a list of answers',
      task: { agent: 'worker', parallel: true, output: answer },
      reads: '[tasks.a.output[0].x, tasks.a.output[0].z]',
      says: [`By its schema, \`tasks.a.output[0]\` ${noZ} it has x`],
    },
    {
      title: 'is a list where each item is a call',
      task: { agent: 'worker', for_each: { items: [1] }, output: answer },
      reads: 'tasks.a.output[0].z',
      says: [`By its schema, \`tasks.a.output[0]\` ${noZ} it has x`],
    },
    {
      title: 'is one answer where nothing fans out',
      task: { agent: 'worker', parallel: false, output: answer },
      reads: 'tasks.a.output.x.y',
      says: [],
    },
    {
      title: 'is nothing after a time',
      task: { wait: { seconds: 1 } },
      reads: 'tasks.a.output.z',
      says: [`\`tasks.a.output\` is null by its schema, and ${noZ}`],
    },
    {
      title: 'is the event that came',
      task: { wait: { event: 'e' } },
      reads:
        '[tasks.a.output.id, tasks.a.output.type, tasks.a.output.source, tasks.a.output.time, tasks.a.output.data.any]',
      says: [],
    },
    {
      title: 'is the event that was emitted',
      task: { emit: { event: 'e' } },
      reads: '[tasks.a.output.data.any, tasks.a.output.z]',
      says: [`By its schema, \`tasks.a.output\` ${noZ} it has id, type, source, time, data`],
    },
    {
      title: 'is a text, of what an event has',
      task: { emit: { event: 'e' } },
      reads: 'tasks.a.output.source.z',
      says: [`\`tasks.a.output.source\` is a text by its schema, and ${noZ}`],
    },
    {
      title: 'holds the members of a group',
      task: { group: { tasks: [{ id: 'm', agent: 'worker', output: answer }] } },
      reads: '[tasks.a.output.m.x, tasks.a.output.m.z]',
      says: [`By its schema, \`tasks.a.output.m\` ${noZ} it has x`],
    },
    {
      title: 'holds no others',
      task: { group: { tasks: [{ id: 'member', agent: 'worker' }] } },
      reads: 'tasks.a.output.membre',
      says: ['By its schema, `tasks.a.output` has no `membre`. did you mean `member`?'],
    },
    {
      title: 'is no list of members',
      task: { group: { tasks: [{ id: 'm', agent: 'worker' }] } },
      reads: 'tasks.a.output[0]',
      says: ['`tasks.a.output` is a mapping by its schema, and has no `0`.'],
    },
    {
      title: 'is not known of a child workflow',
      task: { workflow: { name: 'c' } },
      reads: 'tasks.a.output.z',
      says: [],
    },
  ])('$title', ({ task, output, reads, says }) => {
    expect(ofOutput(reads, task, output)).toEqual(says);
  });

  it('is not known where several agents may give it', () => {
    const agents = { one: { type: 'worker', capabilities: ['c'] }, two: { type: 'worker', capabilities: ['c'] } };
    const read = (names: readonly string[]) =>
      said(
        findingsOn(
          {
            agents: Object.fromEntries(Object.entries(agents).filter(([name]) => names.includes(name))),
            tasks: [
              { id: 'a', requires: ['c'] },
              { id: 'b', requires: ['c'], depends_on: ['a'], input: '${ tasks.a.output.z }' },
            ],
          },
          { type: { output: answer } },
        ),
      );

    expect(read(['one'])).toHaveLength(1);
    expect(read(['one', 'two'])).toEqual([]);
  });

  it.each([
    { reads: 'loop.previous.m.output.x', says: [] },
    {
      reads: 'loop.previous.m.output.z',
      says: [`By its schema, \`loop.previous.m.output\` ${noZ} it has x`],
    },
    { reads: 'loop.previous.m.status', says: [] },
    { reads: 'loop.index', says: [] },
  ])('is the same an iteration later: $reads', ({ reads, says }) => {
    const input = `\${ loop.index == 0 ? null : ${reads} }`;
    const tasks = [
      { id: 'a', loop: { max_iterations: 2, tasks: [{ id: 'm', agent: 'worker', output: answer, input }] } },
    ];

    expect(said(findingsOn({ tasks }))).toEqual(says);
  });
});
