import type { AgentContext } from '../../core/agents/index.ts';
import type { Json } from '../../core/json/index.ts';

/** What a line of the log says beside its message. */
export interface AgentLogLine {
  readonly level: 'INFO' | 'WARN' | 'ERROR';
  readonly message: string;
  readonly [more: string]: Json;
}

/** One line of JSON that can be found by its execution, task and attempt. */
export function logLine(
  { execution, agent, attempt }: Pick<AgentContext, 'execution' | 'agent' | 'attempt'>,
  path: string,
  { level, message, ...more }: AgentLogLine,
): string {
  return JSON.stringify({ level, message, execution, task: path, agent, attempt, ...more });
}
