import { InvariantError } from '../core/errors/index.ts';
import { isJsonObject, type JsonObject } from '../core/json/index.ts';
import type { Branch, Machine, State, TaskState } from './asl/asl.ts';
import { textLiteral } from './asl/text-literal.ts';
import { partOfPlaceholder, placeholders } from './lower/calls.ts';

/** What a deployment knows and a plan does not. */
export interface LinkTargets {
  /** Names or ARNs of the functions that the machine calls. */
  readonly begin: string;
  readonly dispatch: string;
  readonly conclude: string;
  readonly tenant: string;
  /** The published version that executions started in the Step Functions console belong to. */
  readonly workflow: string;
  readonly version: string;
  /** Names or ARNs of the machines of its parts, by number; absent for a workflow of one machine. */
  readonly part?: (number: number) => string;
}

/** Puts the targets where the placeholders are: the called function, three members of a call's payload, the machine of a part. Nothing else is read. */
export function link(machine: Machine, targets: LinkTargets): Machine {
  const functions = new Map<string, string>([
    [placeholders.begin, targets.begin],
    [placeholders.dispatch, targets.dispatch],
    [placeholders.conclude, targets.conclude],
  ]);
  const texts = {
    tenant: textLiteral(targets.tenant),
    workflow: textLiteral(targets.workflow),
    version: textLiteral(targets.version),
  };
  const linkTask = (state: TaskState): TaskState => {
    const { FunctionName, Payload, StateMachineArn } = state.Arguments ?? {};
    const part = typeof StateMachineArn === 'string' ? partOfPlaceholder(StateMachineArn) : undefined;
    const machineOfPart = part === undefined ? undefined : targets.part?.(part);
    if (machineOfPart !== undefined) {
      return { ...state, Arguments: { ...state.Arguments, StateMachineArn: machineOfPart } };
    }
    const target = typeof FunctionName === 'string' ? functions.get(FunctionName) : undefined;
    if (target === undefined || !isJsonObject(Payload)) throw notLinkable(state);
    return { ...state, Arguments: { FunctionName: target, Payload: linkPayload(Payload, texts) } };
  };
  return { ...machine, ...mapTasks(machine, linkTask) };
}

function linkPayload(payload: JsonObject, texts: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(payload).map(([key, value]) => [key, texts[key] ?? value]));
}

function mapTasks({ StartAt, States }: Branch, map: (task: TaskState) => TaskState): Branch {
  const mapState = (state: State): State => {
    if (state.Type === 'Task') return map(state);
    if (state.Type !== 'Parallel') return state;
    return { ...state, Branches: state.Branches.map((branch) => mapTasks(branch, map)) };
  };
  return {
    StartAt,
    States: Object.fromEntries(Object.entries(States).map(([name, state]) => [name, mapState(state)])),
  };
}

function notLinkable({ Resource }: TaskState): InvariantError {
  return new InvariantError({
    code: 'machine_not_linkable',
    message: `A task of ${Resource} calls none of the functions and machines to link; is the machine linked already?`,
  });
}
