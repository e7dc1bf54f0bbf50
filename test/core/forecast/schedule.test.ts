import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownDurations, unitDurations } from '../../../core/forecast/durations.ts';
import { schedule, type Schedule, type ScheduleOptions } from '../../../core/forecast/schedule.ts';
import type { Plan, TaskGraph } from '../../../core/plan/index.ts';
import { smallPlan, type PlanSettings, type SmallTasks } from '../../makers/small-plan.ts';
import { randomGraph } from '../../makers/task-graph.ts';

const seconds = (known: Record<string, number>) => knownDurations(new Map(Object.entries(known)));

function play(plan: Plan, options: Partial<ScheduleOptions> = {}): Schedule {
  return schedule(plan, { which: 'worst', durations: unitDurations, hasLimits: true, ...options });
}

const playTasks = (tasks: SmallTasks, settings: PlanSettings = {}, options: Partial<ScheduleOptions> = {}): Schedule =>
  play(smallPlan(tasks, settings), options);

function tasksOfGraph({ count, edges }: TaskGraph): SmallTasks {
  const after = (task: number): string[] => edges.flatMap(([from, to]) => (to === task ? [`t${from}`] : []));
  const ids = Array.from({ length: count }, (_, task) => [`t${task}`, { after: [...new Set(after(task))] }] as const);
  return Object.fromEntries(ids);
}

const tasksOf = ({ path }: Schedule): string[] => path.map(({ task }) => task);

