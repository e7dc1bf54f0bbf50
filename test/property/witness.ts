import type { Json } from '../../core/json/index.ts';
import type { Entry, Execution, State } from './state.ts';

/** Who is told what happens: one writes it down, another holds it against what an engine did. */
export interface Witness {
  called(state: State, entry: Entry): void;
  settled(state: State, entry: Entry): void;
  /** A container has opened, a loop its iteration `round`. */
  opened(state: State, entry: Entry, round?: number): void;
  started(state: State, execution: Execution): void;
  stopped(state: State, execution: Execution): void;
  ended(state: State, execution: Execution, output: Json): void;
  /** Milliseconds until the next attempt, within the closed range. */
  delayOf(state: State, entry: Entry, range: { readonly least: number; readonly most: number }): number;
  /** Nothing happens any more in this millisecond. */
  advancing(state: State, to: number): void;
}
