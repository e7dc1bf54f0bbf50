// One recording, run again: the tasks answer what they answered AWS.
import type { Json } from '../../core/json/index.ts';
import {
  createMachineStage,
  type Interpreter,
  type Machine,
  type MachineResult,
  type TaskAnswers,
  type TaskRequest,
} from '../local/interpreter/machine-stage.ts';
import { matches } from './compare.ts';
import type { RecordedCall, Recording } from './recordings.ts';

export async function replay(recording: Recording, machine: Machine): Promise<MachineResult> {
  const left = [...recording.tasks];
  const { context, wildcards = [] } = recording;
  const stage = createMachineStage({
    ...(context && { home: { region: context.region, account: context.accountId, roleArn: context.roleArn } }),
    standIn: (request) => {
      const call = takeCall(left, request, wildcards);
      return call ? answersOf(call, request, () => stage.interpreter) : { response: unrecorded(request) };
    },
  });
  const names = context && { machineName: context.stateMachineName, name: context.executionName };
  return stage.run(machine, recording.input, names);
}

/** The state's next call. Iterations of a Map may come in any order, so that what it was called with decides first. */
function takeCall(
  left: RecordedCall[],
  { state, parameters }: TaskRequest,
  wildcards: readonly string[],
): RecordedCall | undefined {
  const ofState = left.filter((call) => call.state === state);
  const isSame = (call: RecordedCall): boolean => matches(call.parameters ?? call.input, parameters, wildcards);
  const call = ofState.find(isSame) ?? ofState[0];
  if (call) left.splice(left.indexOf(call), 1);
  return call;
}

async function unrecorded({ state, parameters }: TaskRequest): Promise<never> {
  throw new Error(`No call of ${state} with ${JSON.stringify(parameters)} was recorded.`);
}

const never = (): Promise<never> => new Promise(() => undefined);

function answersOf(call: RecordedCall, request: TaskRequest, interpreter: () => Interpreter): TaskAnswers {
  if (call.submitted === undefined) return { response: endOf(call) };
  const response = Promise.resolve(call.submitted);
  const { token } = request;
  if (token === undefined) return { response, end: endOf(call) };
  const { output, error, cause, timedOut } = call.result;
  if (output !== undefined) interpreter().sendTaskSuccess(token, output);
  else if (!timedOut) interpreter().sendTaskFailure(token, error ?? undefined, cause);
  return { response };
}

async function endOf({ result }: RecordedCall): Promise<Json> {
  const { output, error, cause = '', timedOut } = result;
  if (timedOut) return never();
  if (output !== undefined) return output;
  // What the function answered was too long to be recorded.
  if (error === 'States.DataLimitExceeded') return 'x'.repeat(300_000);
  throw Object.assign(new Error(cause), { name: error });
}
