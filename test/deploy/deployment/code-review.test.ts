import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { executionId } from '../../../core/ids/index.ts';
import type { Json } from '../../../core/json/index.ts';
import { openSmallRepository } from '../../makers/small-repository.ts';
import { createLambda, createStepFunctions } from '../emulator/aws-clients.ts';
import { openDeployedReader } from './deployed-stores.ts';
import { deployStacks } from './deploy-stacks.ts';
import { openDeployedApi, type DeployedApi } from './deployed-api.ts';
import { executionStatus, findMachine, readExecution, readMachine } from './step-functions-reader.ts';

const example = fileURLToPath(new URL('../../../examples/code-review/', import.meta.url));
const tasks = ['inventory', 'lint', 'security', 'complexity', 'documentation', 'synthesis'];
const tenant = 'reviewers';
/** Of what six Lambda functions do after a cold start. */
const PATIENCE = { timeout: 150_000, interval: 200 } as const;
const TIMEOUT = 200_000;

const endpoint = inject('endpoint');
const { name: stage } = inject('deployed');
const stepFunctions = createStepFunctions(endpoint);
const lambda = createLambda(endpoint);
const repository = openSmallRepository();
let api: DeployedApi;

beforeAll(async () => {
  await deployStacks({ endpoint, context: { stage, tenant } }, 'node examples/code-review/aws/app.ts');
  api = await openDeployedApi(tenant);
  await api.publish(readFileSync(join(example, 'code-review.yaml'), 'utf8'));
}, 300_000);
afterAll(() => {
  repository[Symbol.dispose]();
  stepFunctions.destroy();
  lambda.destroy();
});

const execute = (report: string): Promise<string> =>
  api.execute('code-review', { repository: repository.directory, report: join(repository.directory, report) });
const statusOf = async (execution: string): Promise<string> => (await api.get(execution)).status;
/** As people find it in the console: by its name. */
const findCodeReview = (): Promise<string> => findMachine(stepFunctions, 'skein-dev-code-review-1-0-0-');
const machineStatus = async (execution: string): Promise<string> =>
  await executionStatus(stepFunctions, await findCodeReview(), execution);

/** As soon as it runs: nobody can pause what has not begun. */
async function pause(execution: string): Promise<Json> {
  const ask = () => api.ask(`POST /api/v1/executions/${execution}/pause`, { body: { reason: 'lunch' } });
  await expect.poll(async () => (await ask()).status, PATIENCE).toBe(200);
  // Asked once more it answers the same.
  return (await ask()).body;
}

async function tasksOf(execution: string, type: string): Promise<readonly string[]> {
  return (await api.events(execution)).flatMap((event) => (event.type === type ? (event.task ?? []) : []));
}

const finished = (execution: string) => tasksOf(execution, 'task.completed');

/** Tasks that an agent has been given, and that it has not answered. */
async function atWork(execution: string): Promise<readonly string[]> {
  const given = await tasksOf(execution, 'task.assigned');
  const done = new Set(await finished(execution));
  return given.filter((task) => !done.has(task));
}

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
    'reads well in Step Functions: machine, graph, execution and history say what people say',
    async () => {
      const execution = await execute('read');
      await expect.poll(() => statusOf(execution), PATIENCE).toBe('succeeded');
      await expect.poll(() => machineStatus(execution), PATIENCE).toBe('SUCCEEDED');

      const arn = await findCodeReview();
      const machine = await readMachine(stepFunctions, arn);
      const run = await readExecution(stepFunctions, arn, execution);

      expect(machine.graph).toEqual([
        'begin',
        {
          work: [
            [
              'inventory',
              { 'lint | security | 2 more': [['lint'], ['security'], ['complexity'], ['documentation']] },
              'synthesis',
            ],
          ],
        },
        'conclude',
        { verdict: [['succeeded'], ['failed']] },
      ]);
      expect(machine.tags).toMatchObject({ 'skein:workflow': 'code-review', 'skein:version': '1.0.0' });
      expect(machine.roleArn).toContain(':role/skein/machines/');
      expect(run).toMatchObject({ name: execution, status: 'SUCCEEDED', output: { status: 'succeeded' } });
      expect(run.visits.slice(0, 3)).toEqual(['begin', 'work', 'inventory']);
      expect(run.visits.filter((name) => tasks.includes(name)).toSorted()).toEqual(tasks.toSorted());
      expect(run.visits.slice(-4)).toEqual(['synthesis', 'conclude', 'verdict', 'succeeded']);
      for (const task of tasks) {
        const call = { v: 1, tenant, execution, task, token: expect.any(String) as string };
        expect(run.calls.get(task), task).toMatchObject({ payload: call, answer: { status: 'succeeded' } });
      }
    },
    TIMEOUT,
  );

  it(
    'is paused: what runs finishes, nothing new starts; and goes on when it is resumed',
    async () => {
      const execution = await execute('paused');

      const paused = await pause(execution);
      await expect.poll(() => atWork(execution), PATIENCE).toEqual([]);
      const done = await finished(execution);
      const { status } = await api.ask(`POST /api/v1/executions/${execution}/resume`);
      await expect.poll(() => statusOf(execution), PATIENCE).toBe('succeeded');

      expect(paused).toMatchObject({ status: 'paused', checkpoint_id: expect.stringMatching(/^chk_/) as string });
      expect(done).not.toContain('synthesis');
      expect(status).toBe(200);
      expect((await finished(execution)).toSorted()).toEqual(tasks.toSorted());
      // Among its promises: no task has started while it was paused. Its view comes by the stream.
      const reader = await openDeployedReader(lambda, { endpoint, stage, tenant });
      await expect.poll(() => reader.verify(executionId(execution)), PATIENCE).toEqual([]);
    },
    TIMEOUT,
  );

  it(
    'is cancelled while it is paused: it ends as cancelled, its machine as ABORTED',
    async () => {
      const execution = await execute('cancelled');
      await pause(execution);

      const { status } = await api.ask(`POST /api/v1/executions/${execution}/cancel`);
      await expect.poll(() => statusOf(execution), PATIENCE).toBe('cancelled');

      await expect.poll(() => machineStatus(execution), PATIENCE).toBe('ABORTED');
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
