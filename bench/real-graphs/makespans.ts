import type { CorpusGraph } from './corpus.ts';

/** Milliseconds, when nothing but the tasks themselves takes time. */
export interface Makespans {
  /** The longest path: nothing can be faster. */
  readonly criticalPath: number;
  /** Layer by layer: a task waits for the slowest of the whole layer before it. */
  readonly waves: number;
  /** When each task could start at the earliest, by the author's id. */
  readonly earliest: ReadonlyMap<string, number>;
}

export function makespansOf({ tasks, edges }: CorpusGraph, durations: ReadonlyMap<string, number>): Makespans {
  const duration = (task: string): number => durations.get(task) ?? 0;
  const earliest = new Map(tasks.map(({ id }) => [id, 0]));
  const layer = new Map(tasks.map(({ id }) => [id, 0]));
  const consumers = Map.groupBy(edges, ([from]) => from);
  const open = new Map(tasks.map(({ id }) => [id, 0]));
  for (const [, to] of edges) open.set(to, (open.get(to) ?? 0) + 1);
  const ready = tasks.map(({ id }) => id).filter((id) => open.get(id) === 0);
  const slowest: number[] = [];
  let criticalPath = 0;
  for (const task of ready) {
    const end = (earliest.get(task) ?? 0) + duration(task);
    const depth = layer.get(task) ?? 0;
    criticalPath = Math.max(criticalPath, end);
    slowest[depth] = Math.max(slowest[depth] ?? 0, duration(task));
    for (const [, to] of consumers.get(task) ?? []) {
      earliest.set(to, Math.max(earliest.get(to) ?? 0, end));
      layer.set(to, Math.max(layer.get(to) ?? 0, depth + 1));
      open.set(to, (open.get(to) ?? 0) - 1);
      if (open.get(to) === 0) ready.push(to);
    }
  }
  if (ready.length < tasks.length) throw new Error('the graph has a cycle');
  return { criticalPath, waves: slowest.reduce((sum, it) => sum + it, 0), earliest };
}
