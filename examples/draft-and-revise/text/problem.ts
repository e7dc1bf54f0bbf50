export const problemKinds = ['repeated word', 'wordy phrase', 'filler', 'long sentence', 'passive'] as const;
export type ProblemKind = (typeof problemKinds)[number];

/** Something that a reader would stumble over. */
export interface Problem {
  readonly kind: ProblemKind;
  /** The words, or the sentence, that it is about. */
  readonly about: string;
}
