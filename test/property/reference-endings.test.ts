import { describe, expect, it } from 'vitest';
import { aScenario, aTask, fails, goesOn, silent, succeeds } from '../makers/small-scenario.ts';
import { follow, wayOf } from './follow.ts';

const grace = (seconds: number, onFailure?: string) => ({ fault_tolerance: { grace: seconds, on_failure: onFailure } });

describe('reference: a fan-out', () => {
  const fan = (more = {}) => aTask('f', { agent: 'trio', parallel: true, ...more });

  it('makes an item of each instance, and an array of their outputs in order', () => {
    const scenario = aScenario({
      tasks: [fan({ input: { i: '${ index }' } })],
      script: { 'f[0]': [succeeds(30, 'a')], 'f[1]': [succeeds(10, 'b')], 'f[2]': [succeeds(20, 'c')] },
    });

    expect(wayOf(scenario)).toEqual({
      'f[1]': 'succeeded @10 #1',
      'f[2]': 'succeeded @20 #1',
      'f[0]': 'succeeded @30 #1',
      f: 'succeeded @30',
      execution: 'succeeded @30',
    });
    expect(follow(scenario).output).toEqual({ f: ['a', 'b', 'c'] });
    expect(follow(scenario).calls[1]).toMatchObject({ path: 'f[1]', input: { i: 1 }, index: 1, count: 3 });
  });

  it('that has a failed item fails when the last has settled, with the error of the lowest and all outputs', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [fan(), aTask('after', { depends_on: [{ task: 'f', on: 'failure' }], input: '${ tasks.f.output }' })],
      script: {
        'f[0]': [succeeds(50, 1)],
        'f[1]': [fails(30, { name: 'Slow' })],
        'f[2]': [fails(10, { name: 'Fast' })],
      },
    });

    expect(wayOf(scenario)).toMatchObject({
      f: 'failed(Slow) @50',
      after: 'succeeded @50 #1',
      execution: 'failed @50',
    });
    expect(follow(scenario).calls.at(-1)?.input).toEqual([1, null, null]);
  });

  it('skips its items one by one, and is skipped only when all are', () => {
    const some = aScenario({ tasks: [fan({ when: '${ index == 1 }' })], script: { 'f[1]': [succeeds(10, 'b')] } });
    const none = aScenario({ tasks: [fan({ when: '${ index > 5 }' })] });

    expect(wayOf(some)).toMatchObject({ 'f[0]': 'skipped @0', f: 'succeeded @10' });
    expect(follow(some).output).toEqual({ f: [null, 'b', null] });
    expect(wayOf(none)).toMatchObject({ f: 'skipped @0', execution: 'succeeded @0' });
  });

  it('is upstream_failed with all of its items', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [aTask('a'), fan({ depends_on: ['a'] })],
      script: { a: [fails(10)] },
    });

    expect(wayOf(scenario)).toMatchObject({ 'f[2]': 'upstream_failed @10', f: 'upstream_failed @10' });
  });

  it('stops the execution when its first item fails, not when it settles itself', () => {
    const scenario = aScenario({
      ...grace(1),
      tasks: [fan(), aTask('after', { depends_on: ['f'] })],
      script: { 'f[0]': [succeeds(50)], 'f[1]': [fails(10)], 'f[2]': [silent] },
    });

    expect(wayOf(scenario)).toEqual({
      after: 'cancelled @10',
      'f[0]': 'succeeded @50 #1',
      'f[1]': 'failed(Broken) @10 #1',
      'f[2]': 'unknown @1010 #1',
      f: 'failed(Broken) @1010',
      execution: 'failed @1010',
    });
  });

  it('is unknown, or else cancelled, when a stop met its items', () => {
    const scenario = aScenario({
      ...grace(1),
      concurrency: { max_parallel: 2 },
      tasks: [aTask('a'), fan({ agent: 'trio' }), aTask('g', { agent: 'trio', parallel: true, depends_on: ['a'] })],
      script: { a: [fails(10)], 'f[0]': [silent] },
    });

    expect(wayOf(scenario)).toMatchObject({ f: 'unknown @1010', g: 'cancelled @10' });
  });
});

