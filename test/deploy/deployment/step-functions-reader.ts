import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  ListTagsForResourceCommand,
  paginateGetExecutionHistory,
  paginateListStateMachines,
  type HistoryEvent,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { isJsonObject, parseJson, type Json } from '../../../core/json/index.ts';

/** States in the order of their arrows; one that has branches or choices with them below its name. */
export type Graph = readonly (string | { readonly [name: string]: readonly Graph[] })[];

/** A machine, as the console of Step Functions shows it. */
export interface ReadMachine {
  readonly roleArn: string;
  readonly graph: Graph;
  readonly tags: Readonly<Record<string, string>>;
}

export interface ReadExecution {
  readonly name: string;
  readonly status: string;
  readonly input: Json;
  readonly output: Json;
  /** States in the order of their visits. */
  readonly visits: readonly string[];
  /** What states that call a function have given it, and been answered. */
  readonly calls: ReadonlyMap<string, { readonly payload: Json; readonly answer: Json }>;
}

/** The ARN of the machine whose name begins so: people look for it in the list. */
export async function findMachine(client: SFNClient, prefix: string): Promise<string> {
  for await (const { stateMachines = [] } of paginateListStateMachines({ client }, {})) {
    const found = stateMachines.find(({ name = '' }) => name.startsWith(prefix));
    if (found?.stateMachineArn !== undefined) return found.stateMachineArn;
  }
  throw new Error(`there is no machine ${prefix}…`);
}

export async function readMachine(client: SFNClient, arn: string): Promise<ReadMachine> {
  const { definition, roleArn = '' } = await client.send(new DescribeStateMachineCommand({ stateMachineArn: arn }));
  const { tags = [] } = await client.send(new ListTagsForResourceCommand({ resourceArn: arn }));
  // What runs is ASL.
  const machine = jsonOf(definition) as unknown as Machine;
  const named = Object.fromEntries(tags.map(({ key = '', value = '' }) => [key, value]));
  return { roleArn, graph: graphFrom(machine.StartAt, machine), tags: named };
}

/** An execution of a machine, by its name. */
export async function readExecution(client: SFNClient, machine: string, execution: string): Promise<ReadExecution> {
  const executionArn = executionArnOf(machine, execution);
  const { name = '', status = '', input, output } = await client.send(new DescribeExecutionCommand({ executionArn }));
  const events: HistoryEvent[] = [];
  for await (const page of paginateGetExecutionHistory({ client }, { executionArn }))
    events.push(...(page.events ?? []));
  const visits = events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
  return { name, status, input: jsonOf(input), output: jsonOf(output), visits, calls: callsOf(events) };
}

export async function executionStatus(client: SFNClient, machine: string, execution: string): Promise<string> {
  const executionArn = executionArnOf(machine, execution);
  return (await client.send(new DescribeExecutionCommand({ executionArn }))).status ?? '';
}

const executionArnOf = (machine: string, execution: string): string =>
  `${machine.replace(':stateMachine:', ':execution:')}:${execution}`;

/** As much of ASL as has arrows in it. */
interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

interface State {
  readonly Next?: string;
  readonly Branches?: readonly Machine[];
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Default?: string;
}

function graphFrom(state: string, machine: Machine): Graph {
  const { Next, Branches, Choices, Default } = machine.States[state] ?? {};
  const ways = Choices && [...Choices.map((choice) => choice.Next), ...(Default === undefined ? [] : [Default])];
  const below =
    Branches?.map((branch) => graphFrom(branch.StartAt, branch)) ?? ways?.map((way) => graphFrom(way, machine));
  return [below ? { [state]: below } : state, ...(Next === undefined ? [] : graphFrom(Next, machine))];
}

/** Events name the one before them: the chain of a state's call goes from its answer back to its entry. */
function callsOf(events: readonly HistoryEvent[]): ReadExecution['calls'] {
  const byId = new Map(events.map((event) => [event.id, event]));
  const calls = new Map<string, { payload: Json; answer: Json }>();
  for (const last of events.filter(({ taskSucceededEventDetails: succeeded }) => succeeded)) {
    let payload: Json = null;
    for (let event = byId.get(last.id); event; event = byId.get(event.previousEventId)) {
      const { taskScheduledEventDetails: scheduled, stateEnteredEventDetails: entered } = event;
      const parameters = jsonOf(scheduled?.parameters);
      if (isJsonObject(parameters)) payload = parameters.Payload ?? null;
      if (!entered?.name) continue;
      calls.set(entered.name, { payload, answer: jsonOf(last.taskSucceededEventDetails?.output) });
      break;
    }
  }
  return calls;
}

function jsonOf(text: string | undefined): Json {
  return text === undefined ? null : parseJson(text);
}
