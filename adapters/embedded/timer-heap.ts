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
  return {
    push: (due) => rise(heap, heap.push(due) - 1),
    peek: () => heap[0],
    pop: () => {
      swap(heap, 0, heap.length - 1);
      const first = heap.pop();
      sink(heap);
      return first;
    },
  };
}

function rise(heap: Due[], from: number): void {
  let at = from;
  let parent = (at - 1) >> 1;
  while (isEarlier(heap[at], heap[parent])) {
    swap(heap, at, parent);
    at = parent;
    parent = (at - 1) >> 1;
  }
}

function sink(heap: Due[]): void {
  let at = 0;
  let child = earlierChild(heap, at);
  while (isEarlier(heap[child], heap[at])) {
    swap(heap, at, child);
    at = child;
    child = earlierChild(heap, at);
  }
}

function earlierChild(heap: readonly Due[], at: number): number {
  const left = 2 * at + 1;
  return isEarlier(heap[left + 1], heap[left]) ? left + 1 : left;
}

/** False at the heap's borders, where there is nothing to compare with. */
function isEarlier(a: Due | undefined, b: Due | undefined): boolean {
  if (a === undefined || b === undefined) return false;
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}

function swap(heap: Due[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]];
  if (first === undefined || second === undefined) return;
  heap[a] = second;
  heap[b] = first;
}
