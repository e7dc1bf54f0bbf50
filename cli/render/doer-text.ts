import { assertNever } from '../../core/errors/index.ts';
import { forEachOf } from '../../core/execution/index.ts';
import type { LoopTask, PlannedTask, Wait } from '../../core/plan/index.ts';
import type { TaskView } from '../../core/projections/index.ts';
import { limitText } from './numbers.ts';

/** Who or what does a task, in a word or two: an agent's name, or what the task does without one. */
export function doerText(task: PlannedTask): string {
  switch (task.kind) {
    case 'agent':
      return task.agent;
    case 'workflow':
      return `${task.workflow.name} ${task.workflow.version}`;
    case 'wait':
      return waitText(task.wait);
    case 'emit':
      return `emit ${task.event}`;
    case 'checkpoint':
      return task.approve ? 'approval' : 'checkpoint';
    case 'loop':
    case 'group':
      return task.kind;
    default:
      return assertNever(task, 'A kind of task');
  }
}

function waitText(wait: Wait): string {
  if (wait.kind === 'event') return `wait for ${wait.event}`;
  return wait.kind === 'seconds' ? `wait ${limitText(wait.seconds)}` : 'wait';
}

/** The name of a task with how often it runs: `scan ×3`; of a list or a loop at most: `sweep ×≤500`, `refine ↻ ≤5`. */
export function nameText(task: PlannedTask): string {
  return runningNameText(task, undefined, task.id);
}

/** The same in an execution; a list or a loop that has opened says how far it is: `sweep 37/120`, `refine ↻ 2/5`. */
export function runningNameText(
  task: PlannedTask,
  view: Pick<TaskView, 'round' | 'calls'> | undefined,
  name: string,
): string {
  if (task.kind === 'loop') return `${name} ↻ ${roundText(task, view?.round)}`;
  const forEach = forEachOf(task);
  if (forEach)
    return view?.calls ? `${name} ${view.calls.settled}/${view.calls.count}` : `${name} ×≤${forEach.maxItems}`;
  return task.kind === 'agent' && task.fanOut !== undefined ? `${name} ×${task.fanOut}` : name;
}

function roundText({ maxIterations, until }: LoopTask, round: number | undefined): string {
  if (round !== undefined) return `${round + 1}/${maxIterations}`;
  return until === undefined ? String(maxIterations) : `≤${maxIterations}`;
}
