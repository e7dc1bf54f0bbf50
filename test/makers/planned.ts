import { planGraph, type Block, type Plan, type TaskGraph } from '../../core/plan/index.ts';
import { smallPlan, type SmallTask } from './small-plan.ts';

/** The plan of a bare graph; tasks are called by `name`. A task in `fanOuts` has that many items. */
export function plannedGraph(
  graph: TaskGraph,
  {
    name = (task) => `t${task}`,
    fanOuts = {},
  }: { name?: (task: number) => string; fanOuts?: Record<number, number> } = {},
): Plan {
  const { order, skeleton, gates } = planGraph(graph);
  const tasks = order.map((task): [string, SmallTask] => {
    const fanOut = fanOuts[task];
    return [name(task), fanOut === undefined ? {} : { fanOut }];
  });
  const named = (block: Block<number>): Block =>
    block.kind === 'task'
      ? { kind: 'task', task: name(block.task) }
      : { kind: block.kind, blocks: block.blocks.map(named) };
  return {
    ...smallPlan(Object.fromEntries(tasks)),
    skeleton: named(skeleton),
    gates: gates.map(([from, to]) => ({ from: name(from), to: name(to) })),
  };
}
