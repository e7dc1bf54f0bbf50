import type { ChoiceState } from '../../../statemachines/index.ts';
import type { Outcome, StateVisit } from '../state-visit.ts';

/** The first rule that holds decides; a rule's Output applies to that rule alone. */
export async function runChoice(state: ChoiceState, visit: StateVisit): Promise<Outcome> {
  for (const [index, rule] of state.Choices.entries()) {
    const field = `Choices[${index}]`;
    if (!(await visit.fillAs('boolean', rule.Condition, `${field}/Condition`))) continue;
    return { output: await visit.output(rule.Output, visit.input, {}, `${field}/Output`), next: rule.Next };
  }
  if (state.Default === undefined) {
    throw visit.failure('States.NoChoiceMatched', 'No rule holds and there is no default to go to.');
  }
  return { output: visit.input, next: state.Default };
}
