import { canonicalJson, type Json } from '../../core/json/index.ts';
import { behaviourOf, type Scenario } from '../makers/scenario.ts';
import { decisionOf, mayGoOnAt, scopesOf, sideOfStop, type Decision } from './decision.ts';
import { factsOf, parallelismViolations, type Facts } from './facts.ts';
import { checkLinearExtension } from './linear-extension.ts';
import type { Observed, ObservedCall, ObservedTask } from './observed.ts';
import { outcomeOf } from './reference.ts';
import { containerStatus, endingsOf, entranceOf, mayRetry, retryDelay, stoppedByWord, type Ending } from './rules.ts';
import type { Task, Unit } from './reading.ts';

/*
 * Which results the rules allow. Each entry of the ledger is judged by itself: given what its dependencies were observed
 * to be, its script and the moment of the stop, there is a list of endings that it may have had. As every dependency is
 * judged in the same way, the whole is right when each part is, and where nothing below is in play the list has one member.
 *
 * The freedom there is:
 * - things of the same millisecond happen in any order, as long as causes come before effects: a task that is ready in
 *   the millisecond of the stop may have started or not, an answer may come just before its timeout or its cut;
 * - a full jitter's delay is anything from 0 to the backoff;
 * - under `max_parallel` anybody who waits may be next; nobody waits while a place is free;
 * - whoever reads a task that has not settled (`any_success`, `quorum`, early `upstream_failed`) sees pending or parked,
 *   and running if it ran; while it waits to be called, `when` and input may be evaluated again;
 * - a stop may write `cancelled` at any moment until the execution's end;
 * - a fan-out that neither succeeded nor failed may have null for output instead of the array.
 */

/** One way in which an entry may have ended. */
type Allowed = Pick<ObservedTask, 'status' | 'attempts'> & {
  readonly from: number;
  readonly to: number;
  readonly output?: Json;
  readonly error?: string;
};

const exactly = (at: number) => ({ from: at, to: at });

function cancelled(facts: Facts, attempts: number): Allowed[] {
  return facts.stop ? [{ status: 'cancelled', attempts, from: facts.stop.at, to: facts.observed.endedAt }] : [];
}

/** What a failure or a clock makes of an attempt that ended with `ending`. */
function afterFailure(facts: Facts, unit: Unit, call: ObservedCall, ending: Ending & { kind: 'failed' }): Allowed[] {
  const { stop } = facts;
  const { attempt } = call;
  const { at, error } = ending;
  const final: Allowed = { status: 'failed', attempts: attempt, ...exactly(at), error: error.name };
  if (!mayRetry(unit.task, error, attempt) || (stop && stop.at < at)) return [final];
  const { least, most } = retryDelay(unit.task, error, attempt);
  const ready = { from: at + least, to: at + most };
  // In the millisecond of a stop, it is final if somebody else's failure or command came first.
  const othersStop = stop?.at === at && [...stop.stoppers].filter((path) => path !== unit.path).length > 0;
  const commanded = stop?.at === at && (stop.reasons.has('cancelled') || stop.reasons.has('timed_out'));
  return [...(othersStop || commanded ? [final] : []), ...nextAttempt(facts, unit, attempt + 1, ready)];
}

/** From the moment (or one of the moments) at which attempt `number` may begin. */
function nextAttempt(facts: Facts, unit: Unit, number: number, ready: { from: number; to: number }): Allowed[] {
  const { stop } = facts;
  const call = facts.calls.get(unit.path)?.[number - 1];
  const inTime = (at: number): boolean => at >= ready.from && (at <= ready.to || mayGoOnAt(facts, ready.to, at));
  if (call) return inTime(call.at) && call.at <= (stop?.at ?? Infinity) ? attemptEndings(facts, unit, call) : [];
  if (!stop) return [];
  return stop.at <= ready.to || mayGoOnAt(facts, ready.to, stop.at) ? cancelled(facts, number - 1) : [];
}

