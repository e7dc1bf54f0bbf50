import { z } from 'zod';
import { isTerminal, type SkeinEvent } from '../../core/execution/index.ts';
import { executionId, type ExecutionId } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import { foldEvents, type ExecutionView } from '../../core/projections/index.ts';
import type { ExecutionRunner } from '../follow-execution.ts';
import type { Surroundings } from '../surroundings.ts';
import { sleep, type ApiClient } from './client.ts';
import { readEvents } from './remote-reader.ts';

export interface StartRequest {
  readonly workflow: string;
  readonly version?: string;
  readonly input: Json;
}

/** Executions of a deployment: started, and followed by asking again and again. */
export interface RemoteRunner extends ExecutionRunner {
  start(request: StartRequest): Promise<ExecutionId>;
  /** Lets a paused one go on. */
  resume(execution: ExecutionId): Promise<void>;
}

/** Between two looks, in seconds: the longer nothing happens, the rarer. */
const SHORTEST_PAUSE = 0.3;
const LONGEST_PAUSE = 3;

const started = z.object({ execution_id: z.string() });

export function createRemoteRunner(client: ApiClient, surroundings: Pick<Surroundings, 'onTick'>): RemoteRunner {
  const listeners = new Set<(events: readonly SkeinEvent[]) => void>();
  const followings = new Map<ExecutionId, Following>();
  const control = async (execution: ExecutionId, verb: string): Promise<void> => {
    await client.text({ method: 'POST', path: `/api/v1/executions/${execution}/${verb}`, json: {} });
  };

  return {
    async start({ workflow, version, input }) {
      const path = `/api/v1/workflows/${encodeURIComponent(workflow)}/execute`;
      const json = { input_data: input, ...(version !== undefined && { version }) };
      return executionId((await client.json({ method: 'POST', path, json }, started)).execution_id);
    },
    cancel: (execution) => control(execution, 'cancel'),
    async resume(execution) {
      const following = createFollowing(client, execution);
      followings.set(execution, following);
      // What has happened so far is no news to those who follow from here on.
      await following.look();
      await control(execution, 'resume');
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async whenEnded(execution) {
      const following = followings.get(execution) ?? createFollowing(client, execution);
      for (let pause = SHORTEST_PAUSE; ; pause = Math.min(pause * 1.3, LONGEST_PAUSE)) {
        const { news, view } = await following.look();
        if (news.length > 0) {
          for (const listener of listeners) listener(news);
          pause = SHORTEST_PAUSE;
        }
        if (view && isTerminal(view.status)) return view;
        await sleep(surroundings, pause);
      }
    },
  };
}

interface Look {
  /** Of the execution and of those that its tasks have started. */
  readonly news: readonly SkeinEvent[];
  /** Undefined: nothing is recorded yet. */
  readonly view: ExecutionView | undefined;
}

interface Following {
  look(): Promise<Look>;
}

/**
 * Whole histories, again each time: an event may come to stand before one that was read, so no place in the list separates what is
 * new from what is known.
 */
function createFollowing(client: ApiClient, execution: ExecutionId): Following {
  const known = new Set<string>();
  const met = new Set([execution]);
  const open = new Set([execution]);

  function meet(child: ExecutionId): void {
    if (met.has(child)) return;
    met.add(child);
    open.add(child);
  }

  return {
    async look() {
      const histories = new Map<ExecutionId, readonly SkeinEvent[]>();
      // It grows while it is walked through: a child is looked at in the same look as its parent.
      for (const id of open) {
        const events = await readEvents(client, id);
        histories.set(id, events);
        for (const { type, data } of events) {
          if (type === 'task.started' && data.child !== undefined) meet(data.child);
          if (type === 'workflow.execution_completed') open.delete(id);
        }
      }
      const news = [...histories.values()].flat().filter((event) => !known.has(keyOf(event)));
      news.forEach((event) => known.add(keyOf(event)));
      const own = histories.get(execution) ?? [];
      return { news, view: own.length === 0 ? undefined : foldEvents(own) };
    },
  };
}

function keyOf({ execution, path, n }: SkeinEvent): string {
  return `${execution} ${path} ${n}`;
}
