import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { readOrder, rowSchema, type BadRow, type Order } from '../orders/index.ts';

const input = z.object({ rows: z.array(rowSchema) });

/** Judges its share of the rows: `task.count` copies of this agent run at once, and each knows which one it is. */
const validate: AgentFunction = (task) => {
  const { rows } = input.parse(task.input);
  const share = rows.filter((_, position) => position % task.count === task.index);
  const good: Order[] = [];
  const bad: BadRow[] = [];
  for (const row of share) {
    const order = readOrder(row);
    if ('problems' in order) bad.push(order);
    else good.push(order);
  }
  return { good, bad };
};

export default validate;
