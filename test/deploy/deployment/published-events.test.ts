import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { isJsonObject, parseJson, type JsonObject } from '../../../core/json/index.ts';
import { clientConfig, createLambda } from '../emulator/aws-clients.ts';
import { openDeployedApi, type DeployedApi } from './deployed-api.ts';
import { createLambdaAgent } from './lambda-agent.ts';

/** Of this run alone: an endpoint may have seen others. */
const tenant = `listeners-${Date.now().toString(36)}`;
const PATIENCE = { timeout: 120_000, interval: 200 } as const;

const endpoint = inject('endpoint');
const { name: stage } = inject('deployed');
const lambda = createLambda(endpoint);
const events = new EventBridgeClient(clientConfig(endpoint));
const queues = new SQSClient(clientConfig(endpoint));
const heard: JsonObject[] = [];
let api: DeployedApi;
let queue = '';

/** A rule of somebody who listens: the events of one tenant, into a queue. */
beforeAll(async () => {
  api = await openDeployedApi(tenant);
  queue = (await queues.send(new CreateQueueCommand({ QueueName: tenant }))).QueueUrl ?? '';
  const rule = { EventBusName: `skein-${stage}-events`, Name: tenant };
  const EventPattern = JSON.stringify({ source: [`skein.${stage}`], detail: { tenant: [tenant] } });
  await events.send(new PutRuleCommand({ ...rule, EventPattern }));
  const Arn = `arn:aws:sqs:us-east-1:000000000000:${tenant}`;
  await events.send(
    new PutTargetsCommand({ EventBusName: rule.EventBusName, Rule: rule.Name, Targets: [{ Id: 'queue', Arn }] }),
  );
}, 60_000);
afterAll(() => {
  for (const client of [lambda, events, queues]) client.destroy();
});

/** What has been heard of a type so far. */
async function dataOf(type: string): Promise<readonly JsonObject[]> {
  const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 10 }));
  for (const { Body = '', ReceiptHandle } of Messages) {
    const event = parseJson(Body);
    if (isJsonObject(event) && isJsonObject(event.detail)) heard.push(event.detail);
    await queues.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle }));
  }
  return heard.flatMap((event) => (event.type === type && isJsonObject(event.data) ? [event.data] : []));
}

describe('the bus of a deployment', () => {
  it('tells of a start, of assignments and of checkpoints by the fields that were agreed upon', async () => {
    const answers = `arn:aws:sqs:us-east-1:000000000000:skein-${stage}-answers`;
    const source = 'export const handler = async ({ task }) => task.input;';
    const functionArn = await createLambdaAgent(lambda, { name: tenant, source, answers });
    await api.ask('POST /api/v1/agents/echo/register', { body: { runtime: 'lambda', function: functionArn } });
    await api.publish({
      workflow: {
        name: 'told',
        version: '1',
        agents: { echo: { type: 'echo' } },
        tasks: [
          { id: 'first', agent: 'echo', timeout: 40, input: { said: 'hello' } },
          { id: 'rest', depends_on: ['first'], wait: { event: 'go.on', timeout: '10m' } },
          { id: 'last', agent: 'echo', depends_on: ['first', 'rest'], timeout: 20, input: {} },
        ],
      },
    });

    const execution = await api.execute('told', {});
    await expect.poll(() => dataOf('task.completed'), PATIENCE).not.toEqual([]);
    const { body: paused } = await api.ask(`POST /api/v1/executions/${execution}/pause`);
    await api.ask(`POST /api/v1/executions/${execution}/resume`);
    await api.ask('POST /api/v1/events', { body: { type: 'go.on', data: {} } });
    await expect.poll(async () => (await api.get(execution)).status, PATIENCE).toBe('succeeded');
    await expect.poll(() => dataOf('workflow.execution_completed'), PATIENCE).not.toEqual([]);

    const common = {
      workflow_id: 'told',
      execution_id: execution,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
    };
    expect(await dataOf('workflow.execution_started')).toContainEqual(
      expect.objectContaining({
        ...common,
        orchestration_pattern: 'graph',
        estimated_duration: 60,
        allocated_agents: [{ agent: 'echo', agent_type: 'echo', instances: 1, tasks: ['first', 'last'] }],
      }),
    );
    const assigned = (await dataOf('agent.task_assigned')).map(({ task_id: id, ...rest }) => [id, rest] as const);
    expect(new Map(assigned)).toEqual(
      new Map([
        [
          'first',
          expect.objectContaining({ ...common, agent_id: 'echo', dependencies: [], estimated_duration: 40 }) as object,
        ],
        [
          'last',
          expect.objectContaining({
            ...common,
            agent_id: 'echo',
            dependencies: ['first', 'rest'],
            estimated_duration: 20,
          }) as object,
        ],
      ]),
    );
    expect(await dataOf('workflow.checkpoint_created')).toContainEqual(
      expect.objectContaining({
        ...common,
        checkpoint_id: (paused as { checkpoint_id: string }).checkpoint_id,
        state_snapshot: {
          tasks: [{ path: 'first', status: 'succeeded', output: { inline: { said: 'hello' } } }],
        },
        recovery_instructions: expect.objectContaining({ url: expect.stringContaining('/resume') as string }) as object,
      }),
    );
  }, 300_000);
});
