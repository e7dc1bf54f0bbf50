import { isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';
import type { Branch, Retrier, State } from '../asl/asl.ts';
import type { BranchWriter } from '../asl/branch-writer.ts';
import { partPlaceholder, TIMEOUT_SECONDS } from './calls.ts';
import { reading } from './lower-loop.ts';
import type { Lowering } from './lowering.ts';

/** A machine that runs a part of another one's execution. */
export interface PartCall {
  readonly number: number;
  readonly name: string;
  /** The variables of the loops around it, outermost first. */
  readonly rounds: readonly string[];
}

/** The name of the whole execution: of the root's own, and in a part, whose execution has another name, what it was given. */
const IN_ROOT = '$states.context.Execution.Name';
const IN_PART = '$execution';

/** Errors of the start itself. How a part ends is no error that a retry could mend. */
const startErrors: Retrier = {
  ErrorEquals: [
    'StepFunctions.ExecutionLimitExceeded',
    'StepFunctions.ExecutionLimitExceededException',
    'StepFunctions.SdkClientException',
    'StepFunctions.ServiceException',
  ],
  IntervalSeconds: 1,
  BackoffRate: 2,
  MaxAttempts: 8,
  MaxDelaySeconds: 60,
  JitterStrategy: 'FULL',
};

/** Names of executions have 80 characters at the most, and what is appended needs some. Ours have 31; people may give longer ones. */
const LONGEST_PREFIX = 40;

/**
 * A part in the machine that it was cut out of: one state that starts it and waits for its end. Its failure is caught by nobody here, as
 * whatever stops an execution is not, and so reaches `work`. The name makes a repeated start the same start.
 */
export function lowerPart({ number, name, rounds }: PartCall, writer: BranchWriter, lowering: Lowering): void {
  const prefix = `($length(${IN_ROOT}) > ${LONGEST_PREFIX} ? $hash(${IN_ROOT}, 'SHA-1') : ${IN_ROOT})`;
  const executionName = [prefix, `'-${number}'`, ...rounds.map((round) => `'-' & $string($${round})`)].join(' & ');
  const inputs = Object.fromEntries(rounds.map((round) => [round, reading(round)]));
  writer.append(lowering.claim(name), ({ transition }) => ({
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution.sync:2',
    Arguments: {
      StateMachineArn: partPlaceholder(number),
      Name: `{% ${executionName} %}`,
      Input: { execution: `{% ${IN_ROOT} %}`, ...inputs },
    },
    TimeoutSeconds: TIMEOUT_SECONDS,
    Retry: [startErrors],
    Output: {},
    ...transition,
  }));
}

/** The states of a part with what they read of the machine around them: the execution's name and the numbers of the loops. */
export function asPart(branch: Branch, rounds: readonly string[], enter: string): Branch {
  const inputs = Object.fromEntries(rounds.map((round) => [round, `{% $states.input.${round} %}`]));
  const assigned: JsonObject = { execution: '{% $states.input.execution %}', ...inputs };
  const first: State = { Type: 'Pass', Assign: assigned, Output: {}, Next: branch.StartAt };
  return { StartAt: enter, States: { [enter]: first, ...inPart(branch).States } };
}

/** All calls name the execution of the root, whichever part they stand in. */
function inPart({ StartAt, States }: Branch): Branch {
  const mapState = (state: State): State => {
    if (state.Type === 'Parallel') return { ...state, Branches: state.Branches.map(inPart) };
    if (state.Type !== 'Task') return state;
    // Texts of authors are not touched: what they wrote never holds an expression.
    return { ...state, Arguments: Object.fromEntries(Object.entries(state.Arguments ?? {}).map(renamed)) };
  };
  return {
    StartAt,
    States: Object.fromEntries(Object.entries(States).map(([name, state]) => [name, mapState(state)])),
  };
}

/** Of a call's arguments the payload, of a part's start its name and its input. */
function renamed([key, value]: readonly [string, Json]): [string, Json] {
  if (isJsonObject(value)) return [key, { ...value, execution: `{% ${IN_PART} %}` }];
  return [key, key === 'Name' && typeof value === 'string' ? value.replaceAll(IN_ROOT, IN_PART) : value];
}
