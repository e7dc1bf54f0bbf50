/** What goes on after a call has resolved. A container is frozen once its handler has returned, so the handler waits for it. */
export interface Background {
  readonly add: (work: Promise<void>) => void;
  /** Resolves when nothing goes on any more, whatever was added meanwhile. */
  settled(): Promise<void>;
}

export function createBackground(): Background {
  const open = new Set<Promise<void>>();
  return {
    add: (work) => {
      open.add(work);
      // Who adds work hears of its failures himself.
      void work.catch(() => undefined).finally(() => open.delete(work));
    },
    async settled() {
      while (open.size > 0) await Promise.allSettled(open);
    },
  };
}
