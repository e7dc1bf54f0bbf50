import { UnavailableError } from '../../core/errors/index.ts';
import type { AgentType } from '../../core/agents/index.ts';
import type { AgentRuntime } from '../../core/ports/index.ts';

export interface AgentRuntimes {
  readonly local: AgentRuntime;
  readonly http: AgentRuntime;
}

/** One runtime that gives each call to the one of its agent's kind. */
export function createAgentRuntimes({ local, http }: AgentRuntimes): AgentRuntime {
  const find = ({ runtime }: AgentType): AgentRuntime | undefined => {
    if (runtime === 'local') return local;
    return runtime === 'http' ? http : undefined;
  };

  return {
    async call(call) {
      const runtime = find(call.agentType);
      if (!runtime) throw notEmbedded(call.agentType);
      await runtime.call(call);
    },
    async cancel(handle, why, patience) {
      // A handle does not say whose it is, and one that a runtime does not know changes nothing there.
      await Promise.all([local.cancel(handle, why, patience), http.cancel(handle, why, patience)]);
    },
    capacity: (agentType) => find(agentType)?.capacity(agentType),
    outlivesEngine: (agentType) => find(agentType)?.outlivesEngine(agentType) ?? false,
  };
}

function notEmbedded({ name, runtime }: AgentType): UnavailableError {
  return new UnavailableError({
    code: 'runtime_not_embedded',
    message: `Agent type ${name} runs on ${runtime}, which this machine does not have.`,
    hint: 'Give it `runtime: local` or `runtime: http` in the agent catalogue to run it here.',
  });
}
