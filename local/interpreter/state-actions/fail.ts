import type { FailState } from '../machine.ts';
import { StateFailure } from '../state-failure.ts';
import type { StateVisit } from '../state-visit.ts';

/** Never gives an outcome: fails its branch, and what encloses that may catch it. */
export async function runFail(state: FailState, visit: StateVisit): Promise<never> {
  const error = state.Error === undefined ? undefined : await visit.fillAs('string', state.Error, 'Error');
  const cause = state.Cause === undefined ? undefined : await visit.fillAs('string', state.Cause, 'Cause');
  throw new StateFailure({ error, cause });
}
