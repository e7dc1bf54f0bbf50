import type { Json, JsonObject } from '../../../core/json/index.ts';
import { executionArn } from '../execution-context.ts';
import type { MachineResult, MachineStart } from '../running-machine.ts';
import { StateFailure } from '../state-failure.ts';
import { uuidFrom } from '../uuid.ts';
import type { Answers, Pattern, TaskCall } from './integration.ts';

/** Starts another machine, and with the sync patterns runs it as a part of this one: it ends with the task at the latest. */
export function startExecution({ parameters, pattern, visit }: TaskCall): Answers {
  const { options, startMachine } = visit.surroundings;
  const { StateMachineArn, Input, Name } = parameters;
  const arn = typeof StateMachineArn === 'string' ? StateMachineArn : '';
  const found = options.findMachine?.(arn);
  if (!found) {
    throw refusal('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
  }
  const name = typeof Name === 'string' ? Name : uuidFrom(options.random);
  const start = { ...found, name, input: inputOf(Input) };
  const startedAt = options.clock.now();
  const child = startMachine(start);
  const response = Promise.resolve({ ExecutionArn: executionArn(start), StartDate: startedAt });
  if (pattern !== 'sync' && pattern !== 'sync:2') return { response };
  const end = child.result.then((result) => {
    const description = { start, arn, startedAt, stoppedAt: options.clock.now(), result };
    return outputOf(description, pattern);
  });
  return { response, end, letGo: () => child.stop('The task that started this execution has ended.') };
}

interface Description {
  readonly start: MachineStart;
  readonly arn: string;
  readonly startedAt: number;
  readonly stoppedAt: number;
  readonly result: MachineResult;
}

function outputOf(description: Description, pattern: Pattern): Json {
  const { start, result } = description;
  if (result.status !== 'SUCCEEDED') {
    throw new StateFailure({ error: 'States.TaskFailed', cause: JSON.stringify(described(description)) });
  }
  const { input } = start;
  const { output } = result;
  // What sets :2 apart: values where the first version gives their JSON texts.
  return pattern === 'sync:2' ? { ...described(description), Input: input, Output: output } : described(description);
}

/** As DescribeExecution tells it, in the order of the names, without what is said of redriving. */
function described({ start, arn, startedAt, stoppedAt, result }: Description): JsonObject {
  return {
    ...(result.status !== 'SUCCEEDED' && result.cause !== undefined && { Cause: result.cause }),
    ...(result.status === 'FAILED' && result.error !== undefined && { Error: result.error }),
    ExecutionArn: executionArn(start),
    Input: JSON.stringify(start.input),
    InputDetails: { Included: true },
    Name: start.name,
    ...(result.status === 'SUCCEEDED' && {
      Output: JSON.stringify(result.output),
      OutputDetails: { Included: true },
    }),
    StartDate: startedAt,
    StateMachineArn: arn,
    Status: result.status,
    StopDate: stoppedAt,
  };
}

/** A text is taken for JSON text, anything else as it is; nothing is the empty object. */
function inputOf(Input: Json | undefined): Json {
  if (Input === undefined || Input === null) return {};
  if (typeof Input !== 'string') return Input;
  try {
    return JSON.parse(Input) as Json;
  } catch {
    throw refusal('InvalidExecutionInput', `Invalid State Machine Execution Input: '${Input}'`);
  }
}

function refusal(what: string, cause: string): StateFailure {
  return new StateFailure({ error: `StepFunctions.${what}Exception`, cause });
}
