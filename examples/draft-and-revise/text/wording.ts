/** What can be said shorter, and how. Longer phrases first, so that none is found inside another. */
export const wordyPhrases: readonly (readonly [string, string])[] = [
  ['it is important to note that ', ''],
  ['in spite of the fact that', 'although'],
  ['due to the fact that', 'because'],
  ['at this point in time', 'now'],
  ['a large number of', 'many'],
  ['with the ability to', 'who can'],
  ['in order to', 'to'],
  ['all of the', 'the'],
];

/** Words that a sentence loses nothing with. */
export const fillers: readonly string[] = ['basically', 'really', 'very', 'at all', 'quite', 'actually'];

export function fillerPattern(filler: string): RegExp {
  return new RegExp(`\\s+${filler}\\b`, 'giu');
}

/** `the the` */
export const REPEATED_WORD = /\b(\p{L}+)\s+\1\b/giu;

/** A form of `to be` before a participle, as in `was checked`; without a grammar, a good guess. */
export const PASSIVE = /\b(?:is|are|was|were|been|being)\s+(?:being\s+)?\p{L}+(?:ed|ent|un)\b/giu;
