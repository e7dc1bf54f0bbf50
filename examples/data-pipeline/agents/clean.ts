import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { partSchema, type Order } from '../orders/index.ts';

const input = z.object({ parts: z.array(partSchema) });

/** Puts the parts together in the order of the file, and drops orders that were delivered twice: no part could see those. */
const clean: AgentFunction = (task, context) => {
  const { parts } = input.parse(task.input);
  const all = parts.flatMap(({ good }) => good).sort((a, b) => a.line - b.line);
  const first = new Map<string, Order>();
  for (const order of all) if (!first.has(order.id)) first.set(order.id, order);
  const orders = [...first.values()];
  context.log(`${orders.length} orders, ${all.length - orders.length} delivered twice`);
  return { orders, duplicates: all.length - orders.length };
};

export default clean;
