import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  ListExecutionsCommand,
  paginateGetExecutionHistory,
  SendTaskFailureCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
  StopExecutionCommand,
  type HistoryEvent,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { setTimeout as delay } from 'node:timers/promises';
import type { Json } from '../../../core/json/index.ts';

/** How an execution stands; `RUNNING` until its end. */
export interface DistantEnd {
  readonly status: string;
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
}

/** The calls of Step Functions that the comparison needs. */
export interface StepFunctions {
  /** Answers the machine's ARN. */
  create(name: string, definition: Json): Promise<string>;
  /** Answers the execution's ARN. */
  start(machine: string, name: string, input: Json): Promise<string>;
  stop(execution: string, cause: string): Promise<void>;
  succeed(token: string, output: Json): Promise<boolean>;
  fail(token: string, error: string, cause: string): Promise<boolean>;
  look(execution: string): Promise<DistantEnd>;
  /** Waits for its end. */
  end(execution: string): Promise<DistantEnd>;
  executionsOf(machine: string): Promise<readonly string[]>;
  history(execution: string): Promise<readonly HistoryEvent[]>;
}

const ROLE = 'arn:aws:iam::000000000000:role/skein-test';
/** Milliseconds between two looks at an execution that is about to end. */
const POLL = 30;
const gone = new Set(['TaskTimedOut', 'InvalidToken', 'TaskDoesNotExist']);

export function createStepFunctionsCalls(client: SFNClient): StepFunctions {
  const answered = async (answer: Promise<unknown>): Promise<boolean> => {
    try {
      await answer;
      return true;
    } catch (error) {
      if (error instanceof Error && gone.has(error.name)) return false;
      throw error;
    }
  };
  const look = async (executionArn: string): Promise<DistantEnd> => {
    const { status = '', output, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return { status, output, error, cause };
  };
  return {
    async create(name, definition) {
      const command = new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn: ROLE });
      return given((await client.send(command)).stateMachineArn);
    },
    async start(stateMachineArn, name, input) {
      const command = new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) });
      return given((await client.send(command)).executionArn);
    },
    async stop(executionArn, cause) {
      await client.send(new StopExecutionCommand({ executionArn, cause }));
    },
    succeed: (taskToken, output) =>
      answered(client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }))),
    fail: (taskToken, error, cause) => answered(client.send(new SendTaskFailureCommand({ taskToken, error, cause }))),
    look,
    async end(executionArn) {
      for (;;) {
        const end = await look(executionArn);
        if (end.status !== 'RUNNING') return end;
        await delay(POLL);
      }
    },
    async executionsOf(stateMachineArn) {
      const { executions = [] } = await client.send(new ListExecutionsCommand({ stateMachineArn }));
      return executions.map(({ executionArn }) => given(executionArn));
    },
    async history(executionArn) {
      const events: HistoryEvent[] = [];
      for await (const page of paginateGetExecutionHistory({ client, pageSize: 1_000 }, { executionArn }))
        events.push(...(page.events ?? []));
      return events;
    },
  };
}

function given(arn: string | undefined): string {
  if (arn === undefined) throw new Error('Step Functions answered without an ARN');
  return arn;
}
