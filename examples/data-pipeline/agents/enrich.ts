import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';
import { readCsv } from '../orders/index.ts';

const input = z.object({ source: z.string() });

/** Looks up one fact about each region in another source. A source that does not answer is `AgentUnavailable`. */
const enrich: AgentFunction = async (task, context) => {
  const { source } = input.parse(task.input);
  context.log(`asking ${source}, attempt ${context.attempt}`);
  const [, ...rows] = await readCsv(source);
  return { values: Object.fromEntries(rows.map(([region = '', value = '']) => [region, value])) };
};

export default enrich;
