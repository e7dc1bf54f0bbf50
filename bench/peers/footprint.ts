import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const SAMPLE_MS = 25;
/** As Linux counts the processor's time towards programs, whatever it does itself. */
const MS_A_TICK = 10;

/**
 * Megabytes that the processes and all below them hold together, at the most, while the work is done. Each page is shared out among those that
 * hold it (PSS), so what workers or backends have in common counts once. Undefined where the system does not tell: it is read from /proc.
 */
export async function peakMegabytesWhile(
  pids: readonly number[],
  work: () => Promise<void>,
): Promise<number | undefined> {
  let [peak, isDone] = [0, false];
  const watch = async (): Promise<void> => {
    while (!isDone) {
      peak = Math.max(peak, kilobytesOf(pids));
      await sleep(SAMPLE_MS);
    }
  };
  const watching = watch();
  try {
    await work();
  } finally {
    isDone = true;
    await watching;
  }
  return peak === 0 ? undefined : Math.round(peak / 1_024);
}

function kilobytesOf(roots: readonly number[]): number {
  return withAllBelow(roots, parents())
    .map((pid) => Number(/^Pss:\s+(\d+) kB/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0))
    .reduce((sum, kilobytes) => sum + kilobytes, 0);
}

/**
 * Milliseconds of the processor that the processes and all below them have used so far, in steps of ten; of those below that have ended, too.
 * Undefined where there is no /proc.
 */
export function processorMs(pids: readonly number[]): number | undefined {
  const parentOf = parents();
  if (parentOf.size === 0) return undefined;
  const ticks = withAllBelow(pids, parentOf).map((pid) => ticksIn(textOf(`/proc/${pid}/stat`)));
  return ticks.reduce((sum, each) => sum + each, 0) * MS_A_TICK;
}

/** By process: who started it. */
function parents(): Map<number, number> {
  const names = readable(() => readdirSync('/proc'), []);
  const pids = names.map(Number).filter((pid) => pid > 0);
  return new Map(pids.map((pid) => [pid, parentIn(textOf(`/proc/${pid}/stat`))]));
}

export function parentIn(stat: string): number {
  return Number(afterName(stat)[1] ?? 0);
}

/** In user and in system mode, its own and that of its children that have ended. */
export function ticksIn(stat: string): number {
  return afterName(stat)
    .slice(11, 15)
    .reduce((sum, ticks) => sum + Number(ticks), 0);
}

/** From the status on: the name, in brackets, may hold anything. */
function afterName(stat: string): string[] {
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
}

export function withAllBelow(roots: readonly number[], parentOf: ReadonlyMap<number, number>): number[] {
  const found = new Set(roots);
  for (let before = 0; before < found.size;) {
    before = found.size;
    for (const [pid, parent] of parentOf) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

function textOf(path: string): string {
  return readable(() => readFileSync(path, 'utf8'), '');
}

/** Processes may end while they are looked at. */
function readable<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}
