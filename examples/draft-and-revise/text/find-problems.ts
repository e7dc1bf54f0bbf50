import type { Problem } from './problem.ts';
import { paragraphsOf, sentencesOf, wordsOf } from './sentences.ts';
import { fillerPattern, fillers, PASSIVE, REPEATED_WORD, wordyPhrases } from './wording.ts';

/** Words after which a reader has lost the beginning. */
export const LONGEST_SENTENCE = 22;

/** All that a reader would stumble over, kind by kind. */
export function findProblems(text: string): readonly Problem[] {
  const paragraphs = paragraphsOf(text);
  const sentences = paragraphs.flatMap(sentencesOf);
  const running = paragraphs.join('\n');
  const lower = running.toLowerCase();
  return [
    ...[...running.matchAll(REPEATED_WORD)].map(([about]): Problem => ({ kind: 'repeated word', about })),
    ...wordyPhrases
      .filter(([phrase]) => lower.includes(phrase))
      .map(([phrase]): Problem => ({ kind: 'wordy phrase', about: phrase.trim() })),
    ...fillers
      .filter((filler) => fillerPattern(filler).test(running))
      .map((about): Problem => ({ kind: 'filler', about })),
    ...sentences
      .filter((sentence) => wordsOf(sentence).length > LONGEST_SENTENCE)
      .map((about): Problem => ({ kind: 'long sentence', about })),
    ...[...running.matchAll(PASSIVE)].map(([about]): Problem => ({ kind: 'passive', about })),
  ];
}

/** How well a text reads, 0 to 1: what a sentence has of problems on average, each kind by its weight. */
export function scoreOf(text: string, problems: readonly Problem[]): number {
  const sentences = paragraphsOf(text).flatMap(sentencesOf).length;
  const weight = problems.reduce((sum, { kind }) => sum + (kind === 'passive' ? 0.25 : 1), 0);
  return Math.round(1000 * Math.max(0, 1 - weight / (2 * Math.max(1, sentences)))) / 1000;
}
