import type { AgentType } from '../core/agents/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { AgentCapacity, AgentRuntime } from '../core/ports/index.ts';

interface Waiting {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
}

/**
 * Places in the agents' runtimes of this process (its workers). In memory only: places die with the process, and a resumed
 * execution dispatches its tasks again anyway.
 */
export interface Rooms {
  /** A place between the decision to call and the call itself; release it once the runtime counts the call. */
  take(agentType: AgentType): { readonly release: () => void } | { readonly full: AgentCapacity };
  wait(limit: string, task: Waiting): void;
  /** Takes as many waiting tasks out of the queue as have room now, first come first. */
  wake(limit: string, free: number): readonly Waiting[];
}

export function createRooms(agents: AgentRuntime): Rooms {
  const taken = new Map<string, number>();
  const queues = new Map<string, Map<string, Waiting>>();

  return {
    take(agentType) {
      const capacity = agents.capacity(agentType);
      if (!capacity) return { release: () => undefined };
      const reserved = taken.get(capacity.limit) ?? 0;
      if (capacity.free - reserved <= 0) return { full: capacity };
      taken.set(capacity.limit, reserved + 1);
      let held = true;
      const release = () => {
        if (held) taken.set(capacity.limit, (taken.get(capacity.limit) ?? 1) - 1);
        held = false;
      };
      return { release };
    },
    wait(limit, task) {
      const queue = queues.get(limit) ?? new Map<string, Waiting>();
      queues.set(limit, queue);
      queue.set(`${task.execution}/${task.path}`, task);
    },
    wake(limit, free) {
      const queue = queues.get(limit);
      const woken = queue ? [...queue].slice(0, free) : [];
      for (const [key] of woken) queue?.delete(key);
      return woken.map(([, task]) => task);
    },
  };
}
