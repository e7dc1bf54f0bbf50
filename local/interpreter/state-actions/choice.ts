import type { ChoiceState } from '../machine.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';

/** The first rule that holds decides; a rule's Assign and Output apply to that rule alone, the state's own to the Default. */
export async function runChoice(state: ChoiceState, visit: StateVisit): Promise<Outcome> {
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}]`;
    if (!(await visit.fillAs('boolean', rule.Condition, `${field}/Condition`))) continue;
    return visit.leave(rule, visit.input, {}, `${field}/`);
  }
  if (state.Default === undefined) {
    throw visit.failure('States.NoChoiceMatched', 'No rule holds and there is no default to go to.');
  }
  return visit.leave({ ...state, Next: state.Default }, visit.input);
}
