import { join, isAbsolute } from 'node:path';
import { z } from 'zod';
import type { AgentFunction, AgentTask } from '../../../core/agents/index.ts';

const input = z.object({ repository: z.string() });

/** In a function's bundle, the repository that was deployed with it: at the same place in each function. */
const bundled = join(process.env['LAMBDA_TASK_ROOT'] ?? import.meta.dirname, 'repository');

/** A relative path starts at the repository that was deployed: a function sees no other, unless a file system is mounted. */
export function fromBundle(inventory: AgentFunction): AgentFunction {
  return (task, context) => {
    const { repository } = input.parse(task.input);
    const given: AgentTask['input'] = { repository: isAbsolute(repository) ? repository : join(bundled, repository) };
    return inventory({ ...task, input: given }, context);
  };
}
