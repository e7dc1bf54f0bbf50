import type { Timer } from '../../core/ports/index.ts';

export interface Due {
  readonly timer: Timer;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Of two that are due at the same time, the lower one goes first. */
  readonly order: number;
  /** Deliveries that have failed so far. */
  readonly failures: number;
}

export interface TimerHeap {
  push(due: Due): void;
  peek(): Due | undefined;
  pop(): Due | undefined;
}

/** A binary heap: push and pop cost log n, also with the timers of a thousand executions. */
export function createTimerHeap(): TimerHeap {
  const heap: Due[] = [];

  function earlier(a: number, b: number): boolean {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return first !== undefined;
    return first.at < second.at || (first.at === second.at && first.order < second.order);
  }

  function swap(a: number, b: number): void {
    const [first, second] = [heap[a], heap[b]];
    if (first === undefined || second === undefined) return;
    heap[a] = second;
    heap[b] = first;
  }

  function rise(from: number): void {
    for (let at = from; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!earlier(at, parent)) return;
      swap(at, parent);
      at = parent;
    }
  }

  function sink(): void {
    for (let at = 0; ;) {
      const left = 2 * at + 1;
      const child = earlier(left + 1, left) ? left + 1 : left;
      if (!earlier(child, at)) return;
      swap(child, at);
      at = child;
    }
  }

  return {
    push: (due) => rise(heap.push(due) - 1),
    peek: () => heap[0],
    pop: () => {
      swap(0, heap.length - 1);
      const first = heap.pop();
      sink();
      return first;
    },
  };
}
