import type { AgentType } from '../../core/agents/index.ts';
import { UnavailableError } from '../../core/errors/index.ts';
import type { AgentRuntime } from '../../core/ports/index.ts';
import { joinAgentRuntimes, type AgentRuntimes } from '../../engine/index.ts';

/** The runtimes of this machine as one. */
export function createAgentRuntimes(runtimes: AgentRuntimes): AgentRuntime {
  return joinAgentRuntimes(runtimes, notEmbedded);
}

function notEmbedded({ name, runtime }: AgentType): UnavailableError {
  return new UnavailableError({
    code: 'runtime_not_embedded',
    message: `Agent type ${name} runs on ${runtime}, which this machine does not have.`,
    hint: 'Give it `runtime: local` or `runtime: http` in the agent catalogue to run it here.',
  });
}
