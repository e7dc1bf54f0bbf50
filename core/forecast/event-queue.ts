interface Entry<Event> {
  readonly at: number;
  /** Of two at the same time, the one that was added first comes first. */
  readonly number: number;
  readonly event: Event;
}

/** What will happen, earliest first: a binary heap. */
export class EventQueue<Event> {
  readonly #heap: Entry<Event>[] = [];
  #added = 0;

  add(at: number, event: Event): void {
    const heap = this.#heap;
    let place = heap.length;
    const entry = { at, number: this.#added++, event };
    for (let parent = (place - 1) >> 1; place > 0; parent = (place - 1) >> 1) {
      const above = heap[parent];
      if (above === undefined || !isBefore(entry, above)) break;
      heap[place] = above;
      place = parent;
    }
    heap[place] = entry;
  }

  next(): { readonly at: number; readonly event: Event } | undefined {
    const [first] = this.#heap;
    const last = this.#heap.pop();
    if (last !== undefined && last !== first) this.#sink(last);
    return first;
  }

  /** Puts an entry where the root was, and lets it find its place. */
  #sink(entry: Entry<Event>): void {
    const heap = this.#heap;
    let place = 0;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const below = isRight ? right : left;
      if (!isBefore(below, entry)) break;
      heap[place] = below;
      place = 2 * place + (isRight ? 2 : 1);
    }
    heap[place] = entry;
  }
}

function isBefore<Event>(first: Entry<Event>, second: Entry<Event>): boolean {
  return first.at < second.at || (first.at === second.at && first.number < second.number);
}
