import type { PassState } from '../machine.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';

export function runPass(state: PassState, visit: StateVisit): Promise<Outcome> {
  return visit.leave(state, visit.input);
}
