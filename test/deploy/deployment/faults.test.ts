import { rm, writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import {
  GetExecutionHistoryCommand,
  paginateListExecutions,
  paginateListStateMachines,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { isTerminal, type ExecutionStatus } from '../../../core/execution/index.ts';
import { executionId } from '../../../core/ids/index.ts';
import { createLambda, createStepFunctions } from '../emulator/aws-clients.ts';
import { openDeployedApi, type DeployedApi } from './deployed-api.ts';
import { openDeployedReader } from './deployed-stores.ts';
import { createLambdaAgent, sweepNow } from './lambda-agent.ts';

/** Of messages, each for itself: lost, twice, late. */
const RATE = 0.3;
const EXECUTIONS = 9;
const tenant = 'unlucky';
/** Milliseconds after which the sweeper takes for lost what is due; a late message of the injector comes within 2,000. */
const GRACE = 3_000;
/** Milliseconds in which all have ended, a few times over. */
const PATIENCE = 240_000;

const endpoint = inject('endpoint');
const emulator = inject('emulator');
const { name: stage } = inject('deployed');
const lambda = createLambda(endpoint);
const stepFunctions = createStepFunctions(endpoint);
let api: DeployedApi;

const value = (expression: string) => ({ agent: 'worker', input: { value: expression } });

/** A bit of everything that travels by stream, queue or timer. */
const unlucky = {
  workflow: {
    name: 'unlucky',
    version: '1',
    timeout: '30m',
    agents: { worker: { type: 'unlucky_worker' } },
    defaults: {
      timeout: 5,
      retry_policy: { max_attempts: 40, interval: 1, backoff_rate: 1, max_delay: 1, jitter: 'none' },
    },
    output: { sum: '${ tasks.sum.output.value }' },
    tasks: [
      { id: 'first', agent: 'worker', input: { value: 1 } },
      { id: 'pause', depends_on: ['first'], wait: { seconds: 1 } },
      { id: 'left', depends_on: ['first'], ...value('${ tasks.first.output.value }') },
      { id: 'right', depends_on: ['first'], agent: 'worker', input: { value: 5 } },
      {
        id: 'each',
        depends_on: ['pause'],
        for_each: { items: '${ [1, 2, 3] }', max_items: 3 },
        ...value('${ item }'),
      },
      {
        id: 'sum',
        depends_on: ['left', 'right', 'each'],
        ...value('${ tasks.left.output.value + tasks.right.output.value }'),
      },
    ],
  },
};

/** Its machine is stopped by hand. */
const stranded = {
  workflow: { name: 'unlucky-stranded', version: '1', tasks: [{ id: 'rest', wait: { seconds: 3_600 } }] },
};

beforeAll(async () => {
  api = await openDeployedApi(tenant);
  const answers = `arn:aws:sqs:us-east-1:000000000000:skein-${stage}-answers`;
  const source = 'export const handler = async ({ task }) => ({ value: task.input.value + 1 });';
  const functionArn = await createLambdaAgent(lambda, { name: 'unlucky-worker', source, answers });
  const body = { runtime: 'lambda', function: functionArn };
  const { status, text } = await api.ask('POST /api/v1/agents/unlucky_worker/register', { body });
  expect([200, 201], text).toContain(status);
}, 120_000);
afterAll(async () => {
  if (emulator) await rm(emulator.faults, { force: true });
  lambda.destroy();
  stepFunctions.destroy();
});

describe.skipIf(emulator === undefined)('a deployment whose messages are lost, come twice and come late', () => {
  it(
    `keeps the promises of its ${EXECUTIONS} executions, with no word of Step Functions about what has ended`,
    async () => {
      await writeFile(
        emulator!.faults,
        JSON.stringify([
          { from: '-endings', about: tenant, lost: 1, twice: 0, late: 0 },
          { from: '', about: tenant, lost: RATE, twice: RATE, late: RATE },
        ]),
      );
      for (const definition of [unlucky, stranded]) await api.publish(definition);
      const ids = await Promise.all(Array.from({ length: EXECUTIONS - 1 }, () => api.execute('unlucky', {})));
      const strandedId = await api.execute('unlucky-stranded', {});
      const all = [...ids, strandedId];

      const foundFirst = await sweepUntil(async () => !isNotBegun(await statusOf(strandedId)), [strandedId]);
      expect(await statusOf(strandedId), await lastEventsOf(strandedId)).toBe('running');
      const { arn } = (await machines()).get(strandedId) ?? {};
      await stepFunctions.send(new StopExecutionCommand({ executionArn: arn }));
      const foundLater = await sweepUntil(async () => (await open(all)).length === 0, all);
      await rm(emulator!.faults);
      // What the injector holds back still comes, and acts on nothing.
      await delay(GRACE);
      await sweepUntil(async () => (await sweep()) === 0, all);

      expect(foundFirst + foundLater).toBeGreaterThan(0);
      expect(await api.get(strandedId)).toMatchObject({ status: 'failed' });
      for (const id of ids) expect(await api.get(id), id).toMatchObject({ status: 'succeeded', output: { sum: 10 } });
      const reader = await openDeployedReader(lambda, { endpoint, stage, tenant });
      // The last views come by the stream.
      for (const id of all)
        await expect.poll(() => reader.verify(executionId(id)), { timeout: 30_000, message: id }).toEqual([]);
      const statuses = new Map([...(await machines())].map(([id, { status }]) => [id, status]));
      expect(statuses).toEqual(new Map([...ids.map((id) => [id, 'SUCCEEDED'] as const), [strandedId, 'ABORTED']]));
    },
    PATIENCE * 2,
  );
});

const sweep = (): Promise<number> => sweepNow(lambda, { stage, tenant, grace: GRACE });

/** Sweeps once a second, as the schedule does in minutes; answers how much was found. Rejects when it does not come to that. */
async function sweepUntil(isSo: () => Promise<boolean>, about: readonly string[]): Promise<number> {
  const until = Date.now() + PATIENCE;
  let found = 0;
  while (!(await isSo())) {
    if (Date.now() > until) throw new Error(await standstill(about));
    found += await sweep();
    await delay(1_000);
  }
  return found;
}

async function standstill(executions: readonly string[]): Promise<string> {
  const said = executions.map(async (id) => `${id}: ${await statusOf(id)}; ${await lastEventsOf(id)}`);
  return ['no sweep goes on with these:', ...(await Promise.all(said))].join('\n');
}

const isNotBegun = (status: string): boolean => status === 'pending' || status === 'planning';

const statusOf = async (id: string): Promise<string> => (await api.get(id)).status;

/** What Step Functions knows of it, newest first. */
async function lastEventsOf(id: string): Promise<string> {
  const { arn } = (await machines()).get(id) ?? {};
  if (arn === undefined) return 'Step Functions does not know it';
  const command = new GetExecutionHistoryCommand({ executionArn: arn, reverseOrder: true, maxResults: 5 });
  return JSON.stringify((await stepFunctions.send(command)).events);
}

async function open(executions: readonly string[]): Promise<readonly string[]> {
  const seen = await Promise.all(executions.map((id) => api.get(id)));
  // The API's statuses are those of the ledger.
  return seen.filter(({ status }) => !isTerminal(status as ExecutionStatus)).map(({ execution_id: id }) => id);
}

/** The executions of the workflows' machines, by their names. */
async function machines(): Promise<ReadonlyMap<string, { readonly arn: string; readonly status: string }>> {
  const found = new Map<string, { readonly arn: string; readonly status: string }>();
  const client = { client: stepFunctions };
  for await (const { stateMachines = [] } of paginateListStateMachines(client, {})) {
    for (const { stateMachineArn, name: machine = '' } of stateMachines) {
      if (!machine.startsWith(`skein-${stage}-${tenant}-`)) continue;
      for await (const { executions = [] } of paginateListExecutions(client, { stateMachineArn }))
        for (const { name = '', executionArn: arn = '', status = '' } of executions) found.set(name, { arn, status });
    }
  }
  return found;
}
