import type { Json, JsonObject } from '../../../core/json/index.ts';
import type { BranchRun } from '../branch-run.ts';
import { exceedsDataLimit } from '../data-limit.ts';
import type { MapState } from '../machine.ts';
import { recover } from '../recovery.ts';
import { StateFailure, tooLargeFailure } from '../state-failure.ts';
import type { Outcome, StateVisit, Surroundings } from '../state-visit.ts';
import type { RunStrand } from '../strand.ts';

/** Inline iterations that Step Functions runs at once, however many are asked for. */
const mostAtOnce = 40;

export function runMap(state: MapState, visit: StateVisit, runStrand: RunStrand): Promise<Outcome> {
  return recover(state, visit, {
    attempt: async () => {
      const items = await itemsOf(state, visit);
      const limits = await limitsOf(state, visit, items.length);
      const outputs = await new Iterations(state, visit, { items, runStrand, ...limits }).run();
      return visit.leave(state, outputs, { result: outputs });
    },
    // As with Parallel: the failure is told once, however often it was tried.
    onGivenUp: () => visit.branch.record('MapStateFailed'),
  });
}

async function itemsOf({ Items }: MapState, visit: StateVisit): Promise<readonly Json[]> {
  if (Items !== undefined) return visit.fillAs('array', Items, 'Items');
  if (Array.isArray(visit.input)) return visit.input as readonly Json[];
  throw visit.failedEvaluation(`Map state input must be an array but was: ${JSON.stringify(visit.input)}`);
}

interface Limits {
  readonly atOnce: number;
  readonly toleratedFailures: number;
}

async function limitsOf(state: MapState, visit: StateVisit, length: number): Promise<Limits> {
  const read = async (field: 'MaxConcurrency' | 'ToleratedFailureCount' | 'ToleratedFailurePercentage') => {
    const template = state[field];
    return template === undefined ? undefined : visit.fillAs('number', template, field);
  };
  // 0 asks for no limit, and is none that Step Functions would keep.
  const asked = (await read('MaxConcurrency')) || mostAtOnce;
  const count = await read('ToleratedFailureCount');
  const percentage = await read('ToleratedFailurePercentage');
  const share = percentage === undefined ? undefined : Math.floor((percentage * length) / 100);
  return {
    atOnce: Math.min(asked, mostAtOnce, length),
    // Whichever of the two is exceeded first.
    toleratedFailures: Math.min(count ?? share ?? 0, share ?? count ?? 0),
  };
}

interface Work extends Limits {
  readonly items: readonly Json[];
  readonly runStrand: RunStrand;
}

/** The iterations of one attempt: so many at once, each starting when one before it has ended. */
class Iterations {
  readonly #state: MapState;
  readonly #visit: StateVisit;
  readonly #work: Work;
  /** Null stays where an iteration's failure was tolerated. */
  readonly #outputs: Json[];
  readonly #running = new Map<BranchRun, JsonObject>();
  #begun = 0;
  #failures = 0;
  #isOver = false;

  constructor(state: MapState, visit: StateVisit, work: Work) {
    this.#state = state;
    this.#visit = visit;
    this.#work = work;
    this.#outputs = work.items.map(() => null);
  }

  async run(): Promise<Json> {
    const { branch: parent } = this.#visit;
    const { items, atOnce } = this.#work;
    parent.record('MapStateStarted', { length: items.length });
    parent.hold(() => this.#abort());
    await Promise.all(Array.from({ length: atOnce }, () => this.#runLane(parent)));
    parent.note('MapStateSucceeded');
    return this.#outputs;
  }

  /** One iteration after the other; AWS chains the next one to the last state of the one before. */
  async #runLane(from: BranchRun): Promise<void> {
    while (!this.#isOver && this.#begun < this.#work.items.length) {
      const index = this.#begun;
      this.#begun += 1;
      const run = from.fork();
      await this.#iterate(index, run);
      from = run;
    }
  }

  async #iterate(index: number, run: BranchRun): Promise<void> {
    const { branch: parent, name } = this.#visit;
    const about = { index, name };
    this.#running.set(run, about);
    run.record('MapIterationStarted', about);
    try {
      this.#outputs[index] = await this.#outputOf(index, run);
      this.#running.delete(run);
      parent.continueAt(run.note('MapIterationSucceeded', about));
    } catch (failure) {
      // What an aborted iteration still throws while it unwinds is nobody's failure.
      if (run.isAborted) throw failure;
      this.#running.delete(run);
      run.note('MapIterationFailed', about);
      parent.continueAt(run.lastEvent);
      this.#countFailure(failure);
    }
  }

  async #outputOf(index: number, run: BranchRun): Promise<Json> {
    const { surroundings, variables } = this.#visit;
    const { ItemSelector, ItemProcessor } = this.#state;
    const item = this.#work.items[index] ?? null;
    const more = { Map: { Item: { Index: index, Value: item } } };
    const input =
      ItemSelector === undefined ? item : await this.#visit.fill(ItemSelector, 'ItemSelector', { context: more });
    if (exceedsDataLimit(input)) throw tooLargeFailure(this.#visit.name);
    const within: Surroundings = { ...surroundings, context: { ...surroundings.context, ...more } };
    return this.#work.runStrand({ surroundings: within, branch: ItemProcessor, run, input, variables });
  }

  #countFailure(failure: unknown): void {
    const { toleratedFailures } = this.#work;
    this.#failures += 1;
    const mayBeTolerated = failure instanceof StateFailure && toleratedFailures > 0;
    if (mayBeTolerated && this.#failures <= toleratedFailures) return;
    this.#abort();
    if (!mayBeTolerated) throw failure;
    const cause = 'The specified tolerated failure threshold was exceeded';
    throw new StateFailure({ error: 'States.ExceedToleratedFailureThreshold', cause });
  }

  #abort(): void {
    this.#isOver = true;
    for (const [run, about] of this.#running) run.abort({ type: 'MapIterationAborted', details: about });
  }
}
