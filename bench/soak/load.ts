import { setTimeout as sleep } from 'node:timers/promises';
import { ConflictError } from '../../core/errors/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Laptop, Version } from '../../local/index.ts';
import { createChance, seedOf } from '../../core/chance/index.ts';

export interface LoadOptions {
  readonly laptop: Laptop;
  readonly versions: readonly Version[];
  readonly seed: number;
  /** Executions that are open at the same time. */
  readonly lanes: number;
}

/** What has become of the executions; grows by no entry for each of them. */
export interface Load {
  /** How many have ended, by status. */
  readonly ended: Map<string, number>;
  /** Some of those that have ended, each of them with the same chance. */
  readonly sample: readonly ExecutionId[];
  /** Promises that were broken: executions that did not end, or that the engine could not go on with. */
  readonly broken: readonly string[];
  /** Starts nothing more. Resolves when everything has ended, or is given up. */
  stop(): Promise<void>;
}

const SAMPLE = 200;
/** The longest workflow may take a minute, and its agents a few seconds more. */
const PATIENCE_MS = 120_000;
const LONGEST_PAUSE_MS = 100;
const CANCELLED = 0.05;
const PAID = 0.85;

/** Keeps executions of all workflows open in lanes, cancels some, and publishes what most of the orders wait for. */
export function startLoad({ laptop, versions, seed, lanes }: LoadOptions): Load {
  const ended = new Map<string, number>();
  const sample: ExecutionId[] = [];
  const broken: string[] = [];
  let stopping = false;

  const keep = (execution: ExecutionId, status: string, chance: number): void => {
    ended.set(status, (ended.get(status) ?? 0) + 1);
    const count = [...ended.values()].reduce((sum, one) => sum + one, 0);
    const place = sample.length < SAMPLE ? sample.length : Math.floor(chance * count);
    if (place < SAMPLE) sample[place] = execution;
  };
  const runLane = async (lane: number): Promise<void> => {
    const chance = createChance(seedOf(`${seed} ${lane}`));
    while (!stopping) {
      const version = versions[Math.floor(chance() * versions.length)];
      if (!version) return;
      try {
        const { execution, status } = await runOne(laptop, version, chance);
        if (status === undefined) broken.push(`${execution} of ${version.workflow} did not end`);
        else keep(execution, status, chance());
      } catch (error) {
        broken.push(`an execution of ${version.workflow} could not be followed: ${String(error)}`);
        return;
      }
      await sleep(chance() * LONGEST_PAUSE_MS);
    }
  };
  const all = Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
  return {
    ...{ ended, sample, broken },
    async stop() {
      stopping = true;
      await all;
    },
  };
}

/** Its status at the end; undefined when it has not ended in time. */
async function runOne({ runtime }: Laptop, version: Version, chance: () => number) {
  const seed = Math.floor(chance() * 2 ** 31);
  const execution = await runtime.start({ ...version, input: { seed } });
  const over = new AbortController();
  const happenings = [
    ...(chance() < CANCELLED ? [() => cancel(runtime, execution)] : []),
    ...(version.workflow === 'order' && chance() < PAID ? [() => pay(runtime, seed)] : []),
  ].map((happen) => after(chance() * 1_000, happen, over.signal));
  const patience = sleep(PATIENCE_MS, undefined, { signal: over.signal }).catch(() => undefined);
  const view = await Promise.race([runtime.whenEnded(execution), patience]);
  over.abort();
  await Promise.all(happenings);
  return { execution, status: view?.status };
}

async function after(ms: number, happen: () => Promise<void>, signal: AbortSignal): Promise<void> {
  const isOver = await sleep(ms, false, { signal }).catch(() => true);
  if (!isOver) await happen();
}

async function cancel(runtime: Laptop['runtime'], execution: ExecutionId): Promise<void> {
  try {
    await runtime.cancel(execution, 'soak');
  } catch (error) {
    if (!(error instanceof ConflictError && error.code === 'execution_ended')) throw error;
  }
}

function pay(runtime: Laptop['runtime'], seed: number): Promise<void> {
  return runtime.emit({ id: `paid-${seed}`, type: 'soak.paid', source: 'soak', data: { seed } });
}
