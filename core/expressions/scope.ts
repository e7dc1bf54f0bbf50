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
  /** Position in a fan-out; absent outside of one. */
  readonly index?: number;
}

export const roots = ['input', 'tasks', 'execution', 'workflow', 'index'] as const satisfies (keyof Scope)[];

/** The members of each root that has a fixed set of them. */
export const members: ReadonlyMap<string, readonly string[]> = new Map([
  ['execution', ['id', 'name', 'started_at']],
  ['workflow', ['name', 'version']],
]);

export const taskMembers: readonly string[] = ['output', 'status', 'attempts', 'cached'];
