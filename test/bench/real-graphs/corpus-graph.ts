import type { CorpusGraph } from '../../../bench/real-graphs/corpus.ts';

/** A graph with edges written as `from to`. */
export function corpusGraph(ids: readonly string[], edges: readonly string[], id = 'made-up'): CorpusGraph {
  return {
    id,
    family: 'made-up',
    tasks: ids.map((task) => ({ id: task })),
    edges: edges.map((edge): [string, string] => {
      const [from = '', to = ''] = edge.split(' ');
      return [from, to];
    }),
  };
}
