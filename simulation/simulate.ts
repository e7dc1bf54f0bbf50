import { play, type Play, type Run } from './play.ts';
import { faultKinds, oddsOf, type FaultKind, type Odds } from './nemesis.ts';
import type { Broken } from './recorder.ts';
import { shrinkFaults } from './shrink-faults.ts';

/** What is played with each seed. */
export interface Source {
  playOf(seed: number): Play;
  /** What somebody has to read to understand a run of the seed. */
  describe(seed: number): string;
}

export interface SimulationOptions {
  readonly source: Source;
  readonly seed: number;
  readonly runs: number;
  /** Default: those of each seed. */
  readonly oddsOf?: (seed: number) => Odds;
  /** After each run; answers whether to go on. */
  readonly onRun?: (summary: Summary) => boolean;
}

/** A seed whose run has broken a promise, with as few faults as it takes. */
export interface Failure {
  readonly seed: number;
  readonly broken: readonly Broken[];
  /** Names of faults. */
  readonly faults: readonly string[];
  readonly trace: readonly string[];
  readonly workflow: string;
}

export interface Summary {
  readonly runs: number;
  /** Milliseconds of simulated time. */
  readonly simulated: number;
  readonly events: number;
  readonly faults: Readonly<Record<FaultKind, number>>;
  /** How many runs have ended so. */
  readonly statuses: Readonly<Record<string, number>>;
  readonly failures: readonly Failure[];
}

/** Plays one seed after the other, from `seed` on. */
export async function simulate(options: SimulationOptions): Promise<Summary> {
  const { source, seed: first, runs, onRun = () => true } = options;
  let summary = nothing();
  for (let seed = first; seed < first + runs; seed += 1) {
    const conditions = { seed, odds: (options.oddsOf ?? oddsOf)(seed) };
    const played = source.playOf(seed);
    const run = await play(played, conditions);
    const failures = run.broken.length === 0 ? [] : [await failureOf({ source, played, conditions, run })];
    summary = add(summary, run, failures);
    if (!onRun(summary)) break;
  }
  return summary;
}

interface Failed {
  readonly source: Source;
  readonly played: Play;
  readonly conditions: { readonly seed: number; readonly odds: Odds };
  readonly run: Run;
}

async function failureOf({ source, played, conditions, run }: Failed): Promise<Failure> {
  const { seed } = conditions;
  const { broken, faults, trace } = await shrinkFaults(played, conditions, run);
  return { seed, broken, faults: faults.map(({ name }) => name), trace, workflow: source.describe(seed) };
}

function nothing(): Summary {
  const faults = Object.fromEntries(Object.keys(faultKinds).map((kind) => [kind, 0]));
  // The table has every kind.
  return { runs: 0, simulated: 0, events: 0, faults: faults as Summary['faults'], statuses: {}, failures: [] };
}

function add(summary: Summary, run: Run, failures: readonly Failure[]): Summary {
  const { statuses } = summary;
  const faults = { ...summary.faults };
  for (const { kind } of run.faults) faults[kind] += 1;
  return {
    runs: summary.runs + 1,
    simulated: summary.simulated + run.lasted,
    events: summary.events + run.events,
    faults,
    statuses: { ...statuses, [run.status]: (statuses[run.status] ?? 0) + 1 },
    failures: [...summary.failures, ...failures],
  };
}
