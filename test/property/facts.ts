import { behaviourOf, type Scenario } from '../makers/scenario.ts';
import type { Observed, ObservedCall, ObservedTask } from './observed.ts';
import { readScenario, stopsExecution, type Reading, type Unit } from './reading.ts';
import { endingsOf } from './rules.ts';

/** Why and when an observed execution began to stop. */
export interface Stop {
  readonly at: number;
  readonly reasons: ReadonlySet<Observed['status']>;
  /** When running attempts are given up; Infinity while draining. */
  readonly cutAt: number;
  /** Units that failed at that moment without being allowed to. */
  readonly stoppers: ReadonlySet<string>;
}

/** From the call to the attempt's end. */
export interface Interval {
  readonly path: string;
  readonly from: number;
  readonly to: number;
}

/** An observation, indexed for the questions that the rules ask. */
export interface Facts {
  readonly reading: Reading;
  readonly observed: Observed;
  readonly settled: ReadonlyMap<string, ObservedTask>;
  readonly calls: ReadonlyMap<string, readonly ObservedCall[]>;
  readonly stop: Stop | undefined;
  readonly intervals: readonly Interval[];
}

function callsByPath(observed: Observed): Map<string, ObservedCall[]> {
  const calls = new Map<string, ObservedCall[]>();
  for (const call of observed.calls) calls.set(call.path, [...(calls.get(call.path) ?? []), call]);
  return calls;
}

/** An outside reason counts while the execution lasts; at the very moment of its end either may have been first. */
function outsideStops(reading: Reading, observed: Observed): [Observed['status'], number][] {
  const wanted: [Observed['status'], number][] = [
    ['cancelled', reading.scenario.cancelAt ?? Infinity],
    ['timed_out', reading.timeout],
  ];
  return wanted.filter(
    ([status, at]) => at < observed.endedAt || (at === observed.endedAt && observed.status === status),
  );
}

function findStop(reading: Reading, observed: Observed): Stop | undefined {
  const units = new Map(reading.units.map((unit) => [unit.path, unit]));
  const failures = observed.tasks.filter(({ path, status }) => {
    const unit = units.get(path);
    return status === 'failed' && unit !== undefined && stopsExecution(reading, unit.task);
  });
  const outside = outsideStops(reading, observed);
  const at = Math.min(...failures.map(({ settledAt }) => settledAt), ...outside.map(([, moment]) => moment));
  if (at === Infinity) return undefined;
  const stoppers = new Set(failures.filter(({ settledAt }) => settledAt === at).map(({ path }) => path));
  const reasons = new Set(outside.filter(([, moment]) => moment === at).map(([status]) => status));
  if (stoppers.size > 0) reasons.add('failed');
  const patient = reading.onFailure === 'drain' && !reasons.has('cancelled') && !reasons.has('timed_out');
  return { at, reasons, stoppers, cutAt: patient ? Infinity : at + reading.grace };
}

function intervalOf(reading: Reading, stop: Stop | undefined, unit: Unit, call: ObservedCall): Interval {
  const behaviour = behaviourOf(reading.scenario.script, unit.path, call.attempt);
  const end = endingsOf(unit.task, behaviour, call.at)[0]?.at ?? Infinity;
  const obeyed = behaviour.obeysStop === true && stop && stop.cutAt < Infinity ? Math.max(stop.at, call.at) : Infinity;
  return { path: unit.path, from: call.at, to: Math.min(end, obeyed, stop?.cutAt ?? Infinity) };
}

export function factsOf(scenario: Scenario, observed: Observed): Facts {
  const reading = readScenario(scenario);
  const calls = callsByPath(observed);
  const stop = findStop(reading, observed);
  return {
    reading,
    observed,
    settled: new Map(observed.tasks.map((task) => [task.path, task])),
    calls,
    stop,
    intervals: reading.units.flatMap((unit) =>
      (calls.get(unit.path) ?? []).map((call) => intervalOf(reading, stop, unit, call)),
    ),
  };
}

/** How many attempts lived through the whole of an open interval of time in which nothing began or ended. */
function livingAt({ intervals }: Facts, moment: number): number {
  return intervals.filter(({ from, to }) => from < moment && moment < to).length;
}

/** Was every place of `max_parallel` taken all the time between two moments, so that somebody had to wait? */
export function isSaturated(facts: Facts, from: number, to: number): boolean {
  const edges = facts.intervals.flatMap((interval) => [interval.from, interval.to]);
  const cuts = [...new Set([from, to, ...edges.filter((edge) => from < edge && edge < to)])].sort((a, b) => a - b);
  const middles = cuts.slice(1).map((cut, index) => (cut + (cuts[index] ?? cut)) / 2);
  return middles.every((middle) => livingAt(facts, middle) >= facts.reading.maxParallel);
}

/** Does the attempt's unit run at some moment of the closed interval, and through all of it? */
export function runningIn(facts: Facts, path: string, [from, to]: readonly [number, number]) {
  const own = facts.intervals.filter((interval) => interval.path === path);
  return {
    sometimes: own.some((interval) => interval.from <= to && from <= interval.to),
    throughout: own.some((interval) => interval.from < from && to < interval.to),
  };
}

/** More attempts at once than the author allows. */
export function parallelismViolations(facts: Facts): string[] {
  const { maxParallel } = facts.reading;
  return facts.intervals
    .map(({ from }) => ({ from, living: livingAt(facts, from + 0.5) }))
    .filter(({ living }) => living > maxParallel)
    .map(({ from, living }) => `${living} attempts lived just after ${from}, but max_parallel is ${maxParallel}`);
}
