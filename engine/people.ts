import type { AgentRuntime } from '../core/ports/index.ts';

/**
 * People, as a runtime of agents. A call reaches nobody: whoever looks at the approvals finds the attempt. It waits for as long as it may,
 * whatever becomes of processes.
 */
export const people: AgentRuntime = {
  call: async () => undefined,
  cancel: async () => undefined,
  capacity: () => undefined,
  outlivesEngine: () => true,
};
