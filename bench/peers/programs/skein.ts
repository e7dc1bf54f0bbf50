// Skein on its own, as `bench/run-graph.ts` runs it: embedded, recorded on disk.
import { join } from 'node:path';
import { openLaptop } from '../../../local/index.ts';
import { agentFunctions, compileGraph } from '../../compile-graph.ts';
import type { BenchGraph } from '../../graphs.ts';
import { serve } from '../program-protocol.ts';

const { directory, mode, slots } = JSON.parse(process.argv[2] ?? '{}') as Record<string, string>;
const laptop = await openLaptop({
  database: join(directory ?? '.', 'bench.db'),
  workers: Number(slots),
  ...(mode === 'in-process' && { functions: agentFunctions }),
});

const publish = (graph: BenchGraph) => laptop.runtime.publish(compileGraph(graph));
let published: ReturnType<typeof publish> | undefined;

serve(async (graph) => {
  const version = await (published ??= publish(graph));
  return async () => {
    const execution = await laptop.runtime.start({ ...version, input: {} });
    const view = await laptop.runtime.whenEnded(execution);
    if (view.status !== 'succeeded') throw new Error(`${view.status}: ${JSON.stringify(view.error)}`);
  };
});
