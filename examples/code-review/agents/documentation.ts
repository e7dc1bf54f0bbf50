import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { inventorySchema } from '../repository/index.ts';
import { reviewDocumentation } from '../documentation/index.ts';

const input = z.object({ inventory: inventorySchema });

/** Checks what readers depend on: README, links, comments on exported names, promises left in comments. */
const documentation: AgentFunction = async (task, context) => {
  const { inventory } = input.parse(task.input);
  const analysis = await reviewDocumentation(inventory, context);
  context.log(`${analysis.examined} read`);
  return analysis;
};

export default documentation;
