import * as z from 'zod';
import { forecastable } from '../../compiler/index.ts';
import { answerProblem } from '../../core/agents/index.ts';
import { EngineError, NotFoundError } from '../../core/errors/index.ts';
import { enter } from '../../engine/index.ts';
import type { Json } from '../../core/json/index.ts';
import { builtInRetryPolicies, type Plan } from '../../core/plan/index.ts';
import { withDefaults } from '../../core/schemas/index.ts';
import type { PublishedWorkflow } from '../../core/ports/index.ts';
import { forecast, requireRoom } from '../compile-for-tenant.ts';
import { getPublished } from '../find-published.ts';
import { problemOf, RequestProblem } from '../problem.ts';
import { budgetTold, latestExecution, planOf, viewOf } from '../read-execution.ts';
import { route, type Route } from '../route.ts';
import { allocatedAgents, allocatedAgentsOf, estimatedResources, estimatedResourcesOf } from '../schemas/estimates.ts';
import { givenJson } from '../schemas/given-json.ts';
import { statusAnswer, statusOf } from '../schemas/status.ts';
import { executionIdText } from '../schemas/values.ts';
import type { ResourceLimits } from '../tenant-services.ts';

const INPUT_BYTES = 4 * 1024 * 1024;

const options = z.strictObject({
  timeout: z.int().min(1).optional().meta({ description: "Seconds; shortens the workflow's own timeout." }),
  retry_policy: z
    .enum(Object.keys(builtInRetryPolicies) as [string, ...string[]])
    .optional()
    .meta({ description: 'In place of the policies of all tasks.' }),
  resource_constraints: z
    .strictObject({
      instances: z.int().min(0).optional(),
      cores: z.number().min(0).optional(),
      memory_bytes: z.number().min(0).optional(),
    })
    .optional()
    .meta({ description: 'Do not start it when its agents may need more.' }),
  dry_run: z.boolean().default(false).meta({ description: 'Check everything, start nothing.' }),
  exclusive: z
    .boolean()
    .default(false)
    .meta({ description: 'Refuse (409) while another execution of the workflow goes on.' }),
});

const executeBody = z.strictObject({
  input_data: givenJson,
  version: z.string().min(1).max(200).optional().meta({ description: 'Default: the latest.' }),
  execution_options: options.prefault({}),
});

const started = z.object({
  execution_id: executionIdText,
  status: z
    .enum(['planning', 'queued'])
    .meta({ description: '`queued`: it begins when executions before it have ended (`concurrency`).' }),
  allocated_agents: allocatedAgents,
  execution_url: z.url(),
});

const dryRun = z.object({
  status: z.literal('dry_run'),
  allocated_agents: allocatedAgents,
  estimated_resources: estimatedResources,
});

const execute = route({
  method: 'POST',
  path: '/api/v1/workflows/{id}/execute',
  operation: 'executeWorkflow',
  summary: 'Starts an execution.',
  access: 'workflow:execute',
  body: executeBody,
  maxBytes: INPUT_BYTES,
  isIdempotent: true,
  sheds: 'start',
  answers: {
    202: { meaning: 'It is accepted, and will end in one of the ends there are.', schema: started },
    200: { meaning: 'A dry run: it would have been accepted.', schema: dryRun },
  },
  problems: {
    404: 'The workflow, or the version, is not published.',
    409: 'The workflow is executing already (`already_executing`), or as often as it allows (`too_many_executions`).',
    422: 'The input does not fit the workflow, or its concurrency key has no value for it (`input_invalid`, `key_invalid`).',
    507: 'The agents need more than was allowed, or no further execution has room (`allocation_failed`, `no_capacity`).',
  },
  handle: async ({ param, body, urlOf }, { services, id }) => {
    const { input_data, version, execution_options: wishes } = body;
    const workflow = await getPublished(services, param('id'), version);
    const input = checkedInput(workflow, input_data);
    const estimate = await forecast(services, forecastable(workflow));
    requireRoom(estimate, limitsOf(wishes.resource_constraints), 'allocation_failed');
    const entry = { exclusive: wishes.exclusive, most: services.maxExecutions };
    const allocated_agents = allocatedAgentsOf(workflow.plan);
    if (wishes.dry_run) {
      await enter(services.ledger, { id, workflow: workflow.name, entry }).catch(refused);
      const resources = estimatedResourcesOf(estimate.resources);
      return { status: 200, body: { status: 'dry_run', allocated_agents, estimated_resources: resources } };
    }
    const { timeout, retry_policy } = wishes;
    const retry = retry_policy === undefined ? undefined : builtInRetryPolicies[retry_policy];
    const request = { workflow: workflow.name, version: workflow.version, input, entry };
    const execution = await services.executions
      .start({ ...request, ...(timeout !== undefined && { timeout }), ...(retry && { retry }) }, id)
      .catch(refused);
    const isQueued = (await services.ledger.findExecution(execution))?.status === 'queued';
    const status = isQueued ? 'queued' : 'planning';
    return accepted({ execution_id: execution, status, allocated_agents }, urlOf);
  },
});

