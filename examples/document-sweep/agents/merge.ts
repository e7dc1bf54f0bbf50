import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

interface Input {
  readonly shares: readonly { readonly [term: string]: readonly string[] }[];
  readonly results: string;
}

const TOP = 10;

/** The shares as one index, of the terms that more than one document uses, and the terms that most documents use. */
export default async function merge({ input }: { readonly input: Input }) {
  const places = new Map<string, string[]>();
  for (const share of input.shares) {
    for (const [term, paths] of Object.entries(share)) places.set(term, [...(places.get(term) ?? []), ...paths]);
  }
  const shared = [...places].filter(([, paths]) => paths.length > 1).sort(([a], [b]) => (a < b ? -1 : 1));
  const index = Object.fromEntries(shared.map(([term, paths]) => [term, paths.sort()]));
  await mkdir(input.results, { recursive: true });
  const path = join(input.results, 'index.json');
  await writeFile(path, `${JSON.stringify(index, null, 2)}\n`);
  const top = shared
    .sort(([a, first], [b, second]) => second.length - first.length || (a < b ? -1 : 1))
    .slice(0, TOP)
    .map(([term, paths]) => ({ term, documents: paths.length }));
  return { path, terms: shared.length, top };
}
