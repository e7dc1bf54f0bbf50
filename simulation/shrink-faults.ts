import { play, type Conditions, type Play, type Run } from './play.ts';

/** Runs that are tried to find a smaller one; a fault more or less is not worth a minute. */
const MOST_TRIES = 400;

/** The same run with as few faults as still break the same promise: halves are left out, then quarters, then one after the other. */
export async function shrinkFaults(what: Play, conditions: Conditions, run: Run): Promise<Run> {
  const wanted = run.broken[0]?.name;
  let best = run;
  let tries = 0;
  const attempt = async (names: readonly string[]): Promise<boolean> => {
    tries += 1;
    const again = await play(what, { ...conditions, only: new Set(names) });
    if (!again.broken.some(({ name }) => name === wanted)) return false;
    best = again;
    return true;
  };
  for (let size = best.faults.length; size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let from = 0; from < best.faults.length && tries < MOST_TRIES;) {
      const names = best.faults.map(({ name }) => name);
      const isSmaller = await attempt([...names.slice(0, from), ...names.slice(from + size)]);
      if (!isSmaller) from += size;
    }
  }
  return best;
}
