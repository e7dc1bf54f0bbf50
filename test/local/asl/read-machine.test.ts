import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../core/json/index.ts';
import { readMachine } from '../../../local/asl/index.ts';
import { link, lower } from '../../../statemachines/index.ts';
import { goldenCases, goldenFile } from '../../makers/golden.ts';
import { plannedGraph } from '../../makers/planned.ts';

const machine = (states: Json, more: JsonObject = {}): Json => ({
  QueryLanguage: 'JSONata',
  StartAt: 'a',
  States: states,
  ...more,
});
const pass = { Type: 'Pass', End: true };
const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', End: true };

function faultsOf(document: Json): string[] {
  const read = readMachine(document);
  return 'faults' in read ? read.faults.map(({ code, place, hint }) => `${code} ${place} (${hint})`) : [];
}

describe('readMachine', () => {
  it('takes a machine with all that the interpreter knows, as it stands', () => {
    const document = machine(
      {
        a: {
          ...task,
          End: false,
          Arguments: { FunctionName: '{% $states.input.f %}' },
          TimeoutSeconds: '{% 5 %}',
          HeartbeatSeconds: 2,
          Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, JitterStrategy: 'FULL' }],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'b', Assign: { e: '{% $states.errorOutput %}' }, Output: {} }],
          Assign: { n: 1 },
          Output: null,
          Next: 'b',
        },
        b: { Type: 'Choice', Choices: [{ Condition: '{% $n = 1 %}', Next: 'c', Assign: { n: 2 } }], Default: 'd' },
        c: { Type: 'Wait', Seconds: 1, Next: 'd' },
        d: { Type: 'Parallel', Branches: [{ StartAt: 'x', States: { x: pass } }], Next: 'e' },
        e: {
          Type: 'Map',
          Items: [1],
          MaxConcurrency: 2,
          ItemProcessor: {
            ProcessorConfig: { Mode: 'INLINE' },
            StartAt: 'y',
            States: { y: { Type: 'Fail', Error: 'E' } },
          },
          Next: 'f',
        },
        f: { Type: 'Succeed', Output: '{% $states.input %}' },
      },
      { Comment: 'all of it', TimeoutSeconds: 60, Version: '1.0' },
    );

    expect(readMachine(document)).toEqual({ machine: document });
  });

  it('takes what the compiler writes', () => {
    const targets = { begin: 'b', dispatch: 'd', conclude: 'c', tenant: 't', workflow: 'w', version: '1' };
    const compiled = link(
      lower(
        plannedGraph({
          count: 3,
          edges: [
            [0, 1],
            [0, 2],
          ],
        }),
      ),
      targets,
    );

    expect(faultsOf(compiled as unknown as Json)).toEqual([]);
  });

  it.each(goldenCases('interpreter'))('takes the golden machine: %s', (name) => {
    const document = JSON.parse(readFileSync(goldenFile('interpreter', name, 'machine.asl.json'), 'utf8')) as Json;

    expect(faultsOf(document)).toEqual([]);
  });

  it.each<[what: string, document: Json, fault: string]>([
    ['a list', [], 'no_machine /'],
    ['no states', { StartAt: 'a' }, 'no_machine /'],
    ['the other language, which is the default', { StartAt: 'a', States: { a: pass } }, 'jsonpath /States/a'],
    ['one state of the other language', machine({ a: { ...pass, QueryLanguage: 'JSONPath' } }), 'jsonpath /States/a'],
    ['a field of the other language', machine({ a: { ...pass, InputPath: '$' } }), 'jsonpath /States/a/InputPath'],
    ['a type that is none', machine({ a: { Type: 'Loop' } }), 'unknown_state_type /States/a/Type'],
    ['no type', machine({ a: { End: true } }), 'unknown_state_type /States/a/Type'],
    ['a field that is none', machine({ a: { ...pass, Otput: 1 } }), 'unknown_field /States/a/Otput'],
    ['no StartAt', { QueryLanguage: 'JSONata', States: { a: pass } }, 'missing_field /StartAt'],
    ['a task without a resource', machine({ a: { Type: 'Task', End: true } }), 'missing_field /States/a/Resource'],
    ['no way out', machine({ a: { Type: 'Pass' } }), 'missing_field /States/a'],
    ['two ways out', machine({ a: { ...pass, Next: 'a' } }), 'missing_field /States/a'],
    ['a wait for nothing', machine({ a: { Type: 'Wait', End: true } }), 'missing_field /States/a'],
    [
      'a catcher without names',
      machine({ a: { ...task, Catch: [{ Next: 'a' }] } }),
      'missing_field /States/a/Catch[0]/ErrorEquals',
    ],
    ['a number for a name', machine({ a: { ...task, Resource: 7 } }), 'wrong_field /States/a/Resource'],
    [
      'a condition that is none',
      machine({ a: { Type: 'Choice', Choices: [{ Condition: 'x', Next: 'a' }] } }),
      'wrong_field /States/a/Choices[0]/Condition',
    ],
    ['a text for seconds', machine({ a: { ...task, TimeoutSeconds: 'soon' } }), 'wrong_field /States/a/TimeoutSeconds'],
    ['no branches', machine({ a: { Type: 'Parallel', Branches: [], End: true } }), 'wrong_field /States/a/Branches'],
    ['a state that is none', machine({ a: 7 }), 'wrong_field /States/a'],
    ['a start that is not there', machine({ b: pass }), 'unknown_state /StartAt'],
    ['a way to nowhere', machine({ a: { Type: 'Pass', Next: 'b' } }), 'unknown_state /States/a/Next'],
    [
      'a way out of a branch',
      machine({
        a: { Type: 'Parallel', Branches: [{ StartAt: 'x', States: { x: { Type: 'Pass', Next: 'a' } } }], End: true },
      }),
      'unknown_state /States/a/Branches[0]/States/x/Next',
    ],
    [
      'a rule that leads nowhere',
      machine({ a: { Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'b' }] } }),
      'unknown_state /States/a/Choices[0]/Next',
    ],
    [
      'a distributed Map',
      machine({
        a: {
          Type: 'Map',
          ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED' }, StartAt: 'x', States: { x: pass } },
          End: true,
        },
      }),
      'not_supported /States/a/ItemProcessor/ProcessorConfig/Mode',
    ],
    [
      'a reader of items',
      machine({ a: { Type: 'Map', ItemReader: {}, ItemProcessor: { StartAt: 'x', States: { x: pass } }, End: true } }),
      'not_supported /States/a/ItemReader',
    ],
    [
      'an expression that does not parse',
      machine({ a: { ...pass, Output: { list: [0, '{% $sum( %}'] } } }),
      'bad_expression /States/a/Output/list[1]',
    ],
  ])('finds %s', (_what, document, fault) => {
    expect(faultsOf(document)).toEqual([expect.stringContaining(`${fault} (`)]);
  });

  it('offers the name that was meant', () => {
    expect(faultsOf(machine({ a: { Type: 'Pass', Next: 'begn' }, begin: pass }))[0]).toContain('did you mean begin?');
  });

  it('finds all faults of a kind', () => {
    expect(faultsOf(machine({ a: { Type: 'Task' }, b: { Type: 'Pass', Odd: 1, End: true } }))).toHaveLength(2);
  });

  it('is not brought down by a document that is nested without end', () => {
    let output: Json = 0;
    for (let level = 0; level < 5_000; level += 1) output = [output];

    expect(faultsOf(machine({ a: { ...pass, Output: output } }))).toEqual([expect.stringMatching(/^no_machine/)]);
  });

  it('leaves comments and texts alone that only look like expressions', () => {
    expect(faultsOf(machine({ a: { ...pass, Comment: '{% ( %}', Output: ' {% ( %}' } }))).toEqual([]);
  });
});
