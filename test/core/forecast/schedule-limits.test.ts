import { describe, expect, it } from 'vitest';
import { knownDurations, unitDurations, type Durations } from '../../../core/forecast/durations.ts';
import { schedule, type Schedule } from '../../../core/forecast/schedule.ts';
import { smallPlan, type PlanSettings, type SmallTasks } from '../../makers/small-plan.ts';

const seconds = (known: Record<string, number>) => knownDurations(new Map(Object.entries(known)));

function playTasks(tasks: SmallTasks, settings: PlanSettings = {}, durations: Durations = unitDurations): Schedule {
  return schedule(smallPlan(tasks, settings), { which: 'worst', durations, hasLimits: true });
}

describe('schedule with limits', () => {
  it('shares one limit among all regions, and adds that of each group around', () => {
    const pair = (name: string) => ({ [`${name}1`]: {}, [`${name}2`]: {} });
    const nested = {
      outer: {
        group: { maxParallel: 2, tasks: { inner: { group: { maxParallel: 1, tasks: pair('i') } }, ...pair('o') } },
      },
      ...pair('x'),
    };

    expect(playTasks(nested, { maxParallel: 1 }).length).toBe(6);
    expect(playTasks(nested, { maxParallel: 3 }).length).toBe(2);
    expect(
      playTasks({ ...nested, l: { loop: { maxIterations: 2, tasks: pair('l') } } }, { maxParallel: 1 }).length,
    ).toBe(10);
    expect(playTasks({ g: { group: { maxParallel: 1, tasks: pair('g') } }, ...pair('x') }).length).toBe(2);
  });

  const doer = { type: 't', count: 2, maxConcurrentTasks: 3, capabilities: [] };
  const pooled = (name: string, capacity: number) =>
    ({ ...doer, pool: { name, capacity, instances: 2, strategy: 'least_loaded' } }) as const;

  it('has as many places of an agent as its pool has slots, and of one without a pool any number', () => {
    const byAgent = (count: number) =>
      playTasks({ a: { agent: 'x', fanOut: count } }, { agents: { x: pooled('review.x', 6) } }).length;

    expect([1, 6, 7, 12, 13].map(byAgent)).toEqual([1, 1, 2, 2, 3]);
    expect(playTasks({ a: { agent: 'x', fanOut: 13 } }, { agents: { x: doer } }).length).toBe(1);
  });

  it('shares a pool among the agents that name it, and says by its name who waited', () => {
    const tasks = { a: { agent: 'x' }, b: { agent: 'y' } };
    const shared = { x: pooled('shared', 1), y: pooled('shared', 1) };
    const own = { x: pooled('review.x', 1), y: pooled('review.y', 1) };

    expect(playTasks(tasks, { agents: shared }).path).toEqual([
      { task: 'a', from: 0, to: 1 },
      { task: 'b', from: 1, to: 2, waitedFor: 'pool shared' },
    ]);
    expect(playTasks(tasks, { agents: own }).length).toBe(1);
    expect(playTasks({ a: { agent: 'x', fanOut: 2 } }, { agents: own }).path.at(-1)?.waitedFor).toBe('agent x');
  });

  it('settles a task when the last of its calls has ended', () => {
    expect(playTasks({ a: { fanOut: 3 }, z: { after: ['a'] } }, { maxParallel: 1 }).length).toBe(4);
  });

  it('plays calls beyond its number of lanes one after the other', () => {
    expect(playTasks({ a: { fanOut: 1_000 } }, {}).length).toBe(1);
    expect(playTasks({ a: { fanOut: 2_001 } }, {}).length).toBe(3);
  });

  it('names on its path whoever held the place that a task had to wait for', () => {
    const tasks = { a: {}, b: { after: ['a'] }, c: {}, d: {} };
    const { path } = playTasks(tasks, { maxParallel: 2 }, seconds({ a: 3, b: 5, c: 5, d: 6 }));

    expect(path).toEqual([
      { task: 'c', from: 0, to: 5 },
      { task: 'b', from: 5, to: 10, waitedFor: 'max_parallel' },
    ]);
  });
});
