import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { reviewLint } from '../lint/index.ts';
import { inventorySchema } from '../repository/index.ts';

const input = z.object({ inventory: inventorySchema });

/** Runs ESLint on JavaScript and TypeScript, and Ruff on Python, each with rules of our own. */
const lint: AgentFunction = async (task, context) => {
  const { inventory } = input.parse(task.input);
  const analysis = await reviewLint(inventory, context);
  context.log(`${analysis.examined} linted`);
  return analysis;
};

export default lint;
