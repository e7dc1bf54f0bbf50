export type Severity = 'error' | 'warning' | 'advice';

/** A place in a source text. Lines and columns start at 1; the end is exclusive; columns count UTF-16 units. */
export interface SourceRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export interface RelatedPlace {
  readonly message: string;
  readonly path: string;
  readonly range?: SourceRange;
}

/** A finding on a definition: a value, never thrown. All of a document's findings are collected. */
export interface Diagnostic {
  /** Stable, from the code table: `DEF101`, `VAL203`, … */
  readonly code: string;
  readonly severity: Severity;
  /** One sentence in plain words. */
  readonly message: string;
  /** Where in the document: `workflow.tasks[2].depends_on[0]`. */
  readonly path: string;
  readonly range?: SourceRange;
  /** What to do about it: "did you mean `clone`?" */
  readonly hint?: string;
  readonly related?: readonly RelatedPlace[];
}
