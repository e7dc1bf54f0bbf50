import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentTask } from '../core/agents/index.ts';

/** Works for as many milliseconds as its input says. */
export default async function noop({ input }: AgentTask): Promise<Record<string, never>> {
  const { ms } = input as { ms: number };
  if (ms > 0) await sleep(ms);
  return {};
}
