import { describe, expect, it } from 'vitest';
import {
  callsOf,
  isCalling,
  iterationsOf,
  runsOf,
  type Calls,
  type CallingTask,
} from '../../../core/forecast/calls.ts';
import type { LoopTask } from '../../../core/plan/index.ts';
import { smallPlan, type SmallTask } from '../../makers/small-plan.ts';

const taskOf = (small: SmallTask) => smallPlan({ a: small }).tasks[0]!;

describe('callsOf', () => {
  const known = { maxItems: 7, items: [1, 2, 3, 4, 5, 6, 7], maxConcurrency: 3 };
  const unknown = { maxItems: 7, maxConcurrency: 10 };

  it.each<[string, SmallTask, best: Calls, worst: Calls]>([
    ['an agent', {}, { count: 1, atOnce: 1 }, { count: 1, atOnce: 1 }],
    ['a fan-out', { fanOut: 4 }, { count: 4, atOnce: 4 }, { count: 4, atOnce: 4 }],
    ['a child', { workflow: 'child' }, { count: 1, atOnce: 1 }, { count: 1, atOnce: 1 }],
    ['a known list', { forEach: known }, { count: 7, atOnce: 3 }, { count: 7, atOnce: 3 }],
    ['a list that only the execution knows', { forEach: unknown }, { count: 0, atOnce: 0 }, { count: 7, atOnce: 7 }],
    ['batches', { forEach: { ...known, batch: 3 } }, { count: 3, atOnce: 3 }, { count: 3, atOnce: 3 }],
    [
      'a child for each item',
      { workflow: 'child', forEach: { ...unknown, batch: 2, maxConcurrency: 2 } },
      { count: 0, atOnce: 0 },
      { count: 4, atOnce: 2 },
    ],
  ])('of %s', (_what, small, best, worst) => {
    const task = taskOf(small) as CallingTask;

    expect(isCalling(task)).toBe(true);
    expect(callsOf(task, 'best')).toEqual(best);
    expect(callsOf(task, 'worst')).toEqual(worst);
  });

  it.each<[string, SmallTask]>([
    ['wait', { wait: { kind: 'event', event: 'e' } }],
    ['emit', { emit: 'e' }],
    ['group', { group: { tasks: {} } }],
    ['loop', { loop: { tasks: {} } }],
  ])('has none of a %s', (_what, small) => {
    expect(isCalling(taskOf(small))).toBe(false);
  });
});

describe('iterationsOf', () => {
  it.each([
    [{ maxIterations: 4, until: 'true' }, 1, 4],
    [{ maxIterations: 4 }, 4, 4],
  ])('of %j are %d at best and %d at worst', (loop, best, worst) => {
    const task = taskOf({ loop: { ...loop, tasks: {} } }) as LoopTask;

    expect([iterationsOf(task, 'best'), iterationsOf(task, 'worst')]).toEqual([best, worst]);
  });
});

describe('runsOf', () => {
  it('multiplies the loops around a task', () => {
    const inner = {
      m: { loop: { maxIterations: 3, until: 'true', tasks: { x: {} } } },
      g: { group: { tasks: { y: {} } } },
    };
    const plan = smallPlan({ a: {}, l: { loop: { maxIterations: 4, tasks: inner } } });

    expect([...runsOf(plan, 'worst')]).toEqual([
      ['a', 1],
      ['l', 1],
      ['m', 4],
      ['x', 12],
      ['g', 4],
      ['y', 4],
    ]);
    expect(runsOf(plan, 'best').get('x')).toBe(4);
  });
});
