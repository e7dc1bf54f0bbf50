import type { AgentType } from '../agents/index.ts';
import type { AgentDocument, TaskDocument, WorkflowDocument } from '../definition/index.ts';
import { InvariantError } from '../errors/index.ts';
import { MostSpare, type Candidate } from './most-spare.ts';

/** Tasks of one agent at once. */
export function capacityOf({ count = 1, max_concurrent_tasks = 1 }: AgentDocument): number {
  return count * max_concurrent_tasks;
}

/** Whether an agent can do what a task requires, by its own capabilities or by those of its type. */
export function isCapable(agent: AgentDocument, type: AgentType | undefined, requires: readonly string[]): boolean {
  return requires.every((it) => agent.capabilities.includes(it) || type?.capabilities.includes(it) === true);
}

/**
 * Finds the agent of each task in turn. A task that only says what it requires goes to the capable agent that has the most capacity for
 * each task it has got so far, the first one where several have: tasks spread by capacity, and equal definitions allocate equally.
 */
export function createAllocation(
  { agents }: WorkflowDocument,
  agentTypes: { readonly [name: string]: AgentType },
): (task: TaskDocument) => string {
  const all = Object.entries(agents).map(([name, agent], position): Candidate & { agent: AgentDocument } => {
    return { name, agent, position, capacity: capacityOf(agent), tasks: 0 };
  });
  const byName = new Map(all.map((candidate) => [candidate.name, candidate]));
  const capable = new Map<string, MostSpare>();
  const capableOf = (requires: readonly string[]): MostSpare => {
    const key = JSON.stringify(requires);
    const known = capable.get(key);
    if (known) return known;
    const found = new MostSpare(all.filter(({ agent }) => isCapable(agent, agentTypes[agent.type], requires)));
    capable.set(key, found);
    return found;
  };
  return ({ id, agent, requires }) => {
    const chosen = agent === undefined ? capableOf(requires ?? []).best() : byName.get(agent);
    if (!chosen) throw new InvariantError({ code: 'task_not_validated', message: `No agent can do task ${id}.` });
    chosen.tasks += 1;
    return chosen.name;
  };
}
