import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A workflow's graph as its authors wrote it: ids of their own making, edges not reduced. */
export interface CorpusGraph {
  readonly id: string;
  readonly family: string;
  /** From a generator, not from a project. */
  readonly synthetic?: boolean;
  readonly tasks: readonly CorpusTask[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

export interface CorpusTask {
  readonly id: string;
  /** Program, operator or template. */
  readonly kind?: string;
  /** Wall time of one real run. */
  readonly runtimeSeconds?: number;
}

/** Paths of the graphs in a folder, by name; a path to one file is that one. */
export function graphFiles(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => join(path, name));
}

/** Throws with the file's name when it holds no graph. */
export function readGraph(file: string): CorpusGraph {
  const graph = JSON.parse(readFileSync(file, 'utf8')) as Partial<CorpusGraph>;
  const { id, tasks, edges } = graph;
  if (typeof id !== 'string' || !Array.isArray(tasks) || !Array.isArray(edges))
    throw new Error(`${file} holds no graph`);
  return { ...graph, id, tasks, edges, family: graph.family ?? '' };
}
