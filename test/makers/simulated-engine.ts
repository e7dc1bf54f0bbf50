import type { SkeinEvent } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { CompiledWorkflow } from '../../compiler/index.ts';
import {
  createEmbeddedRuntime,
  createMemoryStores,
  type EmbeddedRuntime,
  type EmbeddedRuntimeOptions,
  type Stores,
} from '../../local/index.ts';
import type { Observed, ObservedCall, RunSimulated } from '../property/observed.ts';
import { createEchoingRuntime } from '../local/echoing-runtime.ts';
import { createPlaces, observe } from './observe.ts';
import { compileScenario, type Press, type Scenario } from '../../simulation/index.ts';
import { createScriptedAgents } from './scripted-agents.ts';
import { createSimulatedWorld, type SimulatedWorld } from './simulated-world.ts';

/** The execution of a scenario, with all that it has left behind. */
export interface SimulatedRun {
  readonly observed: Observed;
  readonly execution: ExecutionId;
  readonly events: readonly SkeinEvent[];
  readonly stores: Stores;
  readonly compiled: CompiledWorkflow;
}

/** What runs a scenario in a simulated world. */
export type SimulatedRuntime = Pick<
  EmbeddedRuntime,
  'publish' | 'start' | 'emit' | 'cancel' | 'whenEnded' | 'subscribe'
> &
  Partial<Pick<EmbeddedRuntime, 'pause' | 'unpause'>>;

/** A runtime that has machines outside of this process. */
export interface DistantRuntime {
  create(options: EmbeddedRuntimeOptions): SimulatedRuntime;
  /** Resolves when its machines have come to rest. */
  atRest(): Promise<void>;
}

export async function simulate(scenario: Scenario, press?: Press, distant?: DistantRuntime): Promise<SimulatedRun> {
  const { echo } = scenario;
  const workflows = compileScenario(scenario, press);
  const stores = createMemoryStores('secret');
  const places = createPlaces();
  const calls: ObservedCall[] = [];
  const world = createSimulatedWorld({
    echo,
    ...(distant && { atRest: () => distant.atRest() }),
    createAgents: (inWorld, answers) =>
      createScriptedAgents(inWorld, answers, {
        script: scenario.script,
        echo,
        placeOf: ({ execution, path }) => places.find(execution, path),
        onCall: ({ attempt, input, index, count }, path) => {
          calls.push({ path, attempt, at: inWorld.clock.now(), input, index, count });
        },
      }),
  });
  const createRuntime = echo ? createEchoingRuntime : createEmbeddedRuntime;
  const runtime = distant?.create({ stores, world }) ?? createRuntime({ stores, world });
  const happened: SkeinEvent[] = [];
  runtime.subscribe((events) => {
    places.hear(events);
    happened.push(...events);
  });
  for (const child of workflows.children) await runtime.publish(child);
  const version = await runtime.publish(workflows.own);
  const execution = await runtime.start({ ...version, input: scenario.input });
  const startedAt = world.clock.now();
  if (scenario.cancelAt !== undefined) {
    world.schedule(startedAt + scenario.cancelAt, () => {
      // An execution that has ended by then refuses, as it should.
      runtime.cancel(execution, 'the test').catch(() => undefined);
    });
  }
  schedulePauses(scenario, { runtime, world, execution, startedAt });
  scenario.events?.forEach(({ at, type, data }, index) => {
    const event = { id: `event-${index + 1}`, type, source: 'outside', data };
    world.schedule(startedAt + at, () => void runtime.emit(event));
  });
  let ended = false;
  let failed: { readonly error: unknown } | undefined;
  runtime.whenEnded(execution).then(
    () => (ended = true),
    (error: unknown) => (failed = { error }),
  );
  await world.runUntil(() => ended || failed !== undefined);
  if (failed) throw failed.error;

  const observed = await observe({ stores, places, happened, startedAt }, execution, calls);
  return { observed, execution, events: await stores.ledger.listEvents(execution), stores, compiled: workflows.own };
}

interface Running {
  readonly runtime: SimulatedRuntime;
  readonly world: SimulatedWorld;
  readonly execution: ExecutionId;
  readonly startedAt: number;
}

/** One that stops by then, or has ended, refuses both. */
function schedulePauses({ pauses = [] }: Scenario, { runtime, world, execution, startedAt }: Running): void {
  const by = 'the test';
  for (const { at, until } of pauses) {
    world.schedule(startedAt + at, () => void runtime.pause?.(execution, { by }).catch(() => undefined));
    world.schedule(startedAt + until, () => void runtime.unpause?.(execution, { by }).catch(() => undefined));
  }
}

export const runSimulated: RunSimulated = async (scenario) => (await simulate(scenario)).observed;
