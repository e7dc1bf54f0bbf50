/** An agent that tasks are given to. */
export interface Candidate {
  readonly name: string;
  /** Its place in the document. */
  readonly position: number;
  readonly capacity: number;
  /** What it has got so far; others give it tasks as well. */
  tasks: number;
}

/** A candidate, and what it had to spare when somebody last looked. */
interface Offer {
  readonly candidate: Candidate;
  spare: number;
}

/**
 * Finds the candidate with the most capacity for each task, without looking at all of them each time: a heap whose offers may be out of
 * date. Nobody's offer rises, so the best is found once the offer on top is true.
 */
export class MostSpare {
  readonly #heap: Offer[];

  constructor(candidates: readonly Candidate[]) {
    this.#heap = candidates.map((candidate) => ({ candidate, spare: spareOf(candidate) }));
    for (let place = (this.#heap.length >> 1) - 1; place >= 0; place--) this.#sink(place);
  }

  /** Undefined when there is none at all. */
  best(): Candidate | undefined {
    for (;;) {
      const [top] = this.#heap;
      if (!top) return undefined;
      const spare = spareOf(top.candidate);
      if (spare === top.spare) return top.candidate;
      top.spare = spare;
      this.#sink(0);
    }
  }

  #sink(from: number): void {
    const heap = this.#heap;
    const sinking = heap[from];
    if (!sinking) return;
    let place = from;
    for (;;) {
      const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
      const better = left && right && isBetter(right, left) ? right : left;
      if (!better || !isBetter(better, sinking)) break;
      heap[place] = better;
      place = 2 * place + (better === right ? 2 : 1);
    }
    heap[place] = sinking;
  }
}

/** For the next task and those it has got. */
function spareOf({ capacity, tasks }: Candidate): number {
  return capacity / (tasks + 1);
}

function isBetter(one: Offer, other: Offer): boolean {
  return one.spare > other.spare || (one.spare === other.spare && one.candidate.position < other.candidate.position);
}
