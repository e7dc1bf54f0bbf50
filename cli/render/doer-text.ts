import { assertNever } from '../../core/errors/index.ts';
import type { PlannedTask, Wait } from '../../core/plan/index.ts';
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

/** The name of a task with how often it runs: `scan ×3`, at most for a list or a loop: `scan ≤500`, `refine ≤5`. */
export function nameText(task: PlannedTask): string {
  if (task.kind === 'loop') return `${task.id} ≤${task.maxIterations}`;
  if (task.kind !== 'agent' && task.kind !== 'workflow') return task.id;
  if (task.forEach) return `${task.id} ≤${task.forEach.maxItems}`;
  return task.kind === 'agent' && task.fanOut !== undefined ? `${task.id} ×${task.fanOut}` : task.id;
}
