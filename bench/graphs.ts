import { existsSync, readFileSync } from 'node:fs';

/** A graph to measure with: what each task waits for, and how long it works. */
export interface BenchGraph {
  readonly tasks: readonly { readonly id: string; readonly deps: readonly string[]; readonly ms: number }[];
  /** Milliseconds of the longest path. */
  readonly crit: number;
}

export const graphNames = ['chain100', 'fan1000', 'rand1000', 'sleep300'] as const;
export type GraphName = (typeof graphNames)[number];

/** The graphs on which the peers of docs were measured, when their file is beside the checkout; else ones of the same shape. */
const PEERS_FILE = new URL('../../shared/graphs/bench.json', import.meta.url);

export function loadGraph(name: GraphName): BenchGraph {
  if (!existsSync(PEERS_FILE)) return generate(name);
  const graphs = JSON.parse(readFileSync(PEERS_FILE, 'utf8')) as Record<GraphName, BenchGraph>;
  return graphs[name];
}

export function graphSource(): string {
  return existsSync(PEERS_FILE) ? 'the graphs of the published comparison' : 'generated graphs of the same shape';
}

function generate(name: GraphName): BenchGraph {
  const task = (index: number, deps: readonly number[], ms = 0) => ({
    id: `t${index}`,
    deps: deps.map((dep) => `t${dep}`),
    ms,
  });
  const range = (length: number) => Array.from({ length }, (_, index) => index);
  switch (name) {
    case 'chain100':
      return chain(100);
    case 'fan1000': {
      const middle = range(1000).map((i) => task(i + 1, [0]));
      return {
        tasks: [
          task(0, []),
          ...middle,
          task(
            1001,
            range(1000).map((i) => i + 1),
          ),
        ],
        crit: 0,
      };
    }
    case 'rand1000':
      return layered(1000, () => 0, 3);
    case 'sleep300':
      return layered(300, (random) => Math.round(10 + 90 * random()), 11);
  }
}

/** As long as they are many: each task waits for the one before it. They do nothing. */
export function chain(count: number): BenchGraph {
  const tasks = Array.from({ length: count }, (_, index) => {
    return { id: `t${index}`, deps: index === 0 ? [] : [`t${index - 1}`], ms: 0 };
  });
  return { tasks, crit: 0 };
}

/** Each task waits for one to three of the sixty before it. */
export function layered(count: number, ms: (random: () => number) => number, seed: number): BenchGraph {
  let state = seed;
  const random = () => (state = (state * 48271) % 2147483647) / 2147483647;
  const ends: number[] = [];
  const tasks = Array.from({ length: count }, (_, index) => {
    const wanted = index < 20 ? 0 : 1 + Math.floor(random() * 3);
    const picked = Array.from({ length: wanted }, () => Math.max(0, index - 1 - Math.floor(random() * 60)));
    const deps = [...new Set(picked)];
    const duration = ms(random);
    ends.push(duration + Math.max(0, ...deps.map((dep) => ends[dep] ?? 0)));
    return { id: `t${index}`, deps: deps.map((dep) => `t${dep}`), ms: duration };
  });
  return { tasks, crit: Math.max(...ends) };
}
