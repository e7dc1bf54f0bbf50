import type { Json } from '../../core/json/index.ts';
import { tasksNamedIn, type Scope } from './expression.ts';
import { isSaturated, runningIn, type Facts } from './facts.ts';
import { ancestorsOf, type Edge, type Task, type Unit } from './reading.ts';
import { scopeOf } from './reference.ts';
import { verdictOf, type Verdict } from './rules.ts';

/** When a task's join was decided, and how, given when its dependencies were observed to settle. */
export interface Decision {
  readonly at: number;
  readonly verdict: Exclude<Verdict, 'wait'>;
}

function verdictFrom(facts: Facts, task: Task, counts: (edge: Edge) => boolean): Verdict {
  return verdictOf(task, facts.reading.skipPropagates, (edge) =>
    counts(edge) ? facts.settled.get(edge.task)?.status : undefined,
  );
}

const settledAt = (facts: Facts, id: string): number => facts.settled.get(id)?.settledAt ?? Infinity;

/**
 * The first moment at which the join no longer waits. The order of what settles within that millisecond does not
 * matter: no join's verdict depends on it.
 */
export function decisionOf(facts: Facts, task: Task): Decision | undefined {
  const moments = task.dependsOn.map((edge) => settledAt(facts, edge.task));
  for (const at of [0, ...moments].sort((a, b) => a - b)) {
    const verdict = verdictFrom(facts, task, (edge) => settledAt(facts, edge.task) <= at);
    if (verdict !== 'wait') return { at, verdict };
  }
  return undefined;
}

/** Settled by the stop itself or after it, though in its millisecond: nobody may have acted on it as if nothing had stopped. */
function comesWithTheStop(facts: Facts, id: string): boolean {
  const entry = facts.settled.get(id);
  const { stop } = facts;
  if (!stop || entry?.settledAt !== stop.at) return false;
  if (entry.status === 'cancelled' || entry.status === 'unknown') return true;
  return [...stop.stoppers].some((stopper) => stopper === id || stopper.startsWith(`${id}[`));
}

/** On which side of the stop a decision lies; within its millisecond, perhaps on either. */
export function sideOfStop(facts: Facts, task: Task, { at }: Decision): 'before' | 'either' | 'after' {
  const { stop } = facts;
  if (!stop || at < stop.at) return 'before';
  if (at > stop.at) return 'after';
  const early = (edge: Edge): boolean => settledAt(facts, edge.task) <= at && !comesWithTheStop(facts, edge.task);
  return verdictFrom(facts, task, early) === 'wait' ? 'after' : 'either';
}

const surelyBeforeOf = new WeakMap<Facts, Map<string, Set<string>>>();

/** Tasks that had certainly settled when this one's join was decided, whatever the order within a millisecond. */
function surelyBefore(facts: Facts, task: Task): Set<string> {
  const known = surelyBeforeOf.get(facts) ?? new Map<string, Set<string>>();
  surelyBeforeOf.set(facts, known);
  const sure = known.get(task.id) ?? findSurelyBefore(facts, task);
  known.set(task.id, sure);
  return sure;
}

function findSurelyBefore(facts: Facts, task: Task): Set<string> {
  const decision = decisionOf(facts, task);
  const sure = new Set<string>();
  for (const edge of decision ? task.dependsOn : []) {
    const without = verdictFrom(facts, task, (one) => one !== edge && settledAt(facts, one.task) <= decision!.at);
    if (settledAt(facts, edge.task) >= decision!.at && without !== 'wait') continue;
    sure.add(edge.task);
    const producer = facts.reading.byId.get(edge.task);
    if (producer) for (const id of surelyBefore(facts, producer)) sure.add(id);
  }
  return sure;
}

/** What an expression may have read of a task, when it was evaluated at some moment of the closed window. */
function looksOf(facts: Facts, id: string, window: readonly [number, number], isSure: boolean): Json[] {
  const entry = facts.settled.get(id)!;
  const seen = { status: entry.status, output: entry.output, attempts: entry.attempts };
  if (isSure || entry.settledAt < window[0]) return [seen];
  const isFanOut = facts.reading.byId.get(id)?.items !== undefined;
  const running = runningIn(facts, id, window);
  const statuses = [
    ...(isFanOut || running.sometimes ? ['running'] : []),
    ...(isFanOut || !running.throughout ? ['pending', 'parked'] : []),
  ];
  const begun = (moment: number): number => (facts.calls.get(id) ?? []).filter(({ at }) => at <= moment).length;
  const least = begun(window[0] - 1);
  const counts = Array.from({ length: begun(window[1]) - least + 1 }, (_, more) => least + more);
  const unsettled = statuses.flatMap((status) => counts.map((attempts) => ({ status, output: null, attempts })));
  return entry.settledAt <= window[1] ? [seen, ...unsettled] : unsettled;
}

/** Every scope in which a unit's `when` and input may have been evaluated within the window. */
export function scopesOf(facts: Facts, unit: Unit, window: readonly [number, number]): Scope[] {
  const { task, index } = unit;
  const visible = ancestorsOf(facts.reading, task.id);
  const named = tasksNamedIn([task.when ?? null, task.input]).filter((id) => visible.has(id));
  const sure = surelyBefore(facts, task);
  const combinations = named.reduce<Record<string, Json>[]>(
    (all, id) => all.flatMap((one) => looksOf(facts, id, window, sure.has(id)).map((look) => ({ ...one, [id]: look }))),
    [{}],
  );
  return combinations.map((tasks) => ({
    ...scopeOf(facts.reading, tasks),
    ...(task.items === undefined ? {} : { index }),
  }));
}

/** May somebody who could go on at `ready` have gone on at `at`? At once, or as soon as `max_parallel` let it. */
export function mayGoOnAt(facts: Facts, ready: number, at: number): boolean {
  return at === ready || (at > ready && isSaturated(facts, ready, at));
}
