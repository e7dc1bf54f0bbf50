import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import { executionId } from '../../core/ids/index.ts';
import type { AgentAnswers, AgentRuntime } from '../../core/ports/index.ts';
import type { CompiledWorkflow } from '../../compiler/index.ts';
import { createEmbeddedRuntime, createMemoryStores, type World } from '../../local/index.ts';

/** What a simulated execution did, in milliseconds from its start. */
export interface SimulatedRun {
  readonly makespan: number;
  /** When each task's agent was called, by task id. */
  readonly calledAt: ReadonlyMap<string, number>;
}

/**
 * Runs the compiled machine on the embedded runtime: its interpreter, its engine, its ledger in memory. Only time is
 * simulated: it passes when nothing else can happen, and each agent takes as long as `durations` says. Whatever the engine itself
 * does takes no time at all, and there are as many agents as are wanted.
 */
export async function runSimulated(
  compiled: CompiledWorkflow,
  durations: ReadonlyMap<string, number>,
): Promise<SimulatedRun> {
  const timeline = new Timeline();
  const calledAt = new Map<string, number>();
  const world = createWorld(timeline, (answers) => ({
    async call({ handle, task }) {
      calledAt.set(task, timeline.now);
      timeline.schedule(timeline.now + (durations.get(task) ?? 0), () => answers.complete(handle, {}));
    },
    cancel: async () => undefined,
    capacity: () => undefined,
    outlivesEngine: () => false,
  }));
  const runtime = createEmbeddedRuntime({ stores: createMemoryStores('simulated'), world });
  const version = await runtime.publish(compiled);
  const execution = await runtime.start({ ...version, input: {} });
  const ended = runtime.whenEnded(execution);
  const end = await timeline.runUntil(ended);
  const { status, error } = await ended;
  if (status !== 'succeeded') throw new Error(`the simulated execution is ${status}: ${JSON.stringify(error)}`);
  runtime.close();
  return { makespan: end, calledAt };
}

function createWorld(timeline: Timeline, createAgents: (answers: AgentAnswers) => AgentRuntime): World {
  return {
    clock: { now: () => timeline.now },
    ids: {
      executionId: () => executionId('exec_00000000000000000000000001'),
      engineId: () => 'eng_simulated',
      // Only picks among equals and spreads retries, of which there are none here.
      random: () => 0.5,
    },
    schedule: (at, run) => timeline.schedule(at, run),
    createTimers: (deliver) => ({
      schedule: async (timer, at) => {
        timeline.schedule(at, () => deliver(timer));
      },
    }),
    createAgents,
  };
}

interface Due {
  readonly at: number;
  /** Undefined once it is cancelled. */
  run: (() => unknown) | undefined;
}

/** Things to come, in order of time, then of being scheduled. */
class Timeline {
  now = 0;
  readonly #coming: Due[] = [];
  #settled = false;
  #failure: { readonly error: unknown } | undefined;

  schedule(at: number, run: () => unknown): () => void {
    const due: Due = { at, run };
    // By halves: the line is long, because every task has a timeout that nobody takes out of it.
    let [low, high] = [0, this.#coming.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#coming[middle]?.at ?? 0) <= at) low = middle + 1;
      else high = middle;
    }
    this.#coming.splice(low, 0, due);
    return () => {
      due.run = undefined;
    };
  }

  /** Lets time pass until the promise settles; answers the moment. */
  async runUntil(done: Promise<unknown>): Promise<number> {
    const settle = (): void => void (this.#settled = true);
    done.then(settle, settle);
    for (;;) {
      await turnOfTheEventLoop();
      if (this.#failure) throw this.#failure.error;
      if (this.#settled) return this.now;
      const next = this.#coming.shift();
      if (next === undefined) throw new Error('nothing is left that could still happen');
      if (next.run === undefined) continue;
      this.now = Math.max(this.now, next.at);
      Promise.resolve(next.run()).catch((error: unknown) => (this.#failure = { error }));
    }
  }
}
