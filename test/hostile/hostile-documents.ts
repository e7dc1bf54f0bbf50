import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import type { Json } from '../../core/json/index.ts';
import { brokenKeys } from '../makers/broken-keys.ts';
import { largeTexts } from '../makers/large-texts.ts';

/** A text that means no good. Its name says what it tries. */
export interface HostileDocument {
  readonly name: string;
  readonly kind: 'definition' | 'catalogue';
  readonly text: () => string;
}

export const suites = ['files', 'keys', 'large'] as const;
export type Suite = (typeof suites)[number];

export function hostileDocuments(suite: Suite): readonly HostileDocument[] {
  switch (suite) {
    case 'files':
      return keptDocuments();
    case 'keys':
      return [...brokenKeyDocuments()];
    case 'large':
      return Object.entries(largeTexts).map(([name, text]) => ({ name: `large/${name}`, kind: 'definition', text }));
  }
}

const here = fileURLToPath(new URL('.', import.meta.url));

/** Kept as files, because an editor and a diff show what is special about them; in a folder for each subject. */
function keptDocuments(): readonly HostileDocument[] {
  const root = `${here}documents/`;
  return readdirSync(root)
    .sort()
    .flatMap((group) =>
      readdirSync(root + group)
        .sort()
        .map((file) => ({
          name: `${group}/${file.replace(/\.(yaml|json)$/, '')}`,
          kind: group === 'catalogues' ? 'catalogue' : 'definition',
          text: () => readFileSync(`${root}${group}/${file}`, 'utf8'),
        })),
    );
}

/** Right documents that say every key of the language once, by name. */
export function everyKey(): readonly { readonly name: string; readonly document: Json }[] {
  const root = `${here}every-key/`;
  return readdirSync(root)
    .sort()
    .map((file) => ({
      name: file.replace(/\.yaml$/, ''),
      document: parse(readFileSync(root + file, 'utf8')) as Json,
    }));
}

/** Each key of those, broken in every way; what several documents share is broken once. */
function* brokenKeyDocuments(): Generator<HostileDocument> {
  const seen = new Set<string>();
  for (const { name: file, document } of everyKey()) {
    const broken = new Set<string>();
    for (const { path, how, document: changed } of brokenKeys(document)) {
      const key = path.replaceAll(/\.\d+/g, '.*');
      if (seen.has(key) && !broken.has(path)) continue;
      seen.add(key);
      broken.add(path);
      yield { name: `${file}/${path}/${how}`, kind: 'definition', text: () => JSON.stringify(changed) };
    }
  }
}
