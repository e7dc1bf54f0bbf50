import type { Document, Problem } from './document.ts';

/** About a quarter of an hour's reading, at 200 words a minute. */
const MOST_WORDS = 3_000;
/** A page that says less is a note. */
const FEWEST_WORDS = 20;

export function checkLength(documents: readonly Document[]): readonly Problem[] {
  return documents.flatMap(({ path, words }) => {
    if (words > MOST_WORDS)
      return [{ path, problem: `has ${words} words; more than ${MOST_WORDS} are hard to read at once` }];
    return words < FEWEST_WORDS ? [{ path, problem: `has ${words} words: is it finished?` }] : [];
  });
}
