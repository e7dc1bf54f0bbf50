import { median } from '../median.ts';
import { loadGraph, type BenchGraph, type GraphName } from '../graphs.ts';
import { peakMegabytesWhile, processorMs } from './footprint.ts';
import type { Installation, Mode, Peer, RunningPeer } from './peer.ts';

/** One engine in one mode on one graph. */
export interface Row {
  readonly graph: GraphName;
  readonly peer: string;
  readonly mode: string;
  /** Milliseconds a task; of graphs that work, the makespan divided by the critical path. */
  readonly figures?: Figures;
  /** Milliseconds of the processor a task, of all processes together; on a busy machine it says more than the clock. */
  readonly processor?: number;
  /** Of all processes together. */
  readonly peakMegabytes?: number;
  /** Why there are no figures. */
  readonly problem?: string;
}

export interface Figures {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export interface Measurement {
  readonly peer: Peer;
  readonly installation: Installation;
  readonly mode: Mode;
  readonly graph: GraphName;
}

/** Runs that are timed; makespans take longer and vary less. */
const RUNS = { overhead: 5, makespan: 3 };
/** Runs after these, during which memory is looked at and no time is taken. */
const WATCHED_RUNS = 3;
const SLOTS = { overhead: 4, makespan: 64 };

/** Starts the engine afresh, warms it up with one run, times some, and watches the memory of some more. */
export async function measure({ peer, installation, mode, graph: name }: Measurement): Promise<Row> {
  const graph = loadGraph(name);
  const kind = graph.crit > 0 ? 'makespan' : 'overhead';
  const row = { graph: name, peer: peer.name, mode: mode.name };
  try {
    const running = await peer.start({ folder: installation.folder, mode: mode.name, slots: SLOTS[kind] });
    try {
      return { ...row, ...(await timed(running, graph, RUNS[kind])) };
    } finally {
      await running.stop();
    }
  } catch (error) {
    return { ...row, problem: error instanceof Error ? error.message : String(error) };
  }
}

async function timed(
  running: RunningPeer,
  graph: BenchGraph,
  runs: number,
): Promise<Omit<Row, 'graph' | 'peer' | 'mode'>> {
  await running.run(graph);
  const usedBefore = processorMs(running.pids);
  const times: number[] = [];
  while (times.length < runs) times.push(await running.run(graph));
  const usedAfter = processorMs(running.pids);
  const peakMegabytes = await peakMegabytesWhile(running.pids, async () => {
    for (let run = 0; run < WATCHED_RUNS; run += 1) await running.run(graph);
  });
  return {
    figures: figuresOf(times, graph.crit > 0 ? graph.crit : graph.tasks.length),
    ...(usedBefore !== undefined &&
      usedAfter !== undefined && { processor: (usedAfter - usedBefore) / runs / graph.tasks.length }),
    ...(peakMegabytes !== undefined && { peakMegabytes }),
  };
}

function figuresOf(times: readonly number[], per: number): Figures {
  const all = times.map((time) => time / per);
  return { median: median(all), min: Math.min(...all), max: Math.max(...all) };
}
