import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideJoin, type TaskStatus } from '../../../core/execution/index.ts';
import { certainEdges } from '../../../core/forecast/certain-order.ts';
import type { Dependency, Join, PlannedTask } from '../../../core/plan/index.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';
import { ancestorsIn } from '../../makers/task-graph.ts';

const edgesOf = (tasks: SmallTasks): string[] => {
  const ids = Object.keys(tasks);
  return certainEdges(smallPlan(tasks).tasks).map(([from, to]) => `${ids[from]} before ${ids[to]}`);
};

const done = (task: string): Dependency => ({ task, on: 'done' });

describe('certainEdges', () => {
  it.each<[string, SmallTasks, string[]]>([
    ['a success is certain', { a: {}, b: { after: ['a'] } }, ['a before b']],
    ['whoever waits for all waits for each', { a: {}, b: {}, c: { after: ['a', 'b'] } }, ['a before c', 'b before c']],
    ['a quorum is certain of none', { a: {}, b: {}, c: { after: ['a', 'b'], join: { quorum: 1 } } }, []],
    [
      'a quorum of all is certain',
      { a: {}, b: {}, c: { after: ['a', 'b'], join: { quorum: 2 } } },
      ['a before c', 'b before c'],
    ],
    ['any of one is that one', { a: {}, b: { after: ['a'], join: 'any_success' } }, ['a before b']],
    [
      'a task may be done before all that it depends on: it fails for the first failure',
      { a: {}, b: {}, c: { after: ['a', 'b'] }, d: { after: [done('c')], join: 'all_done' } },
      ['a before c', 'b before c'],
    ],
    [
      'a task that no failure below it lets run may be done before all of them just as well',
      { a: {}, b: {}, c: { after: ['a', 'b'], join: 'none_failed' }, d: { after: [done('c')], join: 'all_done' } },
      ['a before c', 'b before c'],
    ],
    [
      'but it has run when somebody runs on its success',
      { a: {}, b: {}, c: { after: ['a', 'b'] }, d: { after: ['c'] }, e: { after: ['d'] } },
      ['a before c', 'b before c', 'c before d', 'd before e'],
    ],
    [
      'unless that one runs whatever became of it',
      { a: {}, b: {}, c: { after: ['a', 'b'] }, d: { after: ['c'], join: 'all_done' } },
      ['a before c', 'b before c'],
    ],
    ['any of several is certain of none', { a: {}, b: {}, c: { after: ['a', 'b'], join: 'any_success' } }, []],
    [
      'with one dependency it cannot',
      { a: {}, c: { after: ['a'] }, d: { after: [done('c')], join: 'all_done' } },
      ['a before c', 'c before d'],
    ],
    [
      'what waits for everything whatever became of it is done last',
      { a: {}, b: {}, c: { after: ['a', 'b'], join: 'all_done' }, d: { after: [done('c')] } },
      ['a before c', 'b before c', 'c before d'],
    ],
    [
      'a handler runs beside what else the failed task would have waited for',
      { a: {}, b: {}, c: { after: ['a', 'b'] }, d: { after: [{ task: 'c', on: 'failure' }] } },
      ['a before c', 'b before c'],
    ],
  ])('%s', (_case, tasks, edges) => {
    expect(edgesOf(tasks)).toEqual(edges);
  });

  it('never claims what some execution contradicts', () => {
    fc.assert(
      fc.property(randomTasks, fc.infiniteStream(fc.nat()), (tasks, choices) => {
        const edges = certainEdges(tasks);
        const before = ancestorsIn({ count: tasks.length, edges });

        const claimed = runAtRandom(tasks, choices).filter(([running, unsettled]) => before[running]!.has(unsettled));

        expect(claimed).toEqual([]);
      }),
      { numRuns: 5_000 },
    );
  });
});

const joins: Join[] = ['all_success', 'all_success', 'all_done', 'none_failed', 'any_success', { quorum: 2 }];

/** Up to seven tasks, each with up to three of the earlier ones before it. */
const randomTasks: fc.Arbitrary<PlannedTask[]> = fc
  .array(
    fc.record({
      join: fc.constantFrom(...joins),
      back: fc.array(fc.nat(6), { maxLength: 3 }),
      on: fc.constantFrom<Dependency['on'][]>('success', 'success', 'success', 'done', 'failure', 'skipped'),
    }),
    { minLength: 3, maxLength: 7 },
  )
  .map((genes) => {
    const tasks = genes.map(({ join, back, on }, index) => {
      const after = [...new Set(index === 0 ? [] : back.map((it) => it % index))].map((it) => ({ task: `t${it}`, on }));
      const possible = typeof join === 'object' && after.length < join.quorum ? 'all_success' : join;
      return [`t${index}`, { after, join: possible }] as const;
    });
    return [...smallPlan(Object.fromEntries(tasks)).tasks];
  });

/** Plays an execution in which anything may fail and end at any time; every pair of a task that ran and one not settled by then. */
function runAtRandom(tasks: readonly PlannedTask[], choices: Iterator<number>): [running: number, unsettled: number][] {
  const statuses = new Map<string, TaskStatus>(tasks.map(({ id }) => [id, 'pending']));
  const pairs: [number, number][] = [];
  const draw = (most: number): number => Number(choices.next().value) % most;
  for (;;) {
    const moves = tasks.flatMap((task, index) => {
      const status = statuses.get(task.id);
      if (status === 'running') return [() => statuses.set(task.id, endings[draw(endings.length)]!)];
      if (status !== 'pending') return [];
      const edges = task.dependsOn.map(({ task: id, on }) => ({ task: id, on, status: statuses.get(id)! }));
      const { kind } = decideJoin(task.join, edges, 'satisfies');
      if (kind === 'wait') return [];
      if (kind !== 'run') return [() => statuses.set(task.id, kind)];
      return [
        () => {
          statuses.set(task.id, 'running');
          tasks.forEach(({ id }, other) => {
            if (['pending', 'running'].includes(statuses.get(id)!)) pairs.push([index, other]);
          });
        },
      ];
    });
    if (moves.length === 0) return pairs;
    moves[draw(moves.length)]!();
  }
}

const endings: TaskStatus[] = ['succeeded', 'succeeded', 'failed', 'skipped'];
