import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { orderSchema, type Order } from '../orders/index.ts';

const input = z.object({ orders: z.array(orderSchema), by: z.enum(['region', 'month']) });

const keyOf = {
  region: (order: Order): string => order.region,
  month: (order: Order): string => order.date.slice(0, 7),
};

/** Sums orders, pieces and revenue: one agent type, two tasks, told apart by their input. */
const aggregate: AgentFunction = (task) => {
  const { orders, by } = input.parse(task.input);
  const groups = [...Map.groupBy(orders, keyOf[by])].map(([key, group]) => ({
    key,
    orders: group.length,
    pieces: group.reduce((sum, { quantity }) => sum + quantity, 0),
    cents: group.reduce((sum, { quantity, cents }) => sum + quantity * cents, 0),
  }));
  return { by, groups: groups.sort((a, b) => (a.key < b.key ? -1 : 1)) };
};

export default aggregate;
