import { createSeededIds } from '../adapters/embedded/index.ts';
import type { CompiledWorkflow } from '../compiler/index.ts';
import { assertNever, ConflictError, InvariantError } from '../core/errors/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import type { AgentCall } from '../core/ports/index.ts';
import { createSimulatedTime } from '../local/index.ts';
import { storeView } from '../functions/store-view.ts';
import type { Runtime } from '../functions/runtime.ts';
import { TENANT } from './container.ts';
import { createSimulatedDeployment, type SimulatedDeployment } from './deployment.ts';
import { judge } from './judge.ts';
import { createNemesis, type Fault, type Odds } from './nemesis.ts';
import { createRecorder, type Broken } from './recorder.ts';
import { simulationStart } from './simulation-start.ts';
import { createTrace } from './trace.ts';

/** Everything that a run is made of; the same play and the same seed are the same run, byte for byte. */
export interface Play {
  /** Published in this order; the last one is started. */
  readonly workflows: readonly CompiledWorkflow[];
  readonly input: Json;
  /** Milliseconds after its start, when somebody does something to the execution. */
  readonly commands: readonly Command[];
  /** What becomes of one call of an agent; asked once for each call, in the order of the calls. */
  readonly agents: (world: AgentWorld) => Agents;
}

export type Command = { readonly at: number } & (
  | { readonly kind: 'cancel' | 'pause' | 'unpause' }
  | { readonly kind: 'event'; readonly id: string; readonly type: string; readonly data: Json }
);

/** How agents answer: `after` milliseconds from now, by the engine's own doors. */
export interface AgentWorld {
  /** Milliseconds from now; the answer may be lost, or come twice, as every message. */
  readonly answer: (after: number, give: (runtime: Runtime) => Promise<void>) => void;
  readonly placeOf: (call: { readonly execution: ExecutionId; readonly path: TaskPath }) => string;
}

export interface Agents {
  call(call: AgentCall): void;
  stop(handle: string): void;
}

export interface Conditions {
  readonly seed: number;
  readonly odds: Odds;
  /** Only these faults strike, by their names. */
  readonly only?: ReadonlySet<string>;
}

export interface Run {
  readonly status: string;
  readonly broken: readonly Broken[];
  readonly faults: readonly Fault[];
  readonly trace: readonly string[];
  /** Milliseconds of simulated time. */
  readonly lasted: number;
  /** Events of all executions. */
  readonly events: number;
}

/** Milliseconds after which the nemesis rests, whatever has been reached by then. */
const NEMESIS_RESTS = 20 * 60_000;
/** Milliseconds of calm after the end: whatever a nemesis has broken is mended by then, or never; default timeouts take five minutes. */
const CALM = 6 * 60_000;
/** Milliseconds beyond an execution's own timeout, in which the sweeper has found whatever was lost. */
const PATIENCE = 2 * 3_600_000;

/** Plays one execution from its start until all is over and mended, then holds what is left against the promises. */
export async function play(what: Play, conditions: Conditions): Promise<Run> {
  const time = createSimulatedTime(simulationStart);
  const trace = createTrace(time.clock);
  const nemesis = createNemesis({ ...conditions, onStrike: ({ name }) => trace.add('FAULT', name) });
  const recorder = createRecorder(time.clock);
  const deployment = createSimulatedDeployment({
    seed: conditions.seed,
    time,
    nemesis,
    trace,
    onCall: (call) => agents.call(call),
    onStop: (handle) => agents.stop(handle),
    onCommit: (writes, events) => recorder.hear(writes, events),
  });
  const agents = what.agents({
    answer: (after, give) => deployment.messages.send('agent answer', after, give),
    placeOf: ({ execution, path }) => recorder.placeOf(execution, path),
  });
  const id = createSeededIds(conditions.seed).executionId();
  await start(what, deployment, id);
  const startedAt = time.clock.now();
  for (const command of what.commands) time.schedule(startedAt + command.at, () => obey(command, deployment, id));

  const limit = limitOf(what);
  let restsAt = startedAt + NEMESIS_RESTS;
  let overAt = Infinity;
  const isOver = (): boolean => {
    const now = time.clock.now();
    if (overAt === Infinity && recorder.allEnded()) {
      overAt = now + CALM;
      restsAt = now;
    }
    if (now >= restsAt) nemesis.rest();
    return now >= overAt || now >= startedAt + limit;
  };
  await time.passUntil(isOver);
  const broken = await judge({ deployment, recorder, faults: nemesis.struck });
  for (const { name, path, message } of broken) trace.add('BROKEN', name, path, message);
  return {
    status: (await deployment.stores.ledger.findExecution(id))?.status ?? 'missing',
    broken,
    faults: nemesis.struck,
    trace: trace.lines(),
    lasted: time.clock.now() - simulationStart,
    events: recorder.events(),
  };
}

async function start({ workflows, input }: Play, deployment: SimulatedDeployment, id: ExecutionId): Promise<void> {
  let started: { readonly workflow: string; readonly version: string } | undefined;
  for (const workflow of workflows) started = await deployment.publish(workflow);
  const version = started;
  if (!version) throw new InvariantError({ code: 'nothing_to_play', message: 'There is no workflow to start.' });
  await deployment.ask('start', async (runtime) => {
    const { engine, stores } = await runtime.forTenant(TENANT);
    await engine.start({ ...version, input }, id);
    await storeView(stores, id);
  });
}

/** Whoever asks for something asks until he is answered; that an execution has ended, or not begun, is an answer. */
function obey(command: Command, deployment: SimulatedDeployment, id: ExecutionId): void {
  const by = 'the simulation';
  const asked = deployment.ask(command.kind, async (runtime) => {
    const { engine } = await runtime.forTenant(TENANT);
    switch (command.kind) {
      case 'cancel':
        return engine.cancel(id, by);
      case 'pause':
        await engine.pause(id, { by });
        return undefined;
      case 'unpause':
        return engine.unpause(id, { by });
      case 'event': {
        const { id: event, type, data } = command;
        return engine.publish({ id: event, type, source: 'outside', data });
      }
      default:
        return assertNever(command, 'Command');
    }
  });
  asked.catch((error: unknown) => {
    if (!(error instanceof ConflictError)) throw error;
  });
}

/** Milliseconds after which what has not ended has waited for something that nobody is going to do. */
function limitOf({ workflows, commands }: Play): number {
  const longest = Math.max(0, ...workflows.map(({ plan }) => plan.timeout)) * 1_000;
  const last = Math.max(0, ...commands.map(({ at }) => at));
  return NEMESIS_RESTS + last + longest + PATIENCE;
}