function attemptEndings(facts: Facts, unit: Unit, call: ObservedCall): Allowed[] {
  const { stop } = facts;
  const behaviour = behaviourOf(facts.reading.scenario.script, unit.path, call.attempt);
  const natural = endingsOf(unit.task, behaviour, call.at);
  const end = natural[0]!.at;
  const attempts = call.attempt;
  const allowed: Allowed[] = [];
  const isTold = behaviour.obeysStop === true && stop !== undefined && stop.cutAt < Infinity;
  const last = Math.min(stop?.cutAt ?? Infinity, isTold ? stop.at : Infinity);
  if (isTold && end >= stop.at)
    allowed.push({ status: 'failed', attempts, ...exactly(stop.at), error: stoppedByWord.name });
  if (stop && end >= stop.cutAt && (!isTold || stop.cutAt === stop.at))
    allowed.push({ status: 'unknown', attempts, ...exactly(stop.cutAt) });
  for (const ending of end <= last ? natural : []) {
    if (ending.kind === 'failed') allowed.push(...afterFailure(facts, unit, call, ending));
    else allowed.push({ status: 'succeeded', attempts, ...exactly(end), output: ending.output });
  }
  return allowed;
}

/** From a join's `run` on: `when`, the input, then attempts. */
function allowedAfterRun(facts: Facts, unit: Unit, { at: decided }: Decision): Allowed[] {
  const seen = facts.settled.get(unit.path)!;
  const [first] = facts.calls.get(unit.path) ?? [];
  const mayWait = facts.reading.maxParallel < Infinity;
  const until = mayWait ? Math.max(decided, Math.min(first?.at ?? Infinity, seen.settledAt)) : decided;
  const scopes = scopesOf(facts, unit, [decided, until]);
  // Looking again can only change the answer when there is something that looks different.
  const moment =
    scopes.length > 1 && mayGoOnAt(facts, decided, seen.settledAt) ? { from: decided, to: until } : exactly(decided);
  return scopes.flatMap((scope): Allowed[] => {
    const entrance = entranceOf(unit.task, scope);
    if (entrance.kind === 'skip') return [{ status: 'skipped', attempts: 0, ...moment }];
    if (entrance.kind === 'refuse') return [{ status: 'failed', attempts: 0, ...moment, error: entrance.error }];
    return nextAttempt(facts, unit, 1, exactly(decided));
  });
}

function allowedOf(facts: Facts, unit: Unit): Allowed[] {
  const decision = decisionOf(facts, unit.task);
  if (!decision) return [];
  const side = sideOfStop(facts, unit.task, decision);
  const stopped = side === 'before' ? [] : cancelled(facts, 0);
  if (side === 'after') return stopped;
  if (decision.verdict === 'run') return [...stopped, ...allowedAfterRun(facts, unit, decision)];
  const status = decision.verdict === 'skip' ? 'skipped' : 'upstream_failed';
  return [...stopped, { status, attempts: 0, ...exactly(decision.at) }];
}

const sameJson = (left: Json, right: Json): boolean => canonicalJson(left) === canonicalJson(right);

function matches(seen: ObservedTask, allowed: Allowed): boolean {
  return (
    seen.status === allowed.status &&
    seen.attempts === allowed.attempts &&
    allowed.from <= seen.settledAt &&
    seen.settledAt <= allowed.to &&
    sameJson(seen.output, allowed.output ?? null) &&
    (seen.status !== 'failed' || seen.error?.name === allowed.error)
  );
}

function describeAllowed({ status, attempts, from, to, error, output }: Allowed): string {
  const when = from === to ? `at ${from}` : `between ${from} and ${to}`;
  return `${status}${error ? `(${error})` : ''} ${when} after ${attempts} attempts, output ${canonicalJson(output ?? null)}`;
}

function describeSeen({ status, attempts, settledAt, error, output }: ObservedTask): string {
  return describeAllowed({ status, attempts, ...exactly(settledAt), output, ...(error ? { error: error.name } : {}) });
}

function unitViolations(facts: Facts, unit: Unit): string[] {
  const seen = facts.settled.get(unit.path)!;
  const allowed = allowedOf(facts, unit);
  const calls = facts.calls.get(unit.path) ?? [];
  const violations = calls.flatMap((call) => callViolations(facts, unit, call));
  if (calls.length !== seen.attempts) violations.push(`${unit.path}: ${calls.length} calls, ${seen.attempts} attempts`);
  if (allowed.some((one) => matches(seen, one))) return violations;
  const began = calls.map(({ at }) => at).join(', ');
  const expected = allowed.length > 0 ? allowed.map(describeAllowed).join(', or ') : 'calls at other moments';
  return [...violations, `${unit.path}: ${describeSeen(seen)}, called at [${began}]; the rules allow ${expected}`];
}