function accepted(body: Omit<z.infer<typeof started>, 'execution_url'>, urlOf: (path: string) => string) {
  const url = urlOf(`/api/v1/executions/${body.execution_id}`);
  return { status: 202, headers: { location: url }, body: { ...body, execution_url: url } };
}

/** As the engine would check it; said before a place is looked for. */
function checkedInput({ plan }: PublishedWorkflow, input: Json): Json {
  const tooDeep = answerProblem(input);
  const all = tooDeep === undefined ? misfitsOf(plan, input) : [tooDeep];
  if (all.length === 0) return input;
  throw new RequestProblem({
    status: 422,
    code: 'input_invalid',
    detail: `The input does not fit the workflow: ${all.join('; ')}.`,
    hint: "Compare it with `input` of the workflow's description.",
  });
}

function misfitsOf({ input: schema }: Plan, input: Json): readonly string[] {
  return schema ? withDefaults(schema, input).problems : [];
}

function limitsOf(constraints: z.infer<typeof options>['resource_constraints']): ResourceLimits {
  const { instances, cores, memory_bytes: memory } = constraints ?? {};
  return {
    ...(instances !== undefined && { instances }),
    ...(cores !== undefined && { cores }),
    ...(memory !== undefined && { memory }),
  };
}

/** Entry is the engine's to decide; who is refused is told when to come again, and who is in the way. */
function refused(error: unknown): never {
  if (!(error instanceof EngineError)) throw error;
  const { code, details } = error;
  if (code === 'no_capacity') throw new RequestProblem(problemOf(error), { 'retry-after': '30' });
  if (code === 'already_executing' || code === 'too_many_executions')
    throw new RequestProblem({ ...problemOf(error), details });
  if (code === 'key_invalid') throw new RequestProblem({ ...problemOf(error), status: 422, details });
  throw error;
}

const status = route({
  method: 'GET',
  path: '/api/v1/workflows/{id}/status',
  operation: 'getWorkflowStatus',
  summary: 'How far the latest execution of a workflow is: the newest that goes on, else the newest.',
  access: 'workflow:read',
  answers: { 200: { meaning: 'How far it is.', schema: statusAnswer } },
  problems: { 404: 'The workflow is not published, or was never executed (`never_executed`).' },
  handle: async ({ param }, { services }) => {
    const record = await latestExecution(services, param('id'));
    if (!record) {
      const { name } = await getPublished(services, param('id'), undefined);
      throw new NotFoundError({ code: 'never_executed', message: `Workflow ${name} was never executed.` });
    }
    const [view, plan] = await Promise.all([viewOf(services, record), planOf(services, record)]);
    const budget = await budgetTold(services, record);
    return { status: 200, body: { ...statusOf(view, plan, services.clock.now()), ...budget } };
  },
});

export const executeRoutes: readonly Route[] = [execute, status];
