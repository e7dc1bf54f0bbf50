import type { Scenario } from '../../simulation/index.ts';
import { Judge } from './judge.ts';
import { checkLinearExtension } from './linear-extension.ts';
import { startExecution } from './moves.ts';
import type { Observed } from './observed.ts';
import { readScenario } from './reading.ts';
import { theRules } from './replaceable-rules.ts';
import { rosterViolations } from './roster.ts';
import { Search } from './search.ts';
import { State } from './state.ts';

/**
 * What is wrong with an observed execution; empty when the rules allow it: when the reference has choices that lead to it.
 * The search takes the same steps as the reference and turns back where one contradicts what was observed. What was observed also
 * tells which step to try first, so that a right engine is followed nearly straight to its end.
 *
 * Beyond the reference's choices there is this freedom: a stop may write `cancelled` at any moment until the execution's end, and a container that waits for such may end then.
 */
export function allows(scenario: Scenario, observed: Observed): string[] {
  const workflow = readScenario(scenario);
  const state = new State({ scenario, workflow, rules: theRules, witness: new Judge(observed, workflow) });
  startExecution(state, '', { workflow, timeout: Infinity, input: scenario.input });
  const search = new Search(observed, (end) => rosterViolations(end, observed));
  return search.explains(state) ? checkLinearExtension(workflow, observed.tasks) : search.complaints;
}
