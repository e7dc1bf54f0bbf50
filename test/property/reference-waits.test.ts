import { describe, expect, it } from 'vitest';
import { midnight } from '../makers/event-log.ts';
import type { TaskDocument, WaitDocument } from '../../simulation/index.ts';
import { aScenario, aTask, aWorkflow, fails, goesOn, silent, succeeds } from '../makers/small-scenario.ts';
import { follow, wayOf } from './follow.ts';

const wait = (document: WaitDocument, more: Partial<TaskDocument> = {}): TaskDocument => ({
  id: 'w',
  wait: document,
  ...more,
});

describe('reference: a wait for a time', () => {
  it('lasts so many seconds from its admission on', () => {
    const scenario = aScenario({
      tasks: [aTask('a'), wait({ seconds: 2 }, { depends_on: ['a'] })],
      script: { a: [succeeds(10)] },
    });

    expect(wayOf(scenario)).toMatchObject({ w: 'succeeded @2010' });
    expect(follow(scenario).output).toEqual({ w: null });
  });

  it('lasts until a moment, not at all when that has passed, and fails when it is none', () => {
    const until = (moment: unknown) =>
      wayOf(aScenario({ tasks: [wait({ until: '${ input.at }' })], input: { at: moment as string } }))['w'];

    expect(until(new Date(midnight + 1_500).toISOString())).toBe('succeeded @1500');
    expect(until(midnight / 1_000 + 3)).toBe('succeeded @3000');
    expect(until('2026-11-20T00:00:00Z')).toBe('succeeded @0');
    expect(until('tomorrow')).toBe('failed(InvalidInput) @0');
    expect(until(null)).toBe('failed(InvalidInput) @0');
  });

  it('holds no place, and is cancelled by a stop', () => {
    const scenario = aScenario({
      concurrency: { max_parallel: 1 },
      tasks: [wait({ seconds: 9 }), aTask('a')],
      cancelAt: 50,
    });

    expect(wayOf(scenario)).toEqual({ a: 'succeeded @0 #1', w: 'cancelled @50', execution: 'cancelled @50' });
  });
});

describe('reference: a wait for an event', () => {
  const ping = (at: number, data: { readonly [key: string]: string | number } = {}) => ({ at, type: 'ping', data });

  it('ends with the first event that matches, also one that came before it', () => {
    const scenario = aScenario({
      tasks: [aTask('a'), wait({ event: 'ping', match: { n: [2, 3] }, timeout: 60 }, { depends_on: ['a'] })],
      script: { a: [succeeds(100)] },
      events: [ping(10, { n: 1 }), ping(20, { n: 3 }), ping(30, { n: 2 })],
    });

    expect(wayOf(scenario)).toMatchObject({ w: 'succeeded @100' });
    expect(follow(scenario).output).toEqual({
      w: { id: 'event-2', type: 'ping', source: 'outside', time: '2026-11-21T00:00:00.020Z', data: { n: 3 } },
    });
  });

  it('matches nested members, and a single value as a list of one', () => {
    const match = { kind: 'a', deep: { x: [1] } };
    const events = [
      { at: 10, type: 'pong', data: { kind: 'a', deep: { x: 1 } } },
      { at: 20, type: 'ping', data: { kind: 'b', deep: { x: 1 } } },
      { at: 30, type: 'ping', data: { kind: 'a', deep: { x: 2 } } },
      { at: 40, type: 'ping', data: 'a' },
      { at: 50, type: 'ping', data: { kind: 'a', deep: { x: 1 }, more: true } },
    ];

    expect(wayOf(aScenario({ tasks: [wait({ event: 'ping', match, timeout: 60 })], events }))).toMatchObject({
      w: 'succeeded @50',
    });
  });

  it('fails when nothing that matches comes in time', () => {
    const scenario = aScenario({ tasks: [wait({ event: 'ping', timeout: 1 })], events: [ping(1_001)] });

    expect(wayOf(scenario)).toEqual({ w: 'failed(WaitTimeout) @1000', execution: 'failed @1000' });
  });

  it('hears what tasks of its own workflow emit, each of them once', () => {
    const emit: TaskDocument = {
      id: 'e',
      emit: { event: 'ping', data: { from: '${ tasks.a.output }' } },
      depends_on: ['a'],
    };
    const scenario = aScenario({
      tasks: [wait({ event: 'ping' }), aTask('a'), emit],
      script: { a: [succeeds(10, 'A')] },
      output: { heard: '${ tasks.w.output }', said: '${ tasks.e.output }' },
    });

    const event = { id: 'exec/e', type: 'ping', source: 'exec', time: '2026-11-21T00:00:00.010Z', data: { from: 'A' } };
    expect(wayOf(scenario)).toMatchObject({ e: 'succeeded @10', w: 'succeeded @10' });
    expect(follow(scenario).output).toEqual({ heard: event, said: event });
  });
});