describe('schedule', () => {
  it('takes the longest path, and names its tasks with their times', () => {
    const tasks = { a: {}, b: { after: ['a'] }, c: { after: ['a'] }, d: { after: ['b', 'c'] } };

    const { length, path } = playTasks(tasks, {}, { durations: seconds({ a: 1, b: 5, c: 2, d: 3 }) });

    expect(length).toBe(9);
    expect(path).toEqual([
      { task: 'a', from: 0, to: 1 },
      { task: 'b', from: 1, to: 6 },
      { task: 'd', from: 6, to: 9 },
    ]);
  });

  it('names the longest of several paths that end at once, then the first', () => {
    const tasks = {
      a: {},
      b: {},
      c: { after: ['a'] },
      d: { after: ['b'] },
      e: { after: ['c', 'd'] },
      f: { after: ['e'] },
    };

    expect(tasksOf(playTasks(tasks))).toEqual(['a', 'c', 'e', 'f']);
    expect(tasksOf(playTasks(tasks, {}, { durations: seconds({ a: 1, b: 1, d: 1 }) }))).toEqual(['b', 'd', 'e', 'f']);
  });

  it('makes tasks wait for max_parallel, first come first served, and says so on the path', () => {
    const { length, path } = playTasks({ a: {}, b: {}, c: {} }, { maxParallel: 2 });

    expect(length).toBe(2);
    expect(path).toEqual([
      { task: 'a', from: 0, to: 1 },
      { task: 'c', from: 1, to: 2, waitedFor: 'max_parallel' },
    ]);
  });

  it("makes tasks wait for their agent's pool and for their group's limit", () => {
    const own = (agent: string) =>
      ({ name: `review.${agent}`, capacity: 1, instances: 1, strategy: 'least_loaded' }) as const;
    const one = { type: 't', count: 1, maxConcurrentTasks: 1, capabilities: [] };
    const three = { g1: { agent: 'x' }, g2: { agent: 'x' }, g3: { agent: 'y' } };

    const ofAgent = playTasks(three, { agents: { x: { ...one, pool: own('x') }, y: { ...one, pool: own('y') } } });
    const ofGroup = playTasks({ g: { group: { maxParallel: 1, tasks: three } } });

    expect(ofAgent.length).toBe(2);
    expect(ofAgent.path.at(-1)).toMatchObject({ waitedFor: 'agent x' });
    expect(ofGroup.length).toBe(3);
    expect(ofGroup.path.at(-1)).toMatchObject({ waitedFor: 'max_parallel of g' });
  });

  it('knows no limits where it shall not', () => {
    expect(playTasks({ a: {}, b: {}, c: {} }, { maxParallel: 1 }, { hasLimits: false }).length).toBe(1);
  });

  it('lets a waiting task take a place as soon as one is free, whoever else still works', () => {
    const tasks = { long: {}, short: {}, next: {}, last: { after: ['next'] } };

    const { length } = playTasks(
      tasks,
      { maxParallel: 2 },
      { durations: seconds({ long: 10, short: 1, next: 2, last: 3 }) },
    );

    expect(length).toBe(10);
  });

  it('starts a quorum with its first successes', () => {
    const tasks = { a: {}, b: {}, c: {}, d: { after: ['a', 'b', 'c'], join: { quorum: 2 } } };

    const played = playTasks(tasks, {}, { durations: seconds({ a: 1, b: 2, c: 3, d: 10 }) });

    expect(played.length).toBe(12);
    expect(tasksOf(played)).toEqual(['b', 'd']);
  });

  it('skips what runs on failure only, and what that skips', () => {
    const tasks = { a: {}, handler: { after: [{ task: 'a', on: 'failure' }] }, b: { after: ['handler'] } } as const;

    expect(playTasks(tasks).length).toBe(2);
    expect(playTasks(tasks, { onSkip: 'propagates' }).length).toBe(1);
  });

  it('repeats a loop as often as it may, or once where it may leave', () => {
    const body = { r: {}, s: { after: ['r'] } };
    const withUntil = { l: { loop: { maxIterations: 5, until: 'true', tasks: body } }, z: { after: ['l'] } };
    const without = { l: { loop: { maxIterations: 5, tasks: body } } };

    expect(playTasks(withUntil).length).toBe(11);
    expect(playTasks(withUntil, {}, { which: 'best' }).length).toBe(3);
    expect(playTasks(without, {}, { which: 'best' }).length).toBe(10);
    expect(tasksOf(playTasks(withUntil))).toEqual(['r', 's', 'z']);
  });

  it('plays the calls of a for_each in turns', () => {
    const unknown = { a: { forEach: { maxItems: 100, maxConcurrency: 8, batch: 5 } } };
    const known = { a: { forEach: { items: [1, 2, 3], maxItems: 3, maxConcurrency: 2 } } };

    expect(playTasks(unknown).length).toBe(3);
    expect(playTasks(unknown, {}, { which: 'best' }).length).toBe(0);
    expect(playTasks(known, {}, { which: 'best' }).length).toBe(2);
  });

  it('follows the calls of one task that wait for each other', () => {
    const { length, path } = playTasks({ a: { fanOut: 3 } }, { maxParallel: 1 });

    expect(length).toBe(3);
    expect(path.map(({ from }) => from)).toEqual([0, 1, 2]);
  });

  it('counts waits, and no time for what nobody knows', () => {
    const tasks = {
      a: { wait: { kind: 'seconds', seconds: 60 } },
      b: { wait: { kind: 'event', event: 'e' }, after: ['a'] },
      c: { emit: 'done', after: ['b'] },
    } as const;

    expect(playTasks(tasks, {}, { durations: seconds({}) }).length).toBe(60);
    expect(playTasks(tasks).length).toBe(2);
  });

  it('starts the first success among several, and does so once', () => {
    const tasks = { a: {}, b: {}, c: { after: ['a', 'b'], join: 'any_success' }, d: { after: ['c'] } } as const;

    const { length, path } = playTasks(tasks, {}, { durations: seconds({ a: 5, b: 2, c: 1, d: 9 }) });

    expect(length).toBe(12);
    expect(path).toEqual([
      { task: 'b', from: 0, to: 2 },
      { task: 'c', from: 2, to: 3 },
      { task: 'd', from: 3, to: 12 },
    ]);
  });

  it('lets a quorum wait on where one of its tasks was skipped', () => {
    const tasks = {
      a: {},
      h: { after: [{ task: 'a', on: 'failure' }] },
      b: {},
      d: { after: ['a', 'h', 'b'], join: { quorum: 2 } },
    } as const;

    expect(playTasks(tasks, { onSkip: 'propagates' }, { durations: seconds({ a: 1, b: 5, d: 1 }) }).length).toBe(6);
  });

  it('names no task that had not settled when another one started', () => {
    const tasks = {
      b: {},
      none: { forEach: { items: [] } },
      c: { after: ['b', 'none'], join: 'any_success' },
    } as const;

    expect(playTasks(tasks, {}, { durations: seconds({ b: 1, c: 9 }) }).path).toEqual([{ task: 'c', from: 0, to: 9 }]);
  });

  it('skips a container of which everything is skipped, and runs it if anything runs', () => {
    const onFailure = [{ task: 'a', on: 'failure' }] as const;
    const handler = { after: [{ task: 'r', on: 'failure' }] } as const;
    const after = { after: ['g'] };

    const skipped = { a: {}, g: { after: onFailure, group: { tasks: { h: {} } } }, z: after };
    const partly = { a: {}, g: { after: ['a'], group: { tasks: { r: {}, h: handler } } }, z: after };

    expect(playTasks(skipped, { onSkip: 'propagates' }).length).toBe(1);
    expect(tasksOf(playTasks(partly, { onSkip: 'propagates' }))).toEqual(['a', 'r', 'z']);
  });

  it('multiplies the iterations of loops in loops', () => {
    const inner = {
      m: { loop: { maxIterations: 3, tasks: { a: {}, g: { group: { tasks: { b: {} } }, after: ['a'] } } } },
    };

    expect(playTasks({ l: { loop: { maxIterations: 4, tasks: inner } } }).length).toBe(4 * 3 * 2);
  });

  it('takes no time for a list without items, and goes on through it', () => {
    const none = { forEach: { maxItems: 9 }, after: ['a'] };
    const { length, path } = playTasks({ a: {}, none, z: { after: ['none'] } }, {}, { which: 'best' });

    expect(length).toBe(2);
    expect(path.map(({ task }) => task)).toEqual(['a', 'z']);
  });

  it('has nothing to tell of no tasks', () => {
    expect(playTasks({})).toEqual({ length: 0, path: [] });
  });

  it('goes through groups on its path', () => {
    const tasks = { a: {}, g: { after: ['a'], group: { tasks: { b: {}, c: { after: ['b'] } } } }, d: { after: ['g'] } };

    expect(tasksOf(playTasks(tasks))).toEqual(['a', 'b', 'c', 'd']);
  });

  it('bears a chain of 10,000 tasks that take no time', () => {
    const chain = { count: 10_000, edges: Array.from({ length: 9_999 }, (_, n): [number, number] => [n, n + 1]) };
    const ids = Object.fromEntries(
      Array.from({ length: chain.count }, (_, n) => [`t${n}`, n === 0 ? {} : { after: [`t${n - 1}`] }]),
    );

    expect(playTasks(ids, {}, { durations: seconds({}) }).length).toBe(0);
  });

  it('of any graph is at least its critical path and its work by its places, and their sum at most', () => {
    fc.assert(
      fc.property(randomGraph(30), fc.integer({ min: 1, max: 6 }), (graph, maxParallel) => {
        const limited = smallPlan(tasksOfGraph(graph), { maxParallel });
        const critical = play(limited, { hasLimits: false }).length;
        const work = graph.count / maxParallel;

        const { length } = play(limited);

        expect(length).toBeGreaterThanOrEqual(Math.max(critical, work));
        expect(length).toBeLessThanOrEqual(critical + work);
      }),
      { numRuns: 300 },
    );
  });
});