describe('reference: fail_fast', () => {
  it('starts nothing new, counts answers within the grace period and calls the rest unknown', () => {
    const scenario = aScenario({
      ...grace(2),
      tasks: [aTask('bad'), aTask('quick'), aTask('slow'), aTask('mean'), aTask('next', { depends_on: ['quick'] })],
      script: { bad: [fails(100)], quick: [succeeds(200, 'q')], slow: [succeeds(2_101)], mean: [fails(300)] },
    });

    expect(wayOf(scenario)).toEqual({
      bad: 'failed(Broken) @100 #1',
      next: 'cancelled @100',
      quick: 'succeeded @200 #1',
      mean: 'failed(Broken) @300 #1',
      slow: 'unknown @2100 #1',
      execution: 'failed @2100',
    });
    expect(follow(scenario).output).toBeNull();
  });

  it('cancels the dependents of what failed: nothing is decided any more', () => {
    const scenario = aScenario({
      tasks: [
        aTask('bad'),
        aTask('b', { depends_on: ['bad'] }),
        aTask('repair', { depends_on: [{ task: 'bad', on: 'failure' }] }),
      ],
      script: { bad: [fails(10)] },
    });

    expect(wayOf(scenario)).toMatchObject({ b: 'cancelled @10', repair: 'cancelled @10', execution: 'failed @10' });
  });

  it('retries nothing, and cancels what was waiting for its retry', () => {
    const retrying = { max_attempts: 5, interval: 1, backoff_rate: 1, max_delay: 60, jitter: 'none' } as const;
    const scenario = aScenario({
      tasks: [aTask('bad'), aTask('a', { retry_policy: retrying }), aTask('b', { retry_policy: retrying })],
      script: { bad: [fails(500)], a: [fails(100)], b: [fails(700)] },
    });

    expect(wayOf(scenario)).toMatchObject({
      a: 'cancelled @500 #1',
      b: 'failed(Broken) @700 #1',
      execution: 'failed @700',
    });
  });

  it('tells running agents to stop: who obeys has failed at once', () => {
    const scenario = aScenario({
      tasks: [aTask('bad'), aTask('a')],
      script: { bad: [fails(10)], a: [{ ...silent, obeysStop: true }] },
    });

    expect(wayOf(scenario)).toMatchObject({ a: 'failed(Stopped) @10 #1', execution: 'failed @10' });
  });

  it('lets clocks run on: an attempt that times out within the grace period has failed', () => {
    const scenario = aScenario({
      ...grace(10),
      tasks: [aTask('bad'), aTask('a', { timeout: 2 })],
      script: { bad: [fails(10)], a: [silent] },
    });

    expect(wayOf(scenario)).toMatchObject({ a: 'failed(AttemptTimeout) @2000 #1', execution: 'failed @2000' });
  });
});

describe('reference: drain and continue', () => {
  it('drain lets running agents finish, however long it takes, and starts nothing', () => {
    const scenario = aScenario({
      ...grace(1, 'drain'),
      tasks: [aTask('bad'), aTask('slow'), aTask('never', { timeout: 60 }), aTask('next', { depends_on: ['slow'] })],
      script: { bad: [fails(10)], slow: [{ ...succeeds(5_000), obeysStop: true }], never: [silent] },
    });

    expect(wayOf(scenario)).toEqual({
      bad: 'failed(Broken) @10 #1',
      next: 'cancelled @10',
      slow: 'succeeded @5000 #1',
      never: 'failed(AttemptTimeout) @60000 #1',
      execution: 'failed @60000',
    });
  });

  it('continue runs everything that can still run, with its retries, and the execution fails', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [aTask('bad'), aTask('a'), aTask('b', { depends_on: ['a'] }), aTask('c', { depends_on: ['bad'] })],
      script: { bad: [fails(10)], a: [succeeds(20)], b: [succeeds(20)] },
    });

    expect(wayOf(scenario)).toMatchObject({ b: 'succeeded @40 #1', c: 'upstream_failed @10', execution: 'failed @40' });
    expect(follow(scenario).output).toBeNull();
  });

  it('a failure that is allowed to happen stops nothing, and the execution succeeds', () => {
    const scenario = aScenario({
      tasks: [aTask('bad', { continue_on_failure: true }), aTask('b', { depends_on: ['bad'] }), aTask('a')],
      script: { bad: [fails(10)], a: [succeeds(20, 'done')] },
    });

    expect(wayOf(scenario)).toMatchObject({
      b: 'upstream_failed @10',
      a: 'succeeded @20 #1',
      execution: 'succeeded @20',
    });
    expect(follow(scenario).output).toEqual({ b: null, a: 'done' });
  });
});

