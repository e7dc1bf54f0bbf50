import { documentsOf, type Batches } from '../documents/document.ts';

interface Task {
  readonly input: { readonly batches: Batches };
  readonly index: number;
  readonly count: number;
}

/** One share of the documents, every `count`-th: for each term the documents that use it. */
export default function count({ input, index, count: shares }: Task) {
  const places = new Map<string, string[]>();
  documentsOf(input.batches).forEach(({ path, terms }, position) => {
    if (position % shares !== index) return;
    for (const term of Object.keys(terms)) places.set(term, [...(places.get(term) ?? []), path]);
  });
  return Object.fromEntries(places);
}
