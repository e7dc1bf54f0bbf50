import { Ajv2020 } from 'ajv/dist/2020.js';
import type { SettledTaskStatus } from '../../core/execution/index.ts';
import { canonicalJson, isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';
import type { Behaviour, ScriptedError } from '../../simulation/index.ts';
import type { AgentWork, Edge, Join, Task } from './reading.ts';

// The rules of the decision notes that need neither time nor neighbours, each written down once.

type EdgeValue = 'ok' | 'bad' | 'skipped' | 'untaken';
export type Verdict = 'wait' | 'run' | 'skip' | 'upstream_failed';

/** The first table of *Joins, edges and endings*. */
export function edgeValue(on: string, producer: SettledTaskStatus): EdgeValue {
  if (on === 'done') return 'ok';
  if (on === 'failure') return producer === 'failed' || producer === 'upstream_failed' ? 'ok' : 'untaken';
  if (on === 'skipped') return producer === 'skipped' ? 'ok' : 'untaken';
  if (producer === 'succeeded') return 'ok';
  return producer === 'skipped' ? 'skipped' : 'bad';
}

/** An edge whose producer has not settled. */
type Unsettled = 'unsettled';

/** The second table. */
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
  task: Pick<Task, 'dependsOn' | 'join'>,
  skipPropagates: boolean,
  statusOf: (edge: Edge) => SettledTaskStatus | undefined,
): Verdict {
  const edges = task.dependsOn.map((edge) => {
    const status = statusOf(edge);
    return status === undefined ? 'unsettled' : edgeValue(edge.on, status);
  });
  return decideJoin(task.join, edges, skipPropagates);
}

const ajv = new Ajv2020({ strict: false });
const validators = new Map<string, (value: Json) => boolean>();

export function holds(schemas: readonly JsonObject[], value: Json): boolean {
  return schemas.every((schema) => {
    const key = canonicalJson(schema);
    const known = validators.get(key) ?? (ajv.compile(schema) as (value: Json) => boolean);
    validators.set(key, known);
    return known(value);
  });
}

/** How an attempt ends when nobody stops it. `at` is absolute. */
export type Ending =
  | { readonly at: number; readonly kind: 'succeeded'; readonly output: Json }
  | { readonly at: number; readonly kind: 'failed'; readonly error: ScriptedError };

export const engineError = (name: string): ScriptedError => ({ name, message: name });

function heartbeatEnd(behaviour: Behaviour, heartbeat: number): number {
  const { every, count } = behaviour.beats ?? { every: 0, count: 0 };
  return count > 0 && every < heartbeat ? every * count + heartbeat : heartbeat;
}

type Clocks = Pick<AgentWork, 'timeout' | 'heartbeat' | 'outputSchemas'>;

/**
 * What can end an attempt first: one ending, or several where an answer and a clock fall on the same millisecond,
 * because then either may be first.
 */
export function endingsOf(work: Clocks, behaviour: Behaviour, startedAt: number): Ending[] {
  if (behaviour.unreachable) return [{ at: startedAt, kind: 'failed', error: engineError('AgentUnavailable') }];
  const endings: Ending[] = [{ at: startedAt + work.timeout, kind: 'failed', error: engineError('AttemptTimeout') }];
  if (work.heartbeat !== undefined) {
    const at = startedAt + heartbeatEnd(behaviour, work.heartbeat);
    endings.push({ at, kind: 'failed', error: engineError('HeartbeatTimeout') });
  }
  const [answer] = behaviour.answers;
  if (answer) {
    const at = startedAt + answer.after;
    if (answer.kind === 'crash') endings.push({ at, kind: 'failed', error: engineError('AgentCrashed') });
    else if (answer.kind === 'fail') endings.push({ at, kind: 'failed', error: answer.error });
    else if (holds(work.outputSchemas, answer.value)) endings.push({ at, kind: 'succeeded', output: answer.value });
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
export function mayRetry({ policy }: Pick<AgentWork, 'policy'>, error: ScriptedError, attempt: number): boolean {
  const retryable = error.retryable !== false && !neverRetried.has(error.name);
  return retryable && attempt < policy.attempts && (policy.retryOn?.includes(error.name) ?? true);
}

/** Milliseconds between a failed attempt and the next; full jitter draws from 0 on, and an agent's own word is a lower bound. */
export function retryDelay({ policy }: Pick<AgentWork, 'policy'>, error: ScriptedError, attempt: number) {
  const backoff = Math.min(policy.interval * policy.rate ** (attempt - 1), policy.cap);
  const asked = (error.retryAfter ?? 0) * 1_000;
  return { least: Math.max(policy.isJittered ? 0 : backoff, asked), most: Math.max(backoff, asked) };
}

/** How a fan-out ends whose items have all settled. */
export function fanStatus(items: readonly SettledTaskStatus[]): SettledTaskStatus {
  const worst = (['failed', 'unknown', 'cancelled', 'upstream_failed'] as const).find((status) =>
    items.includes(status),
  );
  return worst ?? (items.every((status) => status === 'skipped') ? 'skipped' : 'succeeded');
}

/** A member of a region that has settled; `harms`: it failed, and may not. */
export interface Member {
  readonly status: SettledTaskStatus;
  readonly harms: boolean;
}

/** How a group, or an iteration of a loop, ends whose members have all settled. */
export function regionStatus(members: readonly Member[]): SettledTaskStatus {
  if (members.some(({ harms }) => harms)) return 'failed';
  const worst = (['unknown', 'cancelled'] as const).find((status) => members.some((one) => one.status === status));
  return worst ?? (members.every(({ status }) => status === 'skipped') ? 'skipped' : 'succeeded');
}

/** How many of so many items may fail. */
export function toleratedOf(tolerate: number | string, items: number): number {
  return typeof tolerate === 'number' ? tolerate : Math.floor((Number.parseInt(tolerate, 10) / 100) * items);
}

/** The calls that a list of items makes. */
export function callsOf(items: readonly Json[], batch: number | undefined): Json[] {
  if (batch === undefined) return [...items];
  return Array.from({ length: Math.ceil(items.length / batch) }, (_, call) =>
    items.slice(call * batch, (call + 1) * batch),
  );
}

const sameJson = (left: Json, right: Json): boolean => canonicalJson(left) === canonicalJson(right);

/** Does an event's data have what `match` asks for? */
export function matchesEvent(match: Json, data: Json | undefined): boolean {
  if (data === undefined) return false;
  if (isJsonObject(match)) {
    const wanted = Object.entries(match);
    return wanted.every(([key, value]) => isJsonObject(data) && matchesEvent(value, data[key]));
  }
  return Array.isArray(match) ? (match as readonly Json[]).some((one) => sameJson(one, data)) : sameJson(match, data);
}
