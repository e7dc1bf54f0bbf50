import type { SucceedState } from '../../../statemachines/index.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';

/** Ends its branch, which is the machine only at the top level. */
export function runSucceed(_state: SucceedState, visit: StateVisit): Promise<Outcome> {
  return visit.leave({}, visit.input);
}
