import { assertNever } from '../errors/index.ts';
import type { ChildTask, Plan, PlannedTask, Region, RetryPolicy, WaitTask } from '../plan/index.ts';
import { attemptsAtOnce } from './at-once.ts';
import { callsOf, type CallingTask } from './calls.ts';
import { membersOf, planTasks, type PlanTasks } from './plan-tasks.ts';

/** The longest that something can take, seconds; Infinity where a task of the path may wait for ever. */
export interface DurationBound {
  readonly seconds: number;
  /** The tasks that make it, one after the other; a container stands for its own. */
  readonly path: readonly string[];
}

/** A year, in seconds: what Step Functions gives a Standard execution. */
export const LONGEST_EXECUTION = 31_536_000;

/** The longest life of a child workflow, seconds; undefined: the child is not known. */
export type ChildLife = (task: ChildTask) => number | undefined;

/**
 * What the tasks' own clocks allow at the most: every attempt takes its timeout, every retry its longest delay, every loop all its
 * iterations, along the longest path. Where a limit makes tasks wait for each other, everything that the limit counts is added,
 * divided by its places: while a task of the path waits, all places are busy. Not in it: delays that agents ask for
 * (`retry_after`), and the engine's own time.
 */
export function durationBound(plan: Plan, childLife: ChildLife): DurationBound {
  const tasks = planTasks(plan);
  const boundOfTask = (task: PlannedTask): number => {
    switch (task.kind) {
      case 'agent':
        return inTurns(task, attemptsBound(task.retry, task.timeout));
      case 'workflow':
        return inTurns(task, childLife(task) ?? Infinity);
      case 'wait':
        return waitBound(task);
      case 'emit':
        return 0;
      case 'checkpoint':
        return task.approve?.timeout ?? 0;
      case 'loop':
        return task.maxIterations * boundOfRegion(task.region).seconds;
      case 'group':
        return boundOfRegion(task.region, task.maxParallel).seconds;
      default:
        return assertNever(task, 'a kind of task');
    }
  };
  const boundOfRegion = (region: Region, limit?: number): DurationBound => {
    const { seconds, path } = longestPath(region, tasks, boundOfTask);
    return { seconds: seconds + queueBound(region, tasks, limit), path };
  };
  return boundOfRegion(plan, plan.maxParallel);
}

/** All attempts of one call, and the delays between them. */
function attemptsBound(retry: RetryPolicy, timeout: number): number {
  return retry.maxAttempts * timeout + delaysBound(retry);
}

/** A geometric series up to the cap; in closed form, as a policy may allow any number of attempts. */
function delaysBound({ maxAttempts, interval, backoffRate, maxDelay }: RetryPolicy): number {
  const retries = maxAttempts - 1;
  if (interval === 0 || backoffRate === 1 || interval >= maxDelay) return retries * Math.min(interval, maxDelay);
  const growing = Math.min(retries, Math.ceil(Math.log(maxDelay / interval) / Math.log(backoffRate)));
  return (interval * (backoffRate ** growing - 1)) / (backoffRate - 1) + (retries - growing) * maxDelay;
}

/** When the last call of a `for_each` begins, the others, however they are spread, have kept every lane busy. */
function inTurns(task: CallingTask, call: number): number {
  const { count, atOnce } = callsOf(task, 'worst');
  if (count === 0) return 0;
  return count === atOnce ? call : call * (1 + (count - 1) / atOnce);
}

function waitBound({ wait }: WaitTask): number {
  if (wait.kind === 'seconds') return wait.seconds;
  return wait.kind === 'event' ? (wait.timeout ?? Infinity) : Infinity;
}

/** How long a path can stand still in all because the limit is full. */
function queueBound(region: Region, tasks: PlanTasks, limit: number | undefined): number {
  if (limit === undefined || attemptsAtOnce(region, tasks).weight <= limit) return 0;
  return workBound(region, tasks) / limit;
}

/** Seconds that attempts can take in all. Between attempts a task holds no place. */
function workBound(region: Region, tasks: PlanTasks): number {
  const workOf = (task: PlannedTask): number => {
    if (task.kind === 'agent') return callsOf(task, 'worst').count * task.retry.maxAttempts * task.timeout;
    if (task.kind === 'loop') return task.maxIterations * workBound(task.region, tasks);
    return task.kind === 'group' ? workBound(task.region, tasks) : 0;
  };
  return membersOf(region, tasks).reduce((sum, task) => sum + workOf(task), 0);
}

function longestPath(region: Region, tasks: PlanTasks, boundOf: (task: PlannedTask) => number): DurationBound {
  const ends = new Map<string, { readonly at: number; readonly after: string | undefined }>();
  const endOf = (id: string): number => ends.get(id)?.at ?? 0;
  const latest = (ids: readonly string[]): string | undefined =>
    ids.reduce<string | undefined>(
      (last, id) => (last === undefined || endOf(id) > endOf(last) ? id : last),
      undefined,
    );
  for (const task of membersOf(region, tasks)) {
    const after = latest(task.dependsOn.map((dependency) => dependency.task));
    ends.set(task.id, { at: (after === undefined ? 0 : endOf(after)) + boundOf(task), after });
  }
  const last = latest(region.members);
  const path: string[] = [];
  for (let id = last; id !== undefined; id = ends.get(id)?.after) path.push(id);
  return { seconds: last === undefined ? 0 : endOf(last), path: path.reverse() };
}
