import { z } from 'zod';
import type { AgentFunction } from '../../../core/agents/index.ts';

const input = z.object({ upstream: z.string(), product: z.string() });
const price = z.object({ product: z.string(), cents: z.int() });

/** Not the task's fault: a retry may help, and the breaker counts it. */
class AgentUnavailable extends Error {
  override readonly name = 'AgentUnavailable';
}

/** Asks the service. The header says which attempt this is, for the service's log. */
const askPrice: AgentFunction = async (task, context) => {
  const { upstream, product } = input.parse(task.input);
  const headers = { 'x-attempt': `${task.path}#${context.attempt}` };
  const response = await fetch(`${upstream}/prices/${encodeURIComponent(product)}`, {
    headers,
    signal: context.signal,
  });
  if (!response.ok) throw new AgentUnavailable(`the service answers ${response.status}`);
  return price.parse(await response.json());
};

export default askPrice;
