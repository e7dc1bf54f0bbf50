import { InvariantError } from '../../core/errors/index.ts';
import type { Branch, State } from './asl.ts';
import type { NameTable } from './name-table.ts';

/** Where a state leads. */
export interface Exit {
  /** To be spread into the state. */
  readonly transition: { readonly Next: string } | { readonly End: true };
  /** The state that a caught error goes to: what follows, or at the end of a branch a sink of its own, as Catch cannot End. */
  readonly afterCatch: () => string;
}

/** A state without its ends; it is closed when what follows is known. */
export type OpenState = (exit: Exit) => State;

/**
 * Writes the states of one branch in order. Each is open until the next one or the branch's end closes it, so that nobody who
 * appends must know what follows. Branches of a Parallel are child writers, which share the machine's names.
 */
export class BranchWriter {
  readonly #names: NameTable;
  readonly #open: { readonly name: string; readonly state: OpenState }[] = [];

  constructor(names: NameTable) {
    this.#names = names;
  }

  append(name: string, state: OpenState): void {
    this.#open.push({ name, state });
  }

  get length(): number {
    return this.#open.length;
  }

  /** The name of the state that was appended as number `index`: where a loop goes back to. Throws when there is none. */
  nameAt(index: number): string {
    const state = this.#open[index];
    if (state) return state.name;
    throw new InvariantError({ code: 'empty_loop', message: `A branch has no state ${index} to go back to.` });
  }

  branch(): BranchWriter {
    return new BranchWriter(this.#names);
  }

  finish(): Branch {
    const [first] = this.#open;
    if (!first) throw new InvariantError({ code: 'empty_branch', message: 'A branch of a machine has no states.' });
    const states: [string, State][] = [];
    this.#open.forEach(({ name, state }, index) => {
      const next = this.#open[index + 1]?.name;
      const sinks: [string, State][] = [];
      states.push([name, state(next === undefined ? this.#end(name, sinks) : onTo(next))], ...sinks);
    });
    return { StartAt: first.name, States: Object.fromEntries(states) };
  }

  #end(name: string, sinks: [string, State][]): Exit {
    const afterCatch = (): string => {
      const sink = this.#names.claim(`done ${name}`);
      sinks.push([sink, { Type: 'Succeed' }]);
      return sink;
    };
    return { transition: { End: true }, afterCatch };
  }
}

function onTo(next: string): Exit {
  return { transition: { Next: next }, afterCatch: () => next };
}
