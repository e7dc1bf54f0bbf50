import type { Json, JsonObject } from '../../core/json/index.ts';
import type { BranchRun } from './branch-run.ts';
import type { Branch } from './machine.ts';
import type { Surroundings } from './state-visit.ts';

/** What is needed to run a branch: the machine's own, a Parallel's, or a Map's for one item. */
export interface Strand {
  readonly surroundings: Surroundings;
  readonly branch: Branch;
  readonly run: BranchRun;
  readonly input: Json;
  /** What the enclosing scopes have assigned. The branch's own assignments end with it. */
  readonly variables: JsonObject;
}

/** Runs a strand's states to its end. Handed to the states that hold branches, because these may hold such states. */
export type RunStrand = (strand: Strand) => Promise<Json>;
