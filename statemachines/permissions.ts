import type { Branch, Machine, TaskState } from './asl/asl.ts';
import { partOfPlaceholder, placeholders } from './lower/calls.ts';

/** One thing that a role must allow. */
export interface Permission {
  readonly action: string;
  /**
   * `function:dispatch`, `stateMachine:parts`, `execution:parts`, `rule:…`: a deployment has the ARN, a plan has not.
   */
  readonly resource: string;
}

/** The rule in the account by which Step Functions hears of the end of a machine that another one has started. */
const PART_RULE = 'rule:StepFunctionsGetEventsForStepFunctionsExecutionRule';

/** What starting a part, waiting for its end and stopping it ask of the role (AWS's list for `startExecution.sync:2`). */
const ofParts: readonly Permission[] = [
  { action: 'states:StartExecution', resource: 'stateMachine:parts' },
  { action: 'states:DescribeExecution', resource: 'execution:parts' },
  { action: 'states:StopExecution', resource: 'execution:parts' },
  ...['events:PutTargets', 'events:PutRule', 'events:DescribeRule'].map((action) => ({ action, resource: PART_RULE })),
];

const functions = new Map<string, string>([
  [placeholders.begin, 'function:begin'],
  [placeholders.dispatch, 'function:dispatch'],
  [placeholders.conclude, 'function:conclude'],
]);

/** What the states of unlinked machines do, each once, in the order of their first doing. */
export function permissionsOf(machines: readonly Machine[]): readonly Permission[] {
  const needed = machines.flatMap(tasksOf).flatMap(ofTask);
  return [...new Map(needed.map((permission) => [JSON.stringify(permission), permission])).values()];
}

function ofTask({ Arguments: { FunctionName, StateMachineArn } = {} }: TaskState): readonly Permission[] {
  if (typeof StateMachineArn === 'string' && partOfPlaceholder(StateMachineArn) !== undefined) return ofParts;
  const resource = typeof FunctionName === 'string' ? functions.get(FunctionName) : undefined;
  return resource === undefined ? [] : [{ action: 'lambda:InvokeFunction', resource }];
}

function tasksOf({ States }: Branch): readonly TaskState[] {
  return Object.values(States).flatMap((state) => {
    if (state.Type === 'Task') return [state];
    return state.Type === 'Parallel' ? state.Branches.flatMap(tasksOf) : [];
  });
}
