import * as z from 'zod';
import type { Estimate } from '../../core/forecast/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import { bound } from './values.ts';

const peak = z.object({
  value: bound,
  by: z.enum(['graph', 'agents']).meta({ description: 'What proves it.' }),
  tasks: z.array(z.string()),
});

export const estimatedResources = z
  .object({
    instances: z.int().meta({ description: 'Of all agents.' }),
    total: z.object({ cores: z.number(), memory_bytes: z.number() }),
    peak: z.object({ attempts: peak, cores: peak, memory_bytes: peak }),
    unspecified: z
      .array(z.string())
      .meta({ description: 'Agents that do not say what they need: they count as nothing.' }),
  })
  .meta({ id: 'estimated_resources', description: 'What the agents of one execution need, proven from its graph.' });

export function estimatedResourcesOf({ instances, total, peak: most, unspecified }: Estimate['resources']) {
  return {
    instances,
    total: { cores: total.cores, memory_bytes: total.memory },
    peak: { attempts: most.attempts, cores: most.cores, memory_bytes: most.memory },
    unspecified,
  };
}

export const allocatedAgents = z
  .array(
    z.object({
      agent: z.string().meta({ description: 'Its name in the workflow.' }),
      agent_type: z.string(),
      instances: z.int(),
      tasks: z.array(z.string()).meta({ description: 'Ids of the tasks that it got.' }),
    }),
  )
  .meta({ id: 'allocated_agents', description: 'Who does what.' });

/** The agents that have got a task, in the order of the definition. */
export function allocatedAgentsOf({ agents, tasks }: Plan): z.infer<typeof allocatedAgents> {
  const tasksOf = (name: string): string[] =>
    tasks.flatMap((task) => (task.kind === 'agent' && task.agent === name ? [task.id] : []));
  return Object.entries(agents)
    .map(([agent, { type, count }]) => ({ agent, agent_type: type, instances: count, tasks: tasksOf(agent) }))
    .filter((allocated) => allocated.tasks.length > 0);
}
