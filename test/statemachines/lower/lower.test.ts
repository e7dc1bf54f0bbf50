import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvariantError } from '../../../core/errors/index.ts';
import { itemPathsOf } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { Plan } from '../../../core/plan/index.ts';
import { lower, structuralFaults, type Branch, type Machine, type TaskState } from '../../../statemachines/index.ts';
import { aslErrors } from '../../makers/asl-validator.ts';
import { parallel, series, task } from '../../makers/block.ts';
import { plannedGraph } from '../../makers/planned.ts';
import { smallPlan, type SmallTask } from '../../makers/small-plan.ts';
import { layeredGraph, randomGraph } from '../../makers/task-graph.ts';

const planOf = (tasks: Record<string, SmallTask>, skeleton: Plan['skeleton']): Plan => ({
  ...smallPlan(tasks),
  skeleton,
});

/** Every Task state with its name, wherever it is. */
function taskStates({ States }: Branch): [string, TaskState][] {
  return Object.entries(States).flatMap(([name, state]): [string, TaskState][] => {
    if (state.Type === 'Parallel') return state.Branches.flatMap(taskStates);
    return state.Type === 'Task' ? [[name, state]] : [];
  });
}

const dispatched = (machine: Machine): unknown[] =>
  taskStates(machine)
    .map(([, state]) => (state.Arguments?.['Payload'] as { readonly task?: string }).task)
    .filter((path) => path !== undefined);

/** The one branch of `work`. */
function workOf(machine: Machine): Branch {
  const work = machine.States['work'];
  if (work?.Type !== 'Parallel' || work.Branches.length !== 1) throw new Error('work is a Parallel with one branch');
  return work.Branches[0]!;
}

const graphs = randomGraph(60).chain((graph) =>
  fc
    .dictionary(fc.nat(graph.count - 1).map(String), fc.integer({ min: 1, max: 5 }), { maxKeys: 4 })
    .map((fanOuts) => ({ graph, fanOuts: fanOuts })),
);

describe('lower', () => {
  it('leads from begin by way of work and conclude to a verdict', () => {
    const machine = lower(planOf({ a: {} }, task('a')));

    expect(machine).toMatchObject({
      QueryLanguage: 'JSONata',
      StartAt: 'begin',
      States: {
        begin: { Type: 'Task', Output: {}, Next: 'work' },
        work: { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'conclude' }], Output: {}, Next: 'conclude' },
        conclude: { Output: '{% $states.result %}', Next: 'verdict' },
        verdict: { Type: 'Choice', Choices: [{ Next: 'succeeded' }], Default: 'failed' },
        succeeded: { Type: 'Succeed' },
        failed: { Type: 'Fail', Error: '{% $states.input.status %}', Cause: '{% $states.input.cause %}' },
      },
    });
  });

  it('gives every task a timeout, a Retry of the call and a Catch of the failure', () => {
    const [, a] = taskStates(workOf(lower(planOf({ a: {} }, task('a')))))[0]!;

    expect(a).toMatchObject({
      Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
      Arguments: { Payload: { v: 1, task: 'a', token: '{% $states.context.Task.Token %}' } },
      TimeoutSeconds: 31_536_000,
      Retry: [{ MaxAttempts: 8, JitterStrategy: 'FULL' }],
      Catch: [{ ErrorEquals: ['TaskFailed'], Output: {}, Next: 'done a' }],
      End: true,
    });
  });

  it('sends a failed task to what follows it', () => {
    const work = workOf(lower(planOf({ a: {}, b: {} }, series(task('a'), task('b')))));

    expect(work.States['a']).toMatchObject({ Catch: [{ Next: 'b' }], Next: 'b' });
    expect(Object.keys(work.States)).toEqual(['a', 'b', 'done b']);
  });

  it('shows each item of a fan-out as a state of its own', () => {
    const machine = lower(planOf({ research: { fanOut: 3 } }, task('research')));

    expect(workOf(machine).States['research']).toMatchObject({ Type: 'Parallel', Branches: { length: 3 }, Output: {} });
    expect(dispatched(machine)).toEqual(['research[0]', 'research[1]', 'research[2]']);
  });

  it('lets a task keep a name that the frame would have', () => {
    const machine = lower(planOf({ begin: {}, done: {} }, parallel(task('begin'), task('done'))));

    expect(taskStates(workOf(machine)).map(([name]) => name)).toEqual(['begin', 'done']);
    expect(machine.StartAt).toMatch(/^begin-[0-9a-f]{6}$/);
  });

  it('is a machine even when there is nothing to do', () => {
    const machine = lower(planOf({}, series()));

    expect(workOf(machine).States).toEqual({ 'nothing to do': { Type: 'Pass', End: true } });
  });

  it('refuses a skeleton with a task that the plan lacks', () => {
    const plan = planOf({ a: {} }, series(task('a'), task('b')));

    expect(() => lower(plan)).toThrow(InvariantError);
    expect(() => lower(plan)).toThrow(
      expect.objectContaining({
        code: 'unknown_task',
        message: 'The skeleton names task b, which the plan lacks.',
      }),
    );
  });

  it('dispatches every task of any graph exactly once, under names that are unique and short enough', () => {
    fc.assert(
      fc.property(graphs, ({ graph, fanOuts }) => {
        const name = (task: number): string => `${'x'.repeat(task % 63)}-${task}`;
        const plan = plannedGraph(graph, { name, fanOuts });

        const machine = lower(plan);

        const paths = plan.tasks.flatMap((task) => {
          const items = itemPathsOf(taskPath(task.id), task);
          return items.length > 0 ? items : [taskPath(task.id)];
        });
        expect(dispatched(machine).toSorted()).toEqual(paths.toSorted());
        expect(structuralFaults(machine)).toEqual([]);
      }),
    );
  });

  it('gives the same bytes for the same plan', () => {
    fc.assert(
      fc.property(graphs, ({ graph, fanOuts }) => {
        const bytes = (): string => JSON.stringify(lower(plannedGraph(graph, { fanOuts })));

        expect(bytes()).toBe(bytes());
      }),
    );
  });

  it('writes what asl-validator accepts, for a sample of graphs', () => {
    for (const { graph, fanOuts } of fc.sample(graphs, { numRuns: 5, seed: 7 })) {
      expect(aslErrors(lower(plannedGraph(graph, { fanOuts })))).toEqual([]);
    }
    expect(aslErrors(lower(planOf({}, series())))).toEqual([]);
  });

  it('holds 1,000 tasks in layers', () => {
    const machine = lower(plannedGraph(layeredGraph(20, 50, 5)));

    expect(dispatched(machine)).toHaveLength(1000);
    expect(structuralFaults(machine)).toEqual([]);
  });
});