/** Whether the agent was given what the wiring says. */
function callViolations(facts: Facts, unit: Unit, call: ObservedCall): string[] {
  const decision = decisionOf(facts, unit.task);
  if (!decision || call.at < decision.at) return [`${unit.path}: called at ${call.at}, before its join was decided`];
  const { index, count } = unit;
  const inputs = scopesOf(facts, unit, [decision.at, call.at]).flatMap((scope) => {
    const entrance = entranceOf(unit.task, scope);
    return entrance.kind === 'start' ? [entrance.input] : [];
  });
  const violations: string[] = [];
  if (!inputs.some((input) => sameJson(input, call.input)))
    violations.push(
      `${unit.path}: given ${canonicalJson(call.input)}, the rules allow ${inputs.map(canonicalJson).join(', or ')}`,
    );
  if (call.index !== index || call.count !== count)
    violations.push(`${unit.path}: called as ${call.index} of ${call.count}, is ${index} of ${count}`);
  return violations;
}

function containerViolations(facts: Facts, task: Task): string[] {
  const seen = facts.settled.get(task.id)!;
  const items = facts.reading.units.filter((unit) => unit.task === task).map(({ path }) => facts.settled.get(path)!);
  const status = containerStatus(items.map((item) => item.status));
  const output = items.map((item) => item.output);
  const error = items.find((item) => item.status === 'failed')?.error?.name;
  const last = Math.max(...items.map(({ settledAt }) => settledAt));
  const mayBeNull = status !== 'succeeded' && status !== 'failed';
  const allowed: Allowed[] = (mayBeNull ? [output, null] : [output]).map((value) => ({
    status,
    attempts: seen.attempts,
    from: last,
    to: status === 'cancelled' ? facts.observed.endedAt : last,
    output: value,
    ...(error === undefined ? {} : { error }),
  }));
  if (allowed.some((one) => matches(seen, one))) return [];
  return [`${task.id}: ${describeSeen(seen)}; its items make it ${allowed.map(describeAllowed).join(', or ')}`];
}

function endViolations({ reading, observed, settled, stop }: Facts): string[] {
  const violations: string[] = [];
  const natural = stop ? undefined : outcomeOf(reading, settled);
  const statuses = natural ? [natural.status] : [...(stop?.reasons ?? [])];
  if (!statuses.includes(observed.status))
    violations.push(`the execution is ${observed.status}; the rules allow ${statuses.join(', or ')}`);
  const output = natural?.output ?? null;
  if (!sameJson(observed.output, output))
    violations.push(`the execution's output is ${canonicalJson(observed.output)}, not ${canonicalJson(output)}`);
  const awaited = observed.tasks.filter(({ status }) => status !== 'cancelled').map(({ settledAt }) => settledAt);
  const end = Math.max(0, stop?.at ?? 0, ...awaited);
  if (observed.endedAt !== end) violations.push(`the execution ended at ${observed.endedAt}, not at ${end}`);
  if (observed.completions !== 1) violations.push(`a terminal status was written ${observed.completions} times`);
  return violations;
}

/** Every entry settled once, and nothing besides. */
function rosterViolations({ reading, observed }: Facts): string[] {
  const containers = reading.tasks.filter((task) => task.items !== undefined).map(({ id }) => id);
  const due = [...reading.units.map(({ path }) => path), ...containers].sort();
  const settled = observed.tasks.map(({ path }) => path).sort();
  if (sameJson(due, settled)) return [];
  return [`these settled: ${settled.join(', ')}; the definition has ${due.join(', ')}`];
}

/** The rules that an observed execution breaks, in words; empty when it is one of those that the rules allow. */
export function allows(scenario: Scenario, observed: Observed): string[] {
  const facts = factsOf(scenario, observed);
  const roster = rosterViolations(facts);
  if (roster.length > 0) return roster;
  return [
    ...facts.reading.units.flatMap((unit) => unitViolations(facts, unit)),
    ...facts.reading.tasks
      .filter(({ items }) => items !== undefined)
      .flatMap((task) => containerViolations(facts, task)),
    ...parallelismViolations(facts),
    ...checkLinearExtension(scenario.document, observed.tasks),
    ...endViolations(facts),
  ];
}
