/** A limit of how much is under way at once, and who waits for a place of it: first come, first served. */
export class Places<Waiting> {
  /** For people. */
  readonly name: string;
  #free: number;
  readonly #queue: Waiting[] = [];
  #served = 0;

  constructor(name: string, size: number) {
    this.name = name;
    this.#free = size;
  }

  get isFull(): boolean {
    return this.#free === 0;
  }

  take(): void {
    this.#free -= 1;
  }

  giveBack(): void {
    this.#free += 1;
  }

  wait(waiting: Waiting): void {
    this.#queue.push(waiting);
  }

  /** Who has waited longest, while there is room; it waits no longer. */
  next(): Waiting | undefined {
    return this.isFull ? undefined : this.#queue[this.#served] && this.#queue[this.#served++];
  }
}
