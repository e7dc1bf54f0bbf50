import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { takeInventory } from '../repository/index.ts';
import { reviewStructure } from '../structure/index.ts';

const input = z.object({ repository: z.string() });

/** Lists the files of a repository once, so that the other agents need not, and says what it is made of. */
const inventory: AgentFunction = async (task, context) => {
  const { repository } = input.parse(task.input);
  const taken = await takeInventory(repository, context);
  context.log(`${taken.files.length} files in ${taken.root}`);
  return {
    inventory: taken,
    structure: await reviewStructure(taken, context),
    scripts: taken.files.filter((file) => ['TypeScript', 'JavaScript', 'Python'].includes(file.language)).length,
  };
};

export default inventory;
