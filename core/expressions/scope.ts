import type { Json } from '../json/index.ts';

/** Everything an expression can read. There is no clock, no randomness and no environment in it. */
export interface Scope {
  readonly input: Json;
  /**
   * Tasks upstream of the one that the expression belongs to, by id: `{ output, status, attempts, cached }`, the output null
   * while there is none. Only those that `referencedTasks` names are needed.
   */
  readonly tasks: { readonly [id: string]: Json };
  readonly execution: {
    readonly id: string;
    readonly name: string;
    /** RFC 3339, in UTC: `timestamp(execution.started_at)` takes it. */
    readonly started_at: string;
  };
  readonly workflow: { readonly name: string; readonly version: string };
  /** Position in a fan-out or a `for_each`; absent outside of one. */
  readonly index?: number;
  /** The item, or the batch of items, that a call of a `for_each` is for. */
  readonly item?: Json;
  /** The innermost loop around. `previous` is null in iteration 0, else the body's tasks of the iteration before, in the form of `tasks`. */
  readonly loop?: { readonly index: number; readonly previous: Json };
  /** The event that a trigger starts an execution for. */
  readonly event?: Json;
}

/** What every expression reads. */
export const globalNames = ['input', 'tasks', 'execution', 'workflow'] as const satisfies (keyof Scope)[];

/** What only some places read. */
export const localNames = ['index', 'item', 'loop', 'event'] as const satisfies (keyof Scope)[];
export type LocalName = (typeof localNames)[number];

export const roots: readonly (keyof Scope)[] = [...globalNames, ...localNames];

/** The members of each root that has a fixed set of them. */
export const members: ReadonlyMap<string, readonly string[]> = new Map([
  ['execution', ['id', 'name', 'started_at']],
  ['workflow', ['name', 'version']],
  ['loop', ['index', 'previous']],
  ['event', ['id', 'type', 'source', 'time', 'data']],
]);

export const taskMembers: readonly string[] = ['output', 'status', 'attempts', 'cached'];
