import { describe, expect, it } from 'vitest';
import type { Answered } from '../../makers/api-client.ts';
import type { ApiBench } from './bench.ts';
import { expectStatus, publishWaiting, startRunning, waiting, type Started } from './workflows.ts';

/** How the requirements write a type. Their UUIDs are prefixed, sortable ids here, or the workflow's name. */
const types = {
  id: (value: unknown) => typeof value === 'string' && value !== '',
  string: (value: unknown) => typeof value === 'string' && value !== '',
  object: (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value),
  array: (value: unknown) => Array.isArray(value),
  int: (value: unknown) => Number.isInteger(value),
} as const;

interface Row {
  readonly says: string;
  readonly ask: (bench: ApiBench) => Promise<Answered>;
  readonly status: number;
  /** Members that the answer must have; a text in quotes stands for itself. */
  readonly has?: Readonly<Record<string, keyof typeof types | `"${string}"`>>;
}

const create = ({ ask }: ApiBench, body: object): Promise<Answered> => ask('POST /api/v1/workflows', { body });
const execute = ({ ask }: ApiBench, workflow: string, body: object): Promise<Answered> =>
  ask(`POST /api/v1/workflows/${workflow}/execute`, { body });
const input_data = { text: 'hello' };

/** With an agent who is a person, and every key of a request to create one. */
async function aWorkflow(bench: ApiBench, agent: object = {}): Promise<object> {
  const type = bench.name('people');
  await bench.ask(`POST /api/v1/agents/${type}/register`, { body: { runtime: 'human' } });
  return waiting(bench.name('written'), {
    orchestration_pattern: 'graph',
    agents: { judge: { type, ...agent } },
    tasks: [{ id: 'judge', agent: 'judge', depends_on: [], timeout: 300, retry_policy: 'exponential_backoff' }],
  });
}

async function published(bench: ApiBench): Promise<string> {
  const definition = (await aWorkflow(bench, { resources: { cpu: '2 cores', memory: '4GB' } })) as {
    workflow: { name: string };
  };
  expect((await create(bench, definition)).status).toBe(201);
  return definition.workflow.name;
}

const creating: readonly Row[] = [
  {
    says: 'a workflow is created',
    ask: async (bench) => create(bench, await aWorkflow(bench)),
    status: 201,
    has: {
      workflow_id: 'id',
      status: '"validated"',
      validation_report: 'object',
      estimated_resources: 'object',
    },
  },
  {
    says: 'invalid workflow definition',
    ask: async (bench) => create(bench, waiting(bench.name('written'), { tasks: [] })),
    status: 422,
  },
  {
    says: 'unsupported orchestration pattern',
    ask: async (bench) => create(bench, waiting(bench.name('written'), { orchestration_pattern: 'blackboard' })),
    status: 400,
  },
  {
    says: 'insufficient resources',
    ask: async (bench) => create(bench, await aWorkflow(bench, { count: 20_000 })),
    status: 507,
  },
];

const executing: readonly Row[] = [
  {
    says: 'an execution is accepted, with all of its options',
    ask: async (bench) => {
      const resource_constraints = { cores: 2, memory_bytes: 4e9 };
      const execution_options = { timeout: 60, retry_policy: 'exponential_backoff', resource_constraints };
      return execute(bench, await published(bench), { input_data, execution_options });
    },
    status: 202,
    has: { execution_id: 'id', status: '"planning"', allocated_agents: 'array', execution_url: 'string' },
  },
  {
    says: 'workflow not found',
    ask: (bench) => execute(bench, bench.name('none'), { input_data }),
    status: 404,
  },
  {
    says: 'workflow already executing',
    ask: async (bench) => {
      const workflow = await publishWaiting(bench);
      await startRunning(bench, workflow);
      return execute(bench, workflow, { input_data, execution_options: { exclusive: true } });
    },
    status: 409,
  },
  {
    says: 'resource allocation failed',
    ask: async (bench) =>
      execute(bench, await published(bench), {
        input_data,
        execution_options: { resource_constraints: { cores: 1 } },
      }),
    status: 507,
  },
];

