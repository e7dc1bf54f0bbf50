import type { SkeinEvent } from '../../core/execution/index.ts';
import type { EventBus } from '../../core/ports/index.ts';

export type EventListener = (events: readonly SkeinEvent[]) => void;

export interface InProcessEventBus extends EventBus {
  /** Calls the listener, inside `publish`, with every batch from now on. Answers what ends it. */
  subscribe(listener: EventListener): () => void;
}

/** A listener that throws harms neither the publisher nor the other listeners: its error goes to `onError`. */
export function createInProcessEventBus({ onError }: { onError: (error: unknown) => void }): InProcessEventBus {
  const subscriptions = new Set<{ readonly listener: EventListener }>();
  return {
    publish: (events) => {
      if (events.length === 0) return;
      for (const { listener } of [...subscriptions]) {
        try {
          listener(events);
        } catch (error) {
          onError(error);
        }
      }
    },
    subscribe: (listener) => {
      const subscription = { listener };
      subscriptions.add(subscription);
      return () => void subscriptions.delete(subscription);
    },
  };
}
