import type { JsonObject } from '../../core/json/index.ts';
import type { History, HistoryEventType } from './history.ts';

/** Unwinds what is left of a branch after its abortion; nobody acts on it. */
export class BranchAborted extends Error {
  override readonly name = 'BranchAborted';
}

/** Which event tells that a state was entered and will not be left. The other states end in the moment they begin. */
const abortedEvents: { readonly [type: string]: HistoryEventType } = {
  Task: 'TaskStateAborted',
  Parallel: 'ParallelStateAborted',
  Map: 'MapStateAborted',
  Wait: 'WaitStateAborted',
};

interface EventToTell {
  readonly type: HistoryEventType;
  readonly details: JsonObject;
}

/**
 * One strand of control: the machine's own, a branch of a Parallel, or an iteration of a Map. It keeps the strand's chain of events, and what
 * must be let go when the strand is cut. Every effect of a branch goes past `record`, which throws once the branch has
 * been aborted: that is how nothing of it runs further.
 */
export class BranchRun {
  readonly #history: History;
  #lastEvent: number;
  #beforeEntry = 0;
  #entered: string | undefined;
  #held: (() => void)[] = [];
  #aborted = false;

  constructor(history: History, lastEvent: number) {
    this.#history = history;
    this.#lastEvent = lastEvent;
  }

  get lastEvent(): number {
    return this.#lastEvent;
  }

  get isAborted(): boolean {
    return this.#aborted;
  }

  /** A branch that starts where this one is. */
  fork(): BranchRun {
    return new BranchRun(this.#history, this.#lastEvent);
  }

  /** Goes on after an event of a branch that was forked from this one. */
  continueAt(event: number): void {
    this.#lastEvent = event;
  }

  record(type: HistoryEventType, details: JsonObject = {}): number {
    this.#lastEvent = this.note(type, details);
    return this.#lastEvent;
  }

  /** An event beside the chain: what comes next does not follow from it. So AWS does with …Succeeded and …Aborted. */
  note(type: HistoryEventType, details: JsonObject = {}): number {
    if (this.#aborted) throw new BranchAborted();
    return this.#history.record(type, this.#lastEvent, details);
  }

  enter(type: string, event: HistoryEventType, details: JsonObject): number {
    this.#beforeEntry = this.#lastEvent;
    const id = this.record(event, details);
    this.#entered = type;
    return id;
  }

  /**
   * AWS chains a failed evaluation past the event by which the state was entered, if nothing has happened since;
   * except in a machine's first state, which nothing comes before.
   */
  recordFailedEvaluation(enteredBy: number, details: JsonObject): void {
    if (this.#lastEvent === enteredBy && this.#beforeEntry > 0) this.#lastEvent = this.#beforeEntry;
    this.record('EvaluationFailed', details);
  }

  leave(event: HistoryEventType, details: JsonObject): void {
    this.record(event, details);
    this.#entered = undefined;
    this.#held = [];
  }

  /** What the present state holds (a token, a timer, branches); let go by `letGo` or by an abortion. */
  hold(release: () => void): void {
    if (this.#aborted) release();
    else this.#held.push(release);
  }

  letGo(): void {
    const held = this.#held;
    this.#held = [];
    for (const release of held) release();
  }

  /** `last` is told after what the branch itself has to tell. */
  abort(last?: EventToTell): void {
    if (this.#aborted) return;
    this.letGo();
    const event = this.#entered === undefined ? undefined : abortedEvents[this.#entered];
    if (event) this.note(event);
    if (last) this.note(last.type, last.details);
    this.#aborted = true;
  }
}
