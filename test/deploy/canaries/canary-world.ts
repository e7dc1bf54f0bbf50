import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  ListStackResourcesCommand,
  waitUntilStackCreateComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  StartExecutionCommand,
  type DescribeExecutionOutput,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { clientConfig, createStepFunctions } from '../emulator/aws-clients.ts';

/** Seconds in which what happens has happened: the first expression starts a JVM, on a machine that does much else. */
const PATIENCE = 60;
/** Seconds of one look into a queue (SQS's limit). */
const LONGEST_LOOK = 20;
const POLL = 50;
const ROLE = 'arn:aws:iam::000000000000:role/nobody';

/** What canaries do on an endpoint. */
export interface CanaryWorld {
  readonly stepFunctions: SFNClient;
  readonly scheduler: SchedulerClient;
  /** Starts an execution of a machine of these states, the first one first, or several at once; answers the first one's ARN. */
  start(states: Readonly<Record<string, object>>, executions?: number): Promise<string>;
  /** An execution when it has ended, or as it stands after so many seconds. */
  end(execution: string, seconds?: number): Promise<DescribeExecutionOutput>;
  /** A state that sends its token to a queue and waits for it. */
  tokenState(queue: string, members: object): object;
  createQueue(): Promise<string>;
  /** The next message of a queue; undefined: none within so many seconds. */
  receive(queue: string, seconds?: number): Promise<string | undefined>;
  /** Creates a stack with this resource in it; answers the resource's physical id. */
  deploy(resource: { readonly Type: string; readonly Properties: object }): Promise<string>;
  /** Has a queue sent a message once, two seconds from now. */
  schedule(queue: string): Promise<void>;
}

export function createCanaryWorld(endpoint: string): CanaryWorld {
  const stepFunctions = createStepFunctions(endpoint);
  const scheduler = new SchedulerClient(clientConfig(endpoint));
  const sqs = new SQSClient(clientConfig(endpoint));
  const cloudFormation = new CloudFormationClient(clientConfig(endpoint));
  const name = (): string => `canary-${randomUUID().slice(0, 8)}`;
  return {
    stepFunctions,
    scheduler,
    async start(States, executions = 1) {
      const definition = JSON.stringify({ QueryLanguage: 'JSONata', StartAt: Object.keys(States)[0], States });
      const machine = await stepFunctions.send(
        new CreateStateMachineCommand({ name: name(), definition, roleArn: ROLE }),
      );
      const { stateMachineArn } = machine;
      const starts = Array.from({ length: executions }, () =>
        stepFunctions.send(new StartExecutionCommand({ stateMachineArn })),
      );
      const [started] = await Promise.all(starts);
      return started?.executionArn ?? '';
    },
    async end(executionArn, seconds = PATIENCE) {
      const until = Date.now() + seconds * 1_000;
      for (;;) {
        const look = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
        if (look.status !== 'RUNNING' || Date.now() > until) return look;
        await delay(POLL);
      }
    },
    tokenState: (QueueUrl, members) => ({
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      Arguments: { QueueUrl, MessageBody: '{% $states.context.Task.Token %}' },
      End: true,
      ...members,
    }),
    async createQueue() {
      return (await sqs.send(new CreateQueueCommand({ QueueName: name() }))).QueueUrl ?? '';
    },
    async receive(QueueUrl, seconds = PATIENCE) {
      for (let left = seconds; left > 0; left -= LONGEST_LOOK) {
        const look = { QueueUrl, WaitTimeSeconds: Math.min(left, LONGEST_LOOK) };
        const { Messages } = await sqs.send(new ReceiveMessageCommand(look));
        const [found] = Messages ?? [];
        if (!found) continue;
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: found.ReceiptHandle }));
        return found.Body;
      }
      return undefined;
    },
    async deploy(Resource) {
      const StackName = name();
      const TemplateBody = JSON.stringify({ Resources: { Resource } });
      await cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody }));
      await waitUntilStackCreateComplete({ client: cloudFormation, maxWaitTime: 30, minDelay: 1 }, { StackName });
      const listed = await cloudFormation.send(new ListStackResourcesCommand({ StackName }));
      await cloudFormation.send(new DeleteStackCommand({ StackName }));
      return listed.StackResourceSummaries?.[0]?.PhysicalResourceId ?? '';
    },
    async schedule(queue) {
      const at = new Date(Date.now() + 2_000).toISOString().slice(0, 19);
      const Arn = `arn:aws:sqs:us-east-1:000000000000:${queue.slice(queue.lastIndexOf('/') + 1)}`;
      await scheduler.send(
        new CreateScheduleCommand({
          Name: name(),
          ScheduleExpression: `at(${at})`,
          FlexibleTimeWindow: { Mode: 'OFF' },
          Target: { Arn, RoleArn: ROLE, Input: '{}' },
        }),
      );
    },
  };
}