const looking: readonly Row[] = [
  {
    says: 'the status of one that goes on',
    ask: async (bench) => {
      const workflow = await published(bench);
      await execute(bench, workflow, { input_data });
      return bench.ask(`GET /api/v1/workflows/${workflow}/status`);
    },
    status: 200,
    has: {
      workflow_id: 'id',
      execution_id: 'id',
      status: 'string',
      current_phase: 'string',
      agents: 'array',
      performance_metrics: 'object',
    },
  },
  {
    says: 'the status of one that failed',
    ask: async (bench) => {
      const workflow = await publishWaiting(bench, { tasks: [{ id: 'hold', wait: { event: 'never', timeout: 0.1 } }] });
      const { execution_id: id } = (await execute(bench, workflow, { input_data })).body as Started;
      await expectStatus(bench, id, 'failed');
      return bench.ask(`GET /api/v1/workflows/${workflow}/status`);
    },
    status: 200,
    has: { status: '"failed"', error_details: 'object' },
  },
  {
    says: 'status: workflow not found',
    ask: (bench) => bench.ask(`GET /api/v1/workflows/${bench.name('none')}/status`),
    status: 404,
  },
];

const pausing: readonly Row[] = [
  {
    says: 'a pause',
    ask: async (bench) => {
      const workflow = await publishWaiting(bench);
      await startRunning(bench, workflow);
      return bench.ask(`POST /api/v1/workflows/${workflow}/pause`);
    },
    status: 200,
    has: { execution_id: 'id', status: '"paused"', checkpoint_id: 'id', resume_url: 'string' },
  },
  {
    says: 'pause: workflow not found',
    ask: (bench) => bench.ask(`POST /api/v1/workflows/${bench.name('none')}/pause`),
    status: 404,
  },
  {
    says: 'cannot pause in current state',
    ask: async (bench) => {
      const workflow = await publishWaiting(bench);
      const execution = await startRunning(bench, workflow);
      await bench.ask(`POST /api/v1/executions/${execution}/cancel`);
      await expectStatus(bench, execution, 'cancelled');
      return bench.ask(`POST /api/v1/executions/${execution}/pause`);
    },
    status: 409,
  },
];

const serving: readonly Row[] = [
  {
    says: 'GET /health, to everybody',
    ask: ({ ask }) => ask('GET /health', { token: null }),
    status: 200,
    has: { status: '"ok"', version: 'string' },
  },
  {
    says: 'GET /ready, to everybody',
    ask: ({ ask }) => ask('GET /ready', { token: null }),
    status: 200,
    has: { status: '"ready"', checks: 'object' },
  },
  {
    says: 'GET /workflow-capacity, of whose token is shown',
    ask: ({ ask }) => ask('GET /workflow-capacity'),
    status: 200,
    has: {
      status: '"accepting"',
      max_concurrent_workflows: 'int',
      active_workflows: 'int',
      available_capacity: 'int',
    },
  },
  {
    says: 'GET /workflow-capacity, without a token',
    ask: ({ ask }) => ask('GET /workflow-capacity', { token: null }),
    status: 401,
  },
  {
    says: 'GET /api/v1/patterns/available',
    ask: ({ ask }) => ask('GET /api/v1/patterns/available'),
    status: 200,
    has: { patterns: 'array' },
  },
];

/** The interface as the requirements write it (rows B6 and B12), line by line. */
export function writtenInterface(bench: () => ApiBench): void {
  describe.each([
    ['POST /api/v1/workflows', creating],
    ['POST /api/v1/workflows/{id}/execute', executing],
    ['GET /api/v1/workflows/{id}/status', looking],
    ['POST /api/v1/workflows/{id}/pause', pausing],
    ['the server', serving],
  ])('%s as it is written', (_path, rows) => {
    it.each(rows)('$says: $status', async ({ ask, status, has = {} }) => {
      const answer = await ask(bench());

      expect(answer.status, answer.text).toBe(status);
      const body = answer.body as Readonly<Record<string, unknown>>;
      const misfits = Object.entries(has).filter(([member, type]) => {
        const value = body[member];
        return type.startsWith('"') ? JSON.stringify(value) !== type : !types[type as keyof typeof types](value);
      });
      expect(misfits, answer.text).toEqual([]);
    });
  });
}
