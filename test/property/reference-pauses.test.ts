import { describe, expect, it } from 'vitest';
import { aScenario, aTask, aWorkflow, fails, silent, succeeds } from '../makers/small-scenario.ts';
import { follow, wayOf } from './follow.ts';

const pauses = (at: number, until: number) => ({ pauses: [{ at, until }] });
const steady = { max_attempts: 2, interval: 1, backoff_rate: 1, max_delay: 1, jitter: 'none' } as const;

describe('reference: a pause', () => {
  it('keeps back what would begin, and lets what runs go on', () => {
    const scenario = aScenario({
      ...pauses(5, 100),
      tasks: [aTask('a'), aTask('b', { depends_on: ['a'] })],
      script: { a: [succeeds(10)], b: [succeeds(3)] },
    });

    expect(wayOf(scenario)).toEqual({ a: 'succeeded @10 #1', b: 'succeeded @103 #1', execution: 'succeeded @103' });
  });

  it('keeps a retry back, and a wait whose time comes meanwhile', () => {
    const scenario = aScenario({
      ...pauses(5, 3_000),
      tasks: [aTask('a', { retry_policy: steady }), { id: 'w', wait: { seconds: 2 } }],
      script: { a: [fails(10), succeeds(1)] },
    });

    expect(wayOf(scenario)).toMatchObject({ a: 'succeeded @3001 #2', w: 'succeeded @3000' });
  });

  it('hears an event that came in it, although the wait had no time left', () => {
    const tasks = [{ id: 'w', wait: { event: 'said', timeout: 1 } }];
    const said = (at: number) => [{ at, type: 'said', data: {} }];

    const heard = aScenario({ ...pauses(5, 3_000), tasks, events: said(2_000) });
    const missed = aScenario({ ...pauses(5, 3_000), tasks, events: said(4_000) });

    expect(wayOf(heard)).toMatchObject({ w: 'succeeded @3000' });
    expect(wayOf(missed)).toMatchObject({ w: 'failed(WaitTimeout) @3000' });
  });

  it('does not count for the timeout of the execution', () => {
    const scenario = aScenario({
      ...pauses(500, 9_000),
      timeout: 1,
      tasks: [aTask('a'), aTask('b', { depends_on: ['a'] })],
      script: { a: [succeeds(600)], b: [silent] },
      fault_tolerance: { grace: 0 },
    });

    expect(wayOf(scenario)).toMatchObject({ execution: 'timed_out @9500' });
  });

  it('counts for the timeout of an attempt that runs on', () => {
    const scenario = aScenario({ ...pauses(5, 9_000), tasks: [aTask('a', { timeout: 2 })], script: { a: [silent] } });

    expect(wayOf(scenario)).toMatchObject({ a: 'failed(AttemptTimeout) @2000 #1' });
  });

  it('keeps back the end of the execution', () => {
    const scenario = aScenario({ ...pauses(5, 100), tasks: [aTask('a')], script: { a: [succeeds(10)] } });

    expect(wayOf(scenario)).toEqual({ a: 'succeeded @10 #1', execution: 'succeeded @100' });
  });

  it('ends with a failure or a cancel that stops the execution', () => {
    const tasks = [aTask('a'), aTask('b')];
    const script = { a: [fails(10)], b: [succeeds(60)] };

    const failed = aScenario({ ...pauses(5, 900), tasks, script, fault_tolerance: { on_failure: 'drain' } });
    const cancelled = aScenario({ ...pauses(5, 900), tasks, script: { ...script, a: [silent] }, cancelAt: 20 });

    expect(wayOf(failed)).toMatchObject({ b: 'succeeded @60 #1', execution: 'failed @60' });
    expect(wayOf(cancelled)).toMatchObject({ execution: expect.stringContaining('cancelled') as string });
  });

  it('is shared by children, and ended for them by a stop that lets them finish', () => {
    const child = aWorkflow('deep', [aTask('x'), aTask('y', { depends_on: ['x'] })]);
    const parent = { children: [child], tasks: [aTask('a'), { id: 'c', workflow: { name: 'deep' } }] };
    const script = { a: [succeeds(20)], 'c>x': [succeeds(10)], 'c>y': [succeeds(1)] };

    const paused = aScenario({ ...pauses(5, 100), ...parent, script });
    const drained = aScenario({
      ...pauses(5, 100),
      ...parent,
      script: { ...script, a: [fails(20)] },
      fault_tolerance: { on_failure: 'drain' },
    });

    expect(wayOf(paused)).toMatchObject({ 'c>x': 'succeeded @10 #1', 'c>y': 'succeeded @101 #1' });
    expect(wayOf(drained)).toMatchObject({ 'c>y': 'succeeded @21 #1', execution: 'failed @21' });
  });

  it('is none before the one that lasts is over', () => {
    const scenario = aScenario({
      pauses: [
        { at: 5, until: 100 },
        { at: 102, until: 200 },
      ],
      tasks: [aTask('a'), aTask('b', { depends_on: ['a'] }), aTask('c', { depends_on: ['b'] })],
      script: { a: [succeeds(10)], b: [succeeds(10)], c: [succeeds(10)] },
    });

    expect(follow(scenario).calls.map(({ path, at }) => `${path} @${at}`)).toEqual(['a @0', 'b @100', 'c @200']);
  });
});
