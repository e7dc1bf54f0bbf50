import { assertNever } from '../../core/errors/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { Branch, State } from './machine.ts';
import { runChoice } from './state-actions/choice.ts';
import { runFail } from './state-actions/fail.ts';
import { runMap } from './state-actions/map.ts';
import { runParallel } from './state-actions/parallel.ts';
import { runPass } from './state-actions/pass.ts';
import { runSucceed } from './state-actions/succeed.ts';
import { runTask } from './state-actions/task.ts';
import { runWait } from './state-actions/wait.ts';
import { StateFailure } from './state-failure.ts';
import { StateVisit, type Outcome } from './state-visit.ts';
import type { Strand } from './strand.ts';

/** Runs states one after the other and gives the last one's output. A loop, so that long branches need no stack. */
export async function runBranch({ surroundings, branch, run, ...start }: Strand): Promise<Json> {
  let { input, variables } = start;
  let name = branch.StartAt;
  for (;;) {
    // Waits even when there is no pause: or nested branches would start on one stack.
    await surroundings.pacer();
    const state = stateNamed(name, branch);
    const enteredBy = run.enter(state.Type, `${state.Type}StateEntered`, { name, input });
    const visit = new StateVisit({ surroundings, branch: run, name, input, variables, enteredBy });
    const { output, next, assigned } = await runState(state, visit);
    // A Fail state never gets here: it has no event of leaving.
    if (state.Type !== 'Fail') {
      run.leave(`${state.Type}StateExited`, { name, output, ...(assigned && { assignedVariables: assigned }) });
    }
    if (assigned) variables = { ...variables, ...assigned };
    if (next === undefined) return output;
    name = next;
    input = output;
  }
}

function stateNamed(name: string, { States }: Branch): State {
  const state = Object.hasOwn(States, name) ? States[name] : undefined;
  if (state) return state;
  throw new StateFailure({ error: 'States.Runtime', cause: `There is no state '${name}' in its branch.` });
}

function runState(state: State, visit: StateVisit): Promise<Outcome> {
  switch (state.Type) {
    case 'Pass':
      return runPass(state, visit);
    case 'Task':
      return runTask(state, visit);
    case 'Choice':
      return runChoice(state, visit);
    case 'Parallel':
      return runParallel(state, visit, runBranch);
    case 'Map':
      return runMap(state, visit, runBranch);
    case 'Wait':
      return runWait(state, visit);
    case 'Succeed':
      return runSucceed(state, visit);
    case 'Fail':
      return runFail(state, visit);
    default:
      return assertNever(state, 'a state');
  }
}
