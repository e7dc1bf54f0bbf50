import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  DescribeExecutionCommand,
  DescribeStateMachineForExecutionCommand,
  paginateGetExecutionHistory,
  paginateListExecutions,
  paginateListStateMachines,
} from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { openSmallRepository } from '../../makers/small-repository.ts';
import { createStepFunctions } from '../emulator/aws-clients.ts';
import { deployStacks } from './deploy-stacks.ts';
import { openDeployedApi, type DeployedApi } from './deployed-api.ts';

const example = fileURLToPath(new URL('../../../examples/code-review/', import.meta.url));
const tasks = ['inventory', 'lint', 'security', 'complexity', 'documentation', 'synthesis'];
const tenant = 'reviewers';
/** Of what six Lambda functions do after a cold start. */
const PATIENCE = { timeout: 150_000, interval: 200 } as const;
const TIMEOUT = 200_000;

const stepFunctions = createStepFunctions(inject('endpoint'));
const repository = openSmallRepository();
let api: DeployedApi;

beforeAll(async () => {
  const context = { stage: inject('deployed').name, tenant };
  await deployStacks({ endpoint: inject('endpoint'), context }, 'node examples/code-review/aws/app.ts');
  api = await openDeployedApi(tenant);
  await api.publish(readFileSync(join(example, 'code-review.yaml'), 'utf8'));
}, 300_000);
afterAll(() => {
  repository[Symbol.dispose]();
  stepFunctions.destroy();
});

const execute = (report: string): Promise<string> =>
  api.execute('code-review', { repository: repository.directory, report: join(repository.directory, report) });
const statusOf = async (execution: string): Promise<string> => (await api.get(execution)).status;

/** The ARN of the execution as Step Functions knows it, found as people would find it: by names. */
async function machineExecution(execution: string): Promise<string> {
  const client = { client: stepFunctions };
  for await (const { stateMachines } of paginateListStateMachines(client, {})) {
    const machine = stateMachines?.find(({ name }) => name?.startsWith('skein-dev-code-review-1-0-0-'));
    if (!machine) continue;
    for await (const { executions } of paginateListExecutions(client, machine)) {
      const found = executions?.find(({ name }) => name === execution);
      if (found?.executionArn !== undefined) return found.executionArn;
    }
  }
  throw new Error(`no machine of the code review runs under the name ${execution}`);
}

async function visitedStates(executionArn: string): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const { events } of paginateGetExecutionHistory({ client: stepFunctions }, { executionArn }))
    names.push(...(events ?? []).flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []));
  return names;
}

const machineStatus = async (executionArn: string): Promise<string | undefined> =>
  (await stepFunctions.send(new DescribeExecutionCommand({ executionArn }))).status;

