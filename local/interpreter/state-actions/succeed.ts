import type { SucceedState } from '../machine.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';

/** Ends its branch, which is the machine only at the top level. */
export function runSucceed(state: SucceedState, visit: StateVisit): Promise<Outcome> {
  return visit.leave(state, visit.input);
}
