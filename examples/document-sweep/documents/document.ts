export interface Heading {
  readonly level: number;
  readonly text: string;
  /** From 1. */
  readonly line: number;
}

export interface Link {
  readonly target: string;
  readonly line: number;
}

/** What is known of a document once it has been read. */
export interface Document {
  /** Within the swept folder, with `/`. */
  readonly path: string;
  readonly words: number;
  readonly headings: readonly Heading[];
  readonly links: readonly Link[];
  /** How often each term stands in it. */
  readonly terms: { readonly [term: string]: number };
}

export interface Problem {
  readonly path: string;
  /** From 1; absent: it is about the whole document. */
  readonly line?: number;
  readonly problem: string;
}

/** The answers of `read`, null for a batch that failed. */
export type Batches = readonly (readonly Document[] | null)[];

export function documentsOf(batches: Batches): readonly Document[] {
  return batches.flatMap((batch) => batch ?? []);
}
