import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { inventorySchema } from '../repository/index.ts';
import { reviewComplexity } from '../complexity/index.ts';

const input = z.object({ inventory: inventorySchema });

/** Measures how hard each function is to follow. */
const complexity: AgentFunction = async (task, context) => {
  const { inventory } = input.parse(task.input);
  const analysis = await reviewComplexity(inventory, context);
  context.log(`${analysis.examined} measured`);
  return analysis;
};

export default complexity;
