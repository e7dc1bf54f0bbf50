import { Ajv2020 } from 'ajv/dist/2020.js';
import type { SettledTaskStatus } from '../../core/execution/index.ts';
import { canonicalJson, type Json, type JsonObject } from '../../core/json/index.ts';
import type { Behaviour, ScriptedError } from '../makers/scenario.ts';
import { evaluate, EvaluationError, render, soleExpression, type Scope } from './expression.ts';
import type { Edge, Join, Task } from './reading.ts';

// The rules of the decision note that need neither time nor neighbours, each written down once.

type EdgeValue = 'ok' | 'bad' | 'skipped' | 'untaken';
export type Verdict = 'wait' | 'run' | 'skip' | 'upstream_failed';

/** The note's first table. */
export function edgeValue(on: string, producer: SettledTaskStatus): EdgeValue {
  if (on === 'done') return 'ok';
  if (on === 'failure') return producer === 'failed' || producer === 'upstream_failed' ? 'ok' : 'untaken';
  if (on === 'skipped') return producer === 'skipped' ? 'ok' : 'untaken';
  if (producer === 'succeeded') return 'ok';
  return producer === 'skipped' ? 'skipped' : 'bad';
}

/** An edge whose producer has not settled. */
type Unsettled = 'unsettled';

/** The note's second table. */
export function decideJoin(join: Join, edges: readonly (EdgeValue | Unsettled)[], skipPropagates: boolean): Verdict {
  const count = (value: EdgeValue | Unsettled): number => edges.filter((edge) => edge === value).length;
  if (edges.length === 0) return 'run';
  if (join === 'all_done') return count('unsettled') > 0 ? 'wait' : 'run';
  if (join === 'all_success' || join === 'none_failed') {
    if (count('bad') > 0) return 'upstream_failed';
    if (count('unsettled') > 0) return 'wait';
    if (join === 'all_success' && count('untaken') > 0) return 'skip';
    return skipPropagates && count('skipped') > 0 ? 'skip' : 'run';
  }
  if (count('ok') >= (typeof join === 'string' ? 1 : join.quorum)) return 'run';
  if (count('unsettled') > 0) return 'wait';
  return count('bad') > 0 ? 'upstream_failed' : 'skip';
}

export function verdictOf(
  task: Task,
  skipPropagates: boolean,
  statusOf: (edge: Edge) => SettledTaskStatus | undefined,
): Verdict {
  const edges = task.dependsOn.map((edge) => {
    const status = statusOf(edge);
    return status === undefined ? 'unsettled' : edgeValue(edge.on, status);
  });
  return decideJoin(task.join, edges, skipPropagates);
}

/** What stands between a join's `run` and the first attempt. */
export type Entrance =
  | { readonly kind: 'start'; readonly input: Json }
  | { readonly kind: 'skip' }
  | { readonly kind: 'refuse'; readonly error: 'InvalidInput' };

const refusal: Entrance = { kind: 'refuse', error: 'InvalidInput' };

const ajv = new Ajv2020({ strict: false });
const validators = new Map<string, (value: Json) => boolean>();

function holds(schemas: readonly JsonObject[], value: Json): boolean {
  return schemas.every((schema) => {
    const key = canonicalJson(schema);
    const known = validators.get(key) ?? (ajv.compile(schema) as (value: Json) => boolean);
    validators.set(key, known);
    return known(value);
  });
}

export function entranceOf(task: Task, scope: Scope): Entrance {
  try {
    const wanted = task.when === undefined ? true : evaluate(soleExpression(task.when) ?? task.when, scope);
    if (typeof wanted !== 'boolean') return refusal;
    if (!wanted) return { kind: 'skip' };
    const input = render(task.input, scope);
    return holds(task.inputSchemas, input) ? { kind: 'start', input } : refusal;
  } catch (error) {
    if (error instanceof EvaluationError) return refusal;
    throw error;
  }
}

/** How an attempt ends when nobody stops it. `at` is absolute. */
export type Ending =
  | { readonly at: number; readonly kind: 'succeeded'; readonly output: Json }
  | { readonly at: number; readonly kind: 'failed'; readonly error: ScriptedError };

const engineError = (name: string): ScriptedError => ({ name, message: name });

function heartbeatEnd(behaviour: Behaviour, heartbeat: number): number {
  const { every, count } = behaviour.beats ?? { every: 0, count: 0 };
  return count > 0 && every < heartbeat ? every * count + heartbeat : heartbeat;
}

/**
 * What can end an attempt first: one ending, or several where an answer and a clock fall on the same millisecond,
 * because then either may be first.
 */
export function endingsOf(task: Task, behaviour: Behaviour, startedAt: number): Ending[] {
  const endings: Ending[] = [{ at: startedAt + task.timeout, kind: 'failed', error: engineError('AttemptTimeout') }];
  if (task.heartbeat !== undefined) {
    const at = startedAt + heartbeatEnd(behaviour, task.heartbeat);
    endings.push({ at, kind: 'failed', error: engineError('HeartbeatTimeout') });
  }
  const [answer] = behaviour.answers;
  if (answer) {
    const at = startedAt + answer.after;
    if (answer.kind === 'crash') endings.push({ at, kind: 'failed', error: engineError('AgentCrashed') });
    else if (answer.kind === 'fail') endings.push({ at, kind: 'failed', error: answer.error });
    else if (holds(task.outputSchemas, answer.value)) endings.push({ at, kind: 'succeeded', output: answer.value });
    else endings.push({ at, kind: 'failed', error: { ...engineError('InvalidOutput'), retryable: false } });
  }
  const first = Math.min(...endings.map((ending) => ending.at));
  return endings.filter((ending) => ending.at === first);
}

/** The agent that obeys a stop. */
export const stoppedByWord: ScriptedError = { name: 'Stopped', message: 'told to stop' };

const neverRetried = new Set([
  'InvalidInput',
  'InvalidOutput',
  'CircuitOpen',
  'BudgetExceeded',
  'ExecutionStopping',
  'PermissionDenied',
]);

/** May a failed attempt with this number be followed by another, as long as the execution is not stopping? */
export function mayRetry({ policy }: Task, error: ScriptedError, attempt: number): boolean {
  const retryable = error.retryable !== false && !neverRetried.has(error.name);
  return retryable && attempt < policy.max_attempts && (policy.retry_on?.includes(error.name) ?? true);
}

/** Milliseconds between a failed attempt and the next; full jitter draws from 0 on, and an agent's own word is a lower bound. */
export function retryDelay({ policy }: Task, error: ScriptedError, attempt: number): { least: number; most: number } {
  const backoff = Math.min(policy.interval * policy.backoff_rate ** (attempt - 1), policy.max_delay) * 1_000;
  const asked = (error.retryAfter ?? 0) * 1_000;
  return { least: Math.max(policy.jitter === 'full' ? 0 : backoff, asked), most: Math.max(backoff, asked) };
}

/** The note's rule for a fan-out whose items have all settled. */
export function containerStatus(items: readonly SettledTaskStatus[]): SettledTaskStatus {
  const worst = (['failed', 'unknown', 'cancelled', 'upstream_failed'] as const).find((status) =>
    items.includes(status),
  );
  return worst ?? (items.every((status) => status === 'skipped') ? 'skipped' : 'succeeded');
}
