import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import type { AgentAnswers, AgentRuntime } from '../../core/ports/index.ts';
import type { World } from '../../local/index.ts';
import { createSeededIds } from '../../adapters/embedded/index.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';

interface Due {
  readonly at: number;
  readonly run: () => void;
  cancelled: boolean;
}

/** A world in which time passes only when nothing else can happen. */
export interface SimulatedWorld extends World {
  readonly clock: SimulatedClock;
  /** Lets things happen, and time pass, until `done`. Throws when nothing is left that could still happen. */
  runUntil(done: () => boolean): Promise<void>;
}

/** Things that happen at one moment after which a simulation has certainly lost its way. */
const MOST_TURNS = 200_000;

export interface SimulatedWorldOptions {
  readonly seed?: number;
  /** Every timer fires twice, and once more later. */
  readonly echo?: boolean | undefined;
  readonly createAgents: (world: SimulatedWorld, answers: AgentAnswers) => AgentRuntime;
  /** Something goes on that takes no time, as the disk does: nothing that is due later may happen before. */
  readonly isBusy?: () => boolean;
  /** Resolves when what goes on outside of this process, and takes no simulated time, has come to rest. */
  readonly atRest?: () => Promise<void>;
}

export function createSimulatedWorld({
  seed = 1,
  echo = false,
  createAgents,
  isBusy = () => false,
  atRest = async () => undefined,
}: SimulatedWorldOptions): SimulatedWorld {
  const clock = createSimulatedClock();
  const queue: Due[] = [];
  const schedule = (at: number, run: () => void) => {
    const due = { at, run, cancelled: false };
    // Of two at the same time, the one scheduled first goes first.
    const later = queue.findLastIndex((other) => other.at <= at) + 1;
    queue.splice(later, 0, due);
    return () => {
      due.cancelled = true;
    };
  };
  const errors: unknown[] = [];

  const world: SimulatedWorld = {
    clock,
    ids: createSeededIds(seed),
    schedule,
    createTimers: (deliver) => ({
      schedule: async (timer, at) => {
        for (const delay of echo ? [0, 0, 59] : [0])
          schedule(at + delay, () => {
            deliver(timer).catch((error: unknown) => errors.push(error));
          });
      },
    }),
    createAgents: (answers) => createAgents(world, answers),
    async runUntil(done) {
      for (let turn = 0; turn < MOST_TURNS; turn += 1) {
        do {
          await turnOfTheEventLoop();
          await atRest();
        } while (isBusy());
        if (errors.length > 0) throw errors[0];
        if (done()) return;
        let next = queue.shift();
        while (next?.cancelled) next = queue.shift();
        if (!next) throw new Error('nothing is left that could still happen');
        clock.advanceTo(next.at);
        next.run();
      }
      throw new Error(`still going on after ${MOST_TURNS} turns`);
    },
  };
  return world;
}
