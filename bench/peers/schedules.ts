// Orders in which engines without a graph of their own start tasks. Copied into the peers' folders, and bundled by one of them: it imports no values.
import type { BenchGraph } from '../graphs.ts';

export type BenchTask = BenchGraph['tasks'][number];

/** Each task as soon as all it waits for have ended. Tasks stand after what they wait for. */
export async function byDependency(
  tasks: readonly BenchTask[],
  work: (task: BenchTask) => PromiseLike<unknown>,
): Promise<void> {
  const ends = new Map<string, Promise<unknown>>();
  for (const task of tasks) {
    const before = task.deps.flatMap((id) => ends.get(id) ?? []);
    ends.set(
      task.id,
      Promise.all(before).then(() => work(task)),
    );
  }
  await Promise.all(ends.values());
}

/** The tasks by the length of the longest way to them: a layer needs nothing but the layers before it. */
export function layersOf(tasks: readonly BenchTask[]): BenchTask[][] {
  const layerOf = new Map<string, number>();
  const layers: BenchTask[][] = [];
  for (const task of tasks) {
    const layer = Math.max(0, ...task.deps.map((id) => 1 + (layerOf.get(id) ?? 0)));
    layerOf.set(task.id, layer);
    (layers[layer] ??= []).push(task);
  }
  return layers;
}