describe('reference: a child workflow', () => {
  const sub = (more: Partial<TaskDocument> = {}): TaskDocument => ({
    id: 's',
    workflow: { name: 'sub', input: '${ input }' },
    ...more,
  });
  const child = aWorkflow('sub', [aTask('c', { input: { n: '${ input.n }' } })]);

  it('gives its output, and its tasks stand behind its own', () => {
    const scenario = aScenario({
      children: [child],
      tasks: [sub()],
      input: { n: 1 },
      script: { 's>c': [succeeds(10, 'C')] },
    });

    expect(wayOf(scenario)).toEqual({ 's>c': 'succeeded @10 #1', s: 'succeeded @10', execution: 'succeeded @10' });
    expect(follow(scenario).output).toEqual({ s: { c: 'C' } });
    expect(follow(scenario).children['s']).toMatchObject({ status: 'succeeded', endedAt: 10 });
  });

  it('fails as ChildFailed, is refused for its input, and held to what was asked of its output', () => {
    const strict = aWorkflow('sub', [aTask('c')], { input: { type: 'object', required: ['n'] } });
    const given = { children: [child], input: { n: 1 } };

    expect(wayOf(aScenario({ ...given, tasks: [sub()], script: { 's>c': [fails(5)] } }))).toMatchObject({
      's>c': 'failed(Broken) @5 #1',
      s: 'failed(ChildFailed) @5',
    });
    expect(wayOf(aScenario({ children: [strict], tasks: [sub()] }))).toEqual({
      s: 'failed(InvalidInput) @0',
      execution: 'failed @0',
    });
    expect(wayOf(aScenario({ ...given, tasks: [sub({ output: { required: ['d'] } })] }))).toMatchObject({
      s: 'failed(InvalidOutput) @0',
    });
  });

  it('has no more time than its task grants', () => {
    const scenario = aScenario({
      children: [child],
      tasks: [sub({ timeout: 2 })],
      input: { n: 1 },
      script: { 's>c': [silent] },
    });

    // Two seconds, and the child's own grace of thirty.
    expect(follow(scenario).children['s']).toMatchObject({ status: 'timed_out', endedAt: 32_000 });
    expect(wayOf(scenario)).toMatchObject({ s: 'failed(ChildFailed) @32000' });
  });

  it('is stopped with its parent, which waits for it beyond its own grace; a parent that drains lets it finish', () => {
    const tasks = [sub(), aTask('bad')];
    const script = { 's>c': [silent], bad: [fails(10)] };
    const given = { children: [child], tasks, input: { n: 1 } };
    const fast = aScenario({ ...given, script, fault_tolerance: { grace: 1 } });
    const drain = aScenario({
      ...given,
      script: { ...script, 's>c': [succeeds(5_000)] },
      fault_tolerance: { on_failure: 'drain' },
    });

    expect(follow(fast).children['s']).toMatchObject({ status: 'cancelled', endedAt: 30_010 });
    expect(wayOf(fast)).toMatchObject({
      's>c': 'unknown @30010 #1',
      s: 'cancelled @30010',
      execution: 'failed @30010',
    });
    expect(wayOf(drain)).toMatchObject({ s: 'succeeded @5000', execution: 'failed @5000' });
  });

  it('may be one of many', () => {
    const scenario = aScenario({
      ...goesOn,
      children: [child],
      input: { n: 1 },
      tasks: [
        sub({ for_each: { items: [1, 2], max_concurrency: 1 }, workflow: { name: 'sub', input: { n: '${ item }' } } }),
      ],
      script: { 's[0]>c': [succeeds(10)], 's[1]>c': [fails(5)] },
    });

    expect(wayOf(scenario)).toMatchObject({
      's[0]': 'succeeded @10',
      's[1]>c': 'failed(Broken) @15 #1',
      's[1]': 'failed(ChildFailed) @15',
      s: 'failed(ChildFailed) @15',
    });
  });
});
