import { isJsonObject, parseJson, type Json, type JsonObject } from '../../../core/json/index.ts';
import type { MachineResult, MachineStart } from '../running-machine.ts';
import { StateFailure } from '../state-failure.ts';
import { uuidFrom } from '../uuid.ts';
import type { TaskAnswers } from '../task-answers.ts';
import type { TaskCall } from './integration.ts';

/** Starts another machine; with the sync patterns as a part of this one, which ends with the task at the latest. */
export function startExecution({ parameters, pattern, visit }: TaskCall): TaskAnswers {
  const { options, startMachine } = visit.surroundings;
  const { StateMachineArn, Input, Name } = isJsonObject(parameters) ? parameters : {};
  const machineArn = typeof StateMachineArn === 'string' ? StateMachineArn : '';
  const found = options.findMachine?.(machineArn);
  if (!found) throw refusal('StateMachineDoesNotExist', `State Machine Does Not Exist: '${machineArn}'`);
  const name = typeof Name === 'string' ? Name : uuidFrom(options.random);
  const start = { ...found, name, input: inputOf(Input) };
  const startedAt = options.clock.now();
  const child = startMachine(start);
  const response = Promise.resolve({ ExecutionArn: child.arn, StartDate: startedAt });
  if (pattern !== 'sync' && pattern !== 'sync:2') return { response };
  const end = child.result.then((result) => {
    const times = { startedAt, stoppedAt: options.clock.now() };
    const told = tell({ start, machineArn, executionArn: child.arn, result, ...times });
    // What sets :2 apart: values where the first version gives their JSON texts.
    return pattern === 'sync:2' ? { ...told, Input: start.input, Output: outputOf(result) } : told;
  });
  return { response, end, letGo: () => child.stop('The task that started this execution has ended.') };
}

interface Ended {
  readonly start: MachineStart;
  readonly machineArn: string;
  readonly executionArn: string;
  readonly startedAt: number;
  readonly stoppedAt: number;
  readonly result: MachineResult;
}

/** An execution as DescribeExecution tells it, without what is said of redriving; a failure if it did not succeed. */
function tell({ start, machineArn, executionArn, startedAt, stoppedAt, result }: Ended): JsonObject {
  const told = {
    ...('cause' in result && { Cause: result.cause }),
    ...('error' in result && { Error: result.error }),
    ExecutionArn: executionArn,
    Input: JSON.stringify(start.input),
    InputDetails: { Included: true },
    Name: start.name,
    ...('output' in result && { Output: JSON.stringify(result.output), OutputDetails: { Included: true } }),
    StartDate: startedAt,
    StateMachineArn: machineArn,
    Status: result.status,
    StopDate: stoppedAt,
  };
  if (result.status === 'SUCCEEDED') return told;
  throw new StateFailure({ error: 'States.TaskFailed', cause: JSON.stringify(told) });
}

const outputOf = (result: MachineResult): Json => ('output' in result ? result.output : null);

/** A text is taken for JSON text, anything else as it is; nothing is the empty object. */
function inputOf(Input: Json | undefined): Json {
  if (Input === undefined || Input === null) return {};
  if (typeof Input !== 'string') return Input;
  try {
    return parseJson(Input);
  } catch {
    throw refusal('InvalidExecutionInput', `Invalid State Machine Execution Input: '${Input}'`);
  }
}

function refusal(what: string, cause: string): StateFailure {
  return new StateFailure({ error: `StepFunctions.${what}Exception`, cause });
}