describe('the code review, deployed', () => {
  it(
    'reviews a repository with its agents as Lambda functions, and tells how far it is',
    async () => {
      const execution = await execute('report');

      await expect.poll(() => statusOf(execution), PATIENCE).toBe('succeeded');

      const { output } = await api.get(execution);
      expect(output).toMatchObject({
        report: expect.stringMatching(/review\.md$/) as string,
        grade: expect.any(String) as string,
      });
      expect(existsSync(join(repository.directory, 'report/review.md'))).toBe(true);
      const { body } = await api.ask('GET /api/v1/workflows/code-review/status');
      expect(body).toMatchObject({
        workflow_id: 'code-review',
        execution_id: execution,
        status: 'succeeded',
        performance_metrics: { progress: 1, attempts: 6, retries: 0 },
      });
      const succeeded = (await api.tasks(execution)).filter((task) => task.status === 'succeeded');
      expect(succeeded.map(({ path }) => path).toSorted()).toEqual(tasks.toSorted());
    },
    TIMEOUT,
  );

  it(
    'reads well in Step Functions: machine, execution and history are named as people name them',
    async () => {
      const execution = await execute('read');
      await expect.poll(() => statusOf(execution), PATIENCE).toBe('succeeded');
      const executionArn = await machineExecution(execution);

      await expect.poll(() => machineStatus(executionArn), PATIENCE).toBe('SUCCEEDED');
      const states = await visitedStates(executionArn);
      const machine = await stepFunctions.send(new DescribeStateMachineForExecutionCommand({ executionArn }));

      expect(states.slice(0, 3)).toEqual(['begin', 'work', 'inventory']);
      expect(states.filter((name) => tasks.includes(name)).toSorted()).toEqual(tasks.toSorted());
      expect(states.slice(-4)).toEqual(['synthesis', 'conclude', 'verdict', 'succeeded']);
      expect(machine.roleArn).toContain(':role/skein/machines/');
    },
    TIMEOUT,
  );

  it(
    'is paused: what runs finishes, nothing new starts; and goes on when it is resumed',
    async () => {
      const execution = await execute('paused');
      await expect.poll(() => api.tasks(execution), PATIENCE).toMatchObject([{ path: 'inventory' }]);

      const { status, body } = await api.ask(`POST /api/v1/executions/${execution}/pause`, {
        body: { reason: 'lunch' },
      });
      await expect
        .poll(() => api.tasks(execution), PATIENCE)
        .toEqual(expect.arrayContaining([expect.objectContaining({ path: 'inventory', status: 'succeeded' })]));
      const others = (await api.tasks(execution)).filter(({ path }) => path !== 'inventory');
      await api.ask(`POST /api/v1/executions/${execution}/resume`);
      await expect.poll(() => statusOf(execution), PATIENCE).toBe('succeeded');

      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'paused', checkpoint_id: expect.stringMatching(/^chk_/) as string });
      expect(others.every(({ status: reached }) => ['parked', 'pending'].includes(reached))).toBe(true);
    },
    TIMEOUT,
  );

  it(
    'is cancelled: it ends as cancelled, its machine as ABORTED',
    async () => {
      const execution = await execute('cancelled');
      await expect.poll(() => statusOf(execution), PATIENCE).toBe('running');

      const { status } = await api.ask(`POST /api/v1/executions/${execution}/cancel`);
      await expect.poll(() => statusOf(execution), PATIENCE).toBe('cancelled');

      const executionArn = await machineExecution(execution);
      await expect.poll(() => machineStatus(executionArn), PATIENCE).toBe('ABORTED');
      expect(status).toBe(202);
    },
    TIMEOUT,
  );

  it(
    'leaves a history without gaps, in an order that agrees with what depended on what',
    async () => {
      const execution = await execute('history');
      await expect.poll(() => statusOf(execution), PATIENCE).toBe('succeeded');

      const events = await api.events(execution);

      for (const [task, own] of Map.groupBy(events, ({ task = '' }) => task)) {
        const numbers = own.map(({ n }) => n).toSorted((a, b) => a - b);
        expect(numbers, task).toEqual(numbers.map((_, position) => position + 1));
      }
      const lamportOf = (task: string, type: string) =>
        events.find((event) => event.task === task && event.type === type)?.lamport ?? 0;
      expect(lamportOf('lint', 'task.assigned')).toBeGreaterThan(lamportOf('inventory', 'task.completed'));
      expect(lamportOf('synthesis', 'task.assigned')).toBeGreaterThan(lamportOf('lint', 'task.completed'));
      expect(events.filter(({ type }) => type === 'workflow.execution_completed')).toHaveLength(1);
    },
    TIMEOUT,
  );
});

describe('a task for a person, deployed', () => {
  it(
    'waits in the inbox until somebody decides, and gives the decision on',
    async () => {
      const form = { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } };
      await api.ask('POST /api/v1/agents/editor-in-chief/register', { body: { runtime: 'human', output: form } });
      await api.publish({
        workflow: {
          name: 'release',
          version: '1',
          agents: { chief: { type: 'editor-in-chief' } },
          output: { ok: '${ tasks.sign.output.ok }' },
          tasks: [{ id: 'sign', agent: 'chief', description: 'May it go out?', timeout: '1h' }],
        },
      });
      const execution = await api.execute('release', {});
      const inbox = async () =>
        (
          (await api.ask(`GET /api/v1/approvals?execution_id=${execution}`)).body as {
            approvals: { approval_id: string }[];
          }
        ).approvals;
      await expect.poll(inbox, PATIENCE).toMatchObject([{ task: 'sign', description: 'May it go out?' }]);
      const [question] = await inbox();

      await api.ask(`POST /api/v1/approvals/${question?.approval_id ?? ''}/decision`, {
        body: { decision: 'approve', output: { ok: true } },
      });

      await expect.poll(() => statusOf(execution), PATIENCE).toBe('succeeded');
      expect(await api.get(execution)).toMatchObject({ output: { ok: true } });
      expect(await inbox()).toEqual([]);
    },
    TIMEOUT,
  );
});
