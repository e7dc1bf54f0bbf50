import { EngineError } from '../../../core/errors/index.ts';
import { executionStatuses, isTerminal } from '../../../core/execution/index.ts';
import type { ExecutionId } from '../../../core/ids/index.ts';
import type { AgentAnswers } from '../../../core/ports/index.ts';
import { foldEvents, type Violation } from '../../../core/projections/index.ts';
import { createEmbeddedRuntime, createReader, type EmbeddedRuntime, type Stores } from '../../../local/index.ts';
import { createPlaces } from '../../makers/observe.ts';
import { compileScenario, type Scenario } from '../../../simulation/index.ts';
import { createScriptedAgents } from '../../makers/scripted-agents.ts';
import { createSimulatedWorld } from '../../makers/simulated-world.ts';
import { createWaitingStores } from '../../makers/waiting-stores.ts';

export interface FaultyRun {
  readonly status: string;
  readonly violations: readonly Violation[];
  /** Processes that it took. */
  readonly lives: number;
}

interface Run {
  readonly scenario: Scenario;
  readonly tenant: string;
  /** Of each process its own; what is recorded is the same. */
  readonly createStores: () => Stores;
  /** The same stores, without faults. */
  readonly sound: Stores;
}

const MOST_LIVES = 50;

/**
 * Runs a scenario's workflow on stores that fail. A process that is told of a fault, because the SDK has given up, dies of it;
 * the next one resumes what it finds, as the deployment does when a message is delivered again.
 */
export async function runThroughFaults(run: Run): Promise<FaultyRun> {
  const { sound } = run;
  const reader = createReader(sound, () => true);
  for (let lives = 1; lives <= MOST_LIVES; lives += 1) {
    await live(run, lives);
    await catchUp(sound);
    const [view] = await sound.views.list({ limit: 1 });
    if (!view || !isTerminal(view.status)) continue;
    return { status: view.status, violations: await reader.verify(view.execution), lives };
  }
  throw new Error(`has not ended in ${MOST_LIVES} lives`);
}

async function live({ scenario, tenant, createStores, sound }: Run, seed: number): Promise<void> {
  const { stores, isBusy } = createWaitingStores(createStores());
  const places = createPlaces();
  const world = createSimulatedWorld({
    seed,
    isBusy,
    createAgents: (inWorld, answers) =>
      createScriptedAgents(inWorld, untilHeard(answers), {
        script: scenario.script,
        onCall: () => undefined,
        placeOf: ({ path }) => path,
      }),
  });
  const runtime = createEmbeddedRuntime({ stores, world, tenant });
  runtime.subscribe((events) => places.hear(events));
  const [open] = await sound.ledger.listOpenExecutions();
  const started = open === undefined ? undefined : await sound.ledger.findExecution(open);
  world.clock.advanceTo(Math.max(world.clock.now(), started?.startedAt ?? 0));
  let isOver = false;
  const over = (): void => void (isOver = true);
  const ended = begin(runtime, scenario, open).then((execution) => runtime.whenEnded(execution));
  ended.then(over, over);
  try {
    await world.runUntil(() => isOver);
    await ended;
  } catch (error) {
    // It has died of a fault.
    if (!(error instanceof EngineError)) throw error;
  } finally {
    runtime.close();
  }
}

async function begin(
  runtime: EmbeddedRuntime,
  scenario: Scenario,
  open: ExecutionId | undefined,
): Promise<ExecutionId> {
  if (open !== undefined) {
    await runtime.resume(open);
    return open;
  }
  const version = await runtime.publish(compileScenario(scenario).own);
  return runtime.start({ ...version, input: scenario.input });
}

/** An agent says its answer until it is told that it was heard. */
function untilHeard(answers: AgentAnswers): AgentAnswers {
  const insist = async (say: () => Promise<void>): Promise<void> => {
    for (;;) {
      try {
        return await say();
      } catch (error) {
        if (!(error instanceof EngineError && error.name === 'UnavailableError')) throw error;
      }
    }
  };
  return {
    complete: (handle, output) => insist(() => answers.complete(handle, output)),
    fail: (handle, error) => insist(() => answers.fail(handle, error)),
    heartbeat: (handle) => insist(() => answers.heartbeat(handle)),
  };
}

/** Views that a process has left behind its events when it died. */
async function catchUp({ ledger, views }: Stores): Promise<void> {
  for (const status of executionStatuses.filter((it) => !isTerminal(it))) {
    for (const { execution } of await views.list({ status, limit: 10 })) {
      await views.put(foldEvents(await ledger.listEvents(execution)));
    }
  }
}
