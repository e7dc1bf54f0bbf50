import { randomWorkflows } from '../../simulation/sources.ts';
import { simulate, type Summary } from '../../simulation/simulate.ts';

/** Of all seeds, half in each of the two files, so that two cores share them. `npm test` plays few: SKEIN_SIMULATION_SEEDS says how many. */
export const SEEDS = Math.ceil(Number(process.env['SKEIN_SIMULATION_SEEDS'] ?? 4_000) / 2);
/** Milliseconds, on a busy machine. */
export const TIMEOUT = 120_000 + SEEDS * 500;

/** Half a billion seeds apart, so that no two files ever play the same one. */
const APART = 500_000_000;

/** Throws with everything that is needed to see a broken promise again; it is kept in kept-runs.json. */
export async function playSeeds(half: 0 | 1): Promise<Summary> {
  const summary = await simulate({ source: randomWorkflows(), seed: half * APART, runs: SEEDS });
  if (summary.failures.length > 0) throw new Error(JSON.stringify(summary.failures, null, 2));
  return summary;
}
