import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { inventorySchema } from '../repository/index.ts';
import { reviewSecurity } from '../security/index.ts';

const input = z.object({ inventory: inventorySchema });

/** Looks for committed secrets, injections, weak cryptography and careless dependencies. */
const security: AgentFunction = async (task, context) => {
  const { inventory } = input.parse(task.input);
  const analysis = await reviewSecurity(inventory, context);
  context.log(`${analysis.examined} searched`);
  return analysis;
};

export default security;
