import type { AgentType } from '../core/agents/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { AgentCapacity, AgentRuntime } from '../core/ports/index.ts';
import type { FollowUps } from './follow-up.ts';

interface Waiting {
  readonly execution: ExecutionId;
  readonly path: TaskPath;
}

/** Tasks that wait for the places of one limit, in the order in which they came. */
interface Queue {
  /** One of those that share the limit. */
  readonly agentType: AgentType;
  readonly tasks: Map<string, Waiting>;
}

/**
 * Places in the agents' runtimes of this process (its workers). In memory only: places die with the process, and a resumed
 * execution dispatches its tasks again anyway.
 */
export interface Rooms {
  /** A place between the decision to call and the call itself; release it once the runtime counts the call. */
  take(agentType: AgentType): { readonly release: () => void } | { readonly full: AgentCapacity };
  wait(limit: string, agentType: AgentType, task: Waiting): void;
  /** Takes as many waiting tasks out of the queues as have room now, first come first, to be admitted. */
  wake(): FollowUps;
}

export function createRooms(agents: AgentRuntime): Rooms {
  const taken = new Map<string, number>();
  const queues = new Map<string, Queue>();
  const freeOf = ({ limit, free }: AgentCapacity): number => Math.max(0, free - (taken.get(limit) ?? 0));

  return {
    take(agentType) {
      const capacity = agents.capacity(agentType);
      if (!capacity) return { release: () => undefined };
      if (freeOf(capacity) === 0) return { full: capacity };
      const { limit } = capacity;
      taken.set(limit, (taken.get(limit) ?? 0) + 1);
      let held = true;
      const release = () => {
        if (held) taken.set(limit, (taken.get(limit) ?? 1) - 1);
        held = false;
      };
      return { release };
    },
    wait(limit, agentType, task) {
      const queue = queues.get(limit) ?? { agentType, tasks: new Map<string, Waiting>() };
      queues.set(limit, queue);
      queue.tasks.set(`${task.execution}/${task.path}`, task);
    },
    wake() {
      return [...queues.values()].flatMap(({ agentType, tasks }) => {
        const capacity = agents.capacity(agentType);
        if (tasks.size === 0 || !capacity) return [];
        const woken = [...tasks.entries().take(freeOf(capacity))];
        for (const [key] of woken) tasks.delete(key);
        return woken.map(([, task]) => ({ kind: 'admit', ...task }) as const);
      });
    },
  };
}
