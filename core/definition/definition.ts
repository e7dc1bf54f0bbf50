import type { SourceRange } from '../diagnostics/index.ts';
import type { WorkflowDocument } from './schema.ts';

/** A way into a document: keys and positions, from its root. */
export type Path = readonly (string | number)[];

/** A text that was read, and where its parts stand. */
export interface SourceText {
  /** For people: a file name. */
  readonly name: string;
  readonly text: string;
  /**
   * Where the value at the path stands (`part: 'key'`: its key). A value of several lines is shown by its key. Undefined for a
   * path that the text does not have.
   */
  rangeOf(path: Path, part?: 'key' | 'value'): SourceRange | undefined;
  /** Where a piece of the text at the path stands; the whole value when it is written with escapes or folded lines. */
  rangeWithin(path: Path, piece: { readonly offset: number; readonly length: number }): SourceRange | undefined;
}

/** A document whose shape is right. Whether it means something is validation's business. */
export interface Definition {
  readonly source: SourceText;
  readonly workflow: WorkflowDocument;
}
