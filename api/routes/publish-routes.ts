import * as z from 'zod';
import { diffPlans, workflowPermissions, type WorkflowPermissions } from '../../compiler/index.ts';
import { prices } from '../../core/forecast/index.ts';
import { compileForTenant, forecast, requireCompiled, requireRoom, rowsOf } from '../compile-for-tenant.ts';
import { getPublished } from '../find-published.ts';
import { route, type Route } from '../route.ts';
import { allocatedAgentsOf, estimatedResources, estimatedResourcesOf } from '../schemas/estimates.ts';
import { planAnswer, planDiff } from '../schemas/plans.ts';
import { validationReport, workflowId } from '../schemas/values.ts';

/** A definition: the parser takes no larger one. */
const DEFINITION_BYTES = 4 * 1024 * 1024;

const refusals = {
  400: 'The orchestration pattern is not supported (`pattern_not_supported`).',
  415: 'The body is neither YAML nor JSON.',
  422: 'The definition has errors (`definition_invalid`): they stand in `diagnostics`.',
} as const;

const published = z.object({
  workflow_id: workflowId,
  version: z.string(),
  status: z.literal('validated'),
  validation_report: validationReport,
  estimated_resources: estimatedResources,
});

const publish = route({
  method: 'POST',
  path: '/api/v1/workflows',
  operation: 'createWorkflow',
  summary: 'Validates a definition and publishes it as a version of its workflow.',
  access: 'workflow:publish',
  body: 'definition',
  maxBytes: DEFINITION_BYTES,
  isIdempotent: true,
  sheds: 'definition',
  answers: {
    201: { meaning: 'The version is published.', schema: published, headers: { location: 'Of the workflow.' } },
    200: { meaning: 'The very same version was published before.', schema: published },
  },
  problems: {
    ...refusals,
    409: 'The version is published with other content (`version_exists`).',
    507: 'The agents need more than there may be (`insufficient_resources`).',
  },
  handle: async ({ body, urlOf }, { services }) => {
    const { compiled, diagnostics } = await requireCompiled(services, body);
    const estimate = await forecast(services, { ...compiled, children: [] });
    requireRoom(estimate, services.limits, 'insufficient_resources');
    const { published: stored, isNew } = await services.publish(compiled);
    return {
      status: isNew ? 201 : 200,
      headers: { location: urlOf(`/api/v1/workflows/${stored.name}`) },
      body: {
        workflow_id: stored.name,
        version: stored.version,
        status: 'validated',
        validation_report: { valid: true, diagnostics, ...(compiled.saga && { saga: compiled.saga }) },
        estimated_resources: estimatedResourcesOf(estimate.resources),
      },
    };
  },
});

const validate = route({
  method: 'POST',
  path: '/api/v1/workflows/validate',
  operation: 'validateWorkflow',
  summary: 'Finds what is wrong with a definition. Stores nothing.',
  access: 'workflow:read',
  query: z.object({
    for_run: z
      .enum(['true', 'false'])
      .default('true')
      .meta({ description: '`false`: what this version does not execute yet is a warning, and no error.' }),
  }),
  body: 'definition',
  maxBytes: DEFINITION_BYTES,
  answers: { 200: { meaning: 'What was found; `valid` when nothing is an error.', schema: validationReport } },
  problems: { 415: refusals[415] },
  handle: async ({ body, query }, { services }) => {
    const { isValid, text, compiled } = await compileForTenant(services, body, query.for_run === 'true');
    const saga = compiled?.saga;
    return { status: 200, body: { valid: isValid, diagnostics: rowsOf(text), ...(saga && { saga }) } };
  },
});

const plan = route({
  method: 'POST',
  path: '/api/v1/workflows/plan',
  operation: 'planWorkflow',
  summary: 'Shows what an execution of a definition would do and need. Stores nothing.',
  access: 'workflow:read',
  body: 'definition',
  maxBytes: DEFINITION_BYTES,
  answers: { 200: { meaning: 'The plan, with its limits, resources, time and money.', schema: planAnswer } },
  problems: refusals,
  handle: async ({ body }, { services }) => {
    const { compiled, diagnostics } = await requireCompiled(services, body);
    const { resources, makespan, duration, cost, calls, depth } = await forecast(services, {
      ...compiled,
      children: [],
    });
    return {
      status: 200,
      body: {
        plan: compiled.plan,
        limits: compiled.figures,
        transitions: compiled.transitions,
        allocated_agents: allocatedAgentsOf(compiled.plan),
        estimated_resources: estimatedResourcesOf(resources),
        critical_path: compiled.plan.criticalPath,
        makespan,
        duration,
        cost: { ...cost, prices: prices.rows },
        iam: iamOf(workflowPermissions(compiled)),
        calls,
        depth,
        ...(compiled.saga && { saga: compiled.saga }),
        diagnostics,
      },
    };
  },
});

function iamOf({ machine, agents }: WorkflowPermissions) {
  return { machine, agents: agents.map(({ agentType: agent_type, ...rest }) => ({ agent_type, ...rest })) };
}

const diff = route({
  method: 'POST',
  path: '/api/v1/workflows/diff',
  operation: 'diffWorkflow',
  summary: 'Says what a definition would change against a published version. Stores nothing.',
  access: 'workflow:read',
  query: z.object({
    against: z.string().max(200).optional().meta({ description: 'A version; default: the latest.' }),
  }),
  body: 'definition',
  maxBytes: DEFINITION_BYTES,
  answers: { 200: { meaning: 'What differs.', schema: planDiff } },
  problems: { ...refusals, 404: 'The workflow, or the version, is not published.' },
  handle: async ({ body, query }, { services }) => {
    const { compiled } = await requireCompiled(services, body);
    const { name, version } = compiled.plan.workflow;
    const before = await getPublished(services, name, query.against);
    return {
      status: 200,
      body: { workflow_id: name, from: before.version, to: version, ...diffPlans(before.plan, compiled.plan) },
    };
  },
});

export const publishRoutes: readonly Route[] = [publish, validate, plan, diff];
