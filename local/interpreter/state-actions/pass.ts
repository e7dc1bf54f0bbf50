import type { PassState } from '../../../statemachines/index.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';

export async function runPass(state: PassState, visit: StateVisit): Promise<Outcome> {
  return { output: await visit.output(state.Output, visit.input), next: state.Next };
}