describe('reference: the end', () => {
  it('renders the output tree, and fails when it cannot be rendered', () => {
    const tasks = [aTask('a')];
    const script = { a: [succeeds(10, { n: 7 })] };
    const good = aScenario({ tasks, script, output: { n: '${ tasks.a.output.n }', text: 'a ${ tasks.a.status }' } });
    const bad = aScenario({ tasks, script, output: { n: '${ tasks.a.output.m }' } });

    expect(follow(good)).toMatchObject({ status: 'succeeded', output: { n: 7, text: 'a succeeded' } });
    expect(follow(bad)).toMatchObject({ status: 'failed', output: null });
  });

  it('a cancel command takes the road of fail_fast, whatever was said about failures', () => {
    const scenario = aScenario({
      ...grace(1, 'continue'),
      cancelAt: 100,
      tasks: [aTask('a'), aTask('b', { depends_on: ['a'] }), aTask('c')],
      script: { a: [succeeds(150)], c: [silent] },
    });

    expect(wayOf(scenario)).toEqual({
      b: 'cancelled @100',
      a: 'succeeded @150 #1',
      c: 'unknown @1100 #1',
      execution: 'cancelled @1100',
    });
  });

  it('an execution that runs out of time is timed_out, even if a task had failed before', () => {
    const scenario = aScenario({
      ...grace(1, 'continue'),
      timeout: 3,
      tasks: [
        aTask('bad', { timeout: 3 }),
        aTask('first', { timeout: 3 }),
        aTask('a', { depends_on: ['first'], timeout: 3 }),
      ],
      script: { bad: [fails(10)], first: [succeeds(1_000)], a: [succeeds(2_500)] },
    });

    expect(wayOf(scenario)).toMatchObject({ a: 'succeeded @3500 #1', execution: 'timed_out @3500' });
  });

  it('a command after the end changes nothing', () => {
    const scenario = aScenario({ cancelAt: 20, tasks: [aTask('a')], script: { a: [succeeds(10)] } });

    expect(wayOf(scenario)).toEqual({ a: 'succeeded @10 #1', execution: 'succeeded @10' });
  });
});

describe('reference: max_parallel', () => {
  it('keeps the others waiting until a place is free', () => {
    const scenario = aScenario({
      concurrency: { max_parallel: 2 },
      tasks: [aTask('a'), aTask('b'), aTask('c')],
      script: { a: [succeeds(30)], b: [succeeds(20)], c: [succeeds(5)] },
    });

    expect(wayOf(scenario)).toMatchObject({ c: 'succeeded @25 #1', execution: 'succeeded @30' });
  });

  it('gives the place of an attempt that waits for its retry to others', () => {
    const policy = { max_attempts: 2, interval: 1, backoff_rate: 1, max_delay: 60, jitter: 'none' } as const;
    const scenario = aScenario({
      concurrency: { max_parallel: 1 },
      tasks: [aTask('a', { retry_policy: policy }), aTask('b')],
      script: { a: [fails(100), succeeds(10)], b: [succeeds(2_000)] },
    });

    expect(wayOf(scenario)).toEqual({ b: 'succeeded @2100 #1', a: 'succeeded @2110 #2', execution: 'succeeded @2110' });
  });

  it('does not hold back what needs no agent', () => {
    const scenario = aScenario({
      concurrency: { max_parallel: 1 },
      input: { go: false },
      tasks: [aTask('a'), aTask('b', { when: '${ input.go }' })],
      script: { a: [succeeds(100)] },
    });

    expect(wayOf(scenario)).toMatchObject({ b: 'skipped @0' });
  });
});
