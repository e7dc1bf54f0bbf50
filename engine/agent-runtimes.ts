import type { AgentRuntimeKind, AgentType } from '../core/agents/index.ts';
import type { UnavailableError } from '../core/errors/index.ts';
import type { AgentRuntime } from '../core/ports/index.ts';
import { people } from './people.ts';

/** The runtimes that there are where the engine runs. */
export type AgentRuntimes = { readonly [Kind in AgentRuntimeKind]?: AgentRuntime };

/** One runtime that gives each call to the one of its agent's kind; people are everywhere. `missing`: what to throw where there is none. */
export function joinAgentRuntimes(
  runtimes: AgentRuntimes,
  missing: (agentType: AgentType) => UnavailableError,
): AgentRuntime {
  const all: AgentRuntimes = { human: people, ...runtimes };
  const find = ({ runtime }: AgentType): AgentRuntime | undefined => all[runtime];
  return {
    async call(call) {
      const runtime = find(call.agentType);
      if (!runtime) throw missing(call.agentType);
      await runtime.call(call);
    },
    async cancel(handle, why, patience) {
      // A handle does not say whose it is, and one that a runtime does not know changes nothing there.
      await Promise.all(Object.values(all).map((runtime) => runtime.cancel(handle, why, patience)));
    },
    capacity: (agentType) => find(agentType)?.capacity(agentType),
    outlivesEngine: (agentType) => find(agentType)?.outlivesEngine(agentType) ?? false,
  };
}
