/** Why a document is no machine that runs here. */
export interface MachineFault {
  readonly code: FaultCode;
  /** As Step Functions writes it: /States/ask/Catch[0]/Next. */
  readonly place: string;
  readonly message: string;
  readonly hint: string;
}

export type FaultCode =
  | 'no_machine'
  | 'jsonpath'
  | 'unknown_state_type'
  | 'unknown_field'
  | 'missing_field'
  | 'wrong_field'
  | 'unknown_state'
  | 'bad_expression'
  | 'not_supported';

/** A way into the document: names, and positions in lists. */
export type Path = readonly PropertyKey[];

export function placeOf(path: Path): string {
  if (path.length === 0) return '/';
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `/${String(step)}`)).join('');
}
