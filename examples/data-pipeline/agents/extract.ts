import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { columns, InvalidInput, readCsv } from '../orders/index.ts';

const input = z.object({ orders: z.string() });

/** Reads the orders as they are. What is wrong with a single one is not its concern; a wrong header is. */
const extract: AgentFunction = async (task, context) => {
  const { orders } = input.parse(task.input);
  const [header = [], ...rows] = await readCsv(orders);
  if (header.join() !== columns.join()) {
    throw new InvalidInput(`The header of ${orders} is "${header.join()}".`);
  }
  context.log(`${rows.length} rows`);
  return { rows: rows.map((fields, index) => ({ line: index + 2, fields })), count: rows.length };
};

export default extract;
