import type { ImportGraph } from './import-graph.ts';

/**
 * Import cycles such that every file that is in one at all is in one of these: each is the shortest through its
 * first file, which is named again at the end.
 */
export function findImportCycles(graph: ImportGraph): string[][] {
  const knots = withoutLooseEnds(graph);
  const told = new Set<string>();
  const cycles: string[][] = [];
  for (const file of [...knots.keys()].sort()) {
    if (told.has(file)) continue;
    const cycle = shortestCycle(knots, file);
    for (const member of cycle) told.add(member);
    if (cycle.length > 0) cycles.push(cycle);
  }
  return cycles;
}

/** A file that imports nothing that is left is in no cycle; taken away again and again, only knots (and who imports them) stay. */
function withoutLooseEnds(graph: ImportGraph): ImportGraph {
  let kept = new Map([...graph].map(([file, targets]) => [file, targets.filter((target) => graph.has(target))]));
  for (let size = -1; size !== kept.size;) {
    size = kept.size;
    const next = [...kept].filter(([, targets]) => targets.length > 0);
    const names = new Set(next.map(([file]) => file));
    kept = new Map(next.map(([file, targets]) => [file, targets.filter((target) => names.has(target))]));
  }
  return kept;
}

function shortestCycle(graph: ImportGraph, start: string): string[] {
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) return [...pathTo(file, start, cameFrom), start];
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      queue.push(next);
    }
  }
  return [];
}

function pathTo(file: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [file];
  for (let at = file; at !== start; path.unshift(at)) at = cameFrom.get(at) ?? start;
  return path;
}
