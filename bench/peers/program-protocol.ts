// How the bench talks to the program that holds an engine's client. Copied into the peers' folders beside the programs, so it imports no values.
import { setTimeout as sleep } from 'node:timers/promises';
import type { BenchGraph } from '../graphs.ts';

export type ProgramReply = { readonly ready: true } | { readonly ms: number } | { readonly problem: string };

/** Makes ready for a graph, outside the time that counts, and gives what is then timed. */
export type Prepare = (graph: BenchGraph) => Promise<() => Promise<unknown>>;

/** Says that it is ready, then answers each graph with the milliseconds it took. Ends when the bench ends. */
export function serve(prepare: Prepare): void {
  const reply = (message: ProgramReply): void => void process.send?.(message);
  process.on('message', (graph: BenchGraph) => {
    timed(prepare, graph).then(
      (ms) => reply({ ms }),
      (error: unknown) => reply({ problem: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
    );
  });
  process.on('disconnect', () => process.exit());
  reply({ ready: true });
}

async function timed(prepare: Prepare, graph: BenchGraph): Promise<number> {
  const run = await prepare(graph);
  const from = performance.now();
  await run();
  return performance.now() - from;
}

/** What a task does: nothing, or waiting as long as the graph says. */
export async function work({ ms }: { readonly ms: number }): Promise<void> {
  if (ms > 0) await sleep(ms);
}
