import * as z from 'zod';
import { allocatedAgents, estimatedResources } from './estimates.ts';
import { bound, diagnostic, sagaProof, workflowId } from './values.ts';

const span = z.object({ best: bound, worst: bound });

const plan = z
  .looseObject({
    workflow: z.object({
      name: z.string(),
      version: z.string(),
      description: z.string().optional(),
      tags: z.array(z.string()),
    }),
    digest: z.string(),
    tasks: z.array(z.looseObject({ id: z.string(), kind: z.string() })),
    edges: z.array(z.object({ from: z.string(), to: z.string() })),
    agents: z.record(z.string(), z.looseObject({ type: z.string(), count: z.int() })),
    timeout: z.number(),
  })
  .meta({ id: 'plan', description: 'What the compiler has decided, with every default written out.' });

const permission = z.object({ action: z.string(), resource: z.string() });

const schedule = z.looseObject({ length: bound });

export const planAnswer = z
  .object({
    plan,
    limits: z
      .array(
        z.object({
          name: z.string(),
          value: z.number(),
          unit: z.string(),
          bound: z.number().optional(),
          budget: z.number().optional(),
          path: z.string(),
        }),
      )
      .meta({ description: 'How near the machine comes to the limits of Step Functions, and what makes it so.' }),
    transitions: span.meta({ description: 'State transitions of one execution.' }),
    allocated_agents: allocatedAgents,
    estimated_resources: estimatedResources,
    critical_path: z.object({ tasks: z.array(z.string()), length: z.number() }),
    makespan: z.object({
      unit: z.enum(['steps', 'seconds']),
      limited: z.object({ best: schedule, worst: schedule }),
      unlimited: z.object({ best: schedule, worst: schedule }),
      unknown: z.array(z.string()),
    }),
    duration: z.object({
      bound: z.object({ seconds: bound, path: z.array(z.string()) }),
      timeout: z.number(),
      stop: bound,
    }),
    cost: z
      .looseObject({ date: z.string(), region: z.string(), usd: span, unknown: z.array(z.string()) })
      .meta({ description: 'At list prices, in US dollars.' }),
    iam: z
      .object({
        machine: z.array(permission).meta({ description: 'Of the role of machines.' }),
        agents: z
          .array(permission.extend({ agent_type: z.string(), role: z.string().optional() }))
          .meta({ description: "Of the tenant's session; of `role`, where the agent type names one." }),
      })
      .meta({ description: 'What roles must allow on AWS, as the machines and the agents have it.' }),
    calls: span.meta({ description: 'Attempts of agents.' }),
    depth: bound.meta({ description: 'Executions within one another.' }),
    saga: sagaProof.optional().meta({ description: 'Absent: the workflow has no saga.' }),
    diagnostics: z.array(diagnostic),
  })
  .meta({ id: 'plan_answer' });

const namedDiff = z.object({
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.object({ name: z.string(), keys: z.array(z.string()) })),
});

export const planDiff = z
  .object({
    workflow_id: workflowId,
    from: z.string(),
    to: z.string(),
    identical: z.boolean().meta({ description: 'An execution of either does the same.' }),
    tasks: namedDiff,
    agents: namedDiff,
    settings: z.array(z.string()).meta({ description: 'Keys of the workflow itself.' }),
  })
  .meta({ id: 'plan_diff' });
