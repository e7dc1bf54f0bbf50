import { ConflictError } from '../../core/errors/index.ts';
import { isTerminal, type ExecutionRecord } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { ExecutionView, Violation } from '../../core/projections/index.ts';
import { catchUpViews } from '../../local/catch-up-views.ts';
import {
  createEmbeddedRuntime,
  createMemoryStores,
  createReader,
  type EmbeddedRuntime,
  type Stores,
} from '../../local/index.ts';
import { createDyingStores } from '../makers/dying-stores.ts';
import { createMemoryDisk, type MemoryDisk } from '../makers/memory-disk.ts';
import { createPlaces, type Places } from '../makers/observe.ts';
import type { Scenario } from '../makers/scenario.ts';
import { createScriptedAgents } from '../makers/scripted-agents.ts';
import { compileScenario } from '../makers/simulated-engine.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../makers/simulated-world.ts';
import { createOutsideWorld } from './outside-world.ts';

/** A process lives until the execution has ended, or until it has made this many commits. */
export interface Process {
  readonly stores: Omit<Stores, 'ledger'>;
  readonly disk: MemoryDisk;
  readonly scenario: Scenario;
  readonly lastCommit: number;
  /** No two processes have the same. */
  readonly seed: number;
  /** When it begins; a process that finds an execution begins no earlier than the one before has died. */
  readonly now?: number;
}

export interface Life {
  readonly commits: number;
  readonly diedAt: number;
}

interface Begun {
  readonly runtime: EmbeddedRuntime;
  readonly world: SimulatedWorld;
  readonly scenario: Scenario;
}

/** Runs one process: it starts the execution, or resumes the one that it finds. */
export async function live({ stores, disk, scenario, lastCommit, seed, now = 0 }: Process): Promise<Life> {
  const dying = createDyingStores(stores, disk, lastCommit);
  const places = createPlaces();
  const outside = createOutsideWorld(disk, stores.handleSecret);
  const world = createSimulatedWorld({
    seed,
    isBusy: () => dying.isBusy(),
    createAgents: (inWorld, answers) =>
      createScriptedAgents(inWorld, outside.watch(answers), {
        script: scenario.script,
        onCall: (call) => outside.called(call),
        placeOf: ({ execution, path }) => places.find(execution, path),
      }),
  });
  world.clock.advanceTo(now);
  const runtime = createEmbeddedRuntime({ stores: dying, world });
  runtime.subscribe((events) => places.hear(events));
  const begun = { runtime, world, scenario };
  const begin = async (): Promise<ExecutionId> => {
    const left = await findOutermost(disk);
    return left ? takeUp(begun, left, { disk, places }) : startNew(begun);
  };
  const life = begin().then((id) => runtime.whenEnded(id));
  const fate = { known: false };
  const know = () => void (fate.known = true);
  life.then(know, know);
  await world.runUntil(() => fate.known || dying.isDead());
  const objections = await outside.objections();
  if (objections.length > 0) throw new Error(objections.join('; '));
  // Throws what has made it give up; nobody hears of that when it is dead.
  if (fate.known) await life;
  return { commits: dying.commits(), diedAt: world.clock.now() };
}

async function startNew({ runtime, world, scenario }: Begun): Promise<ExecutionId> {
  const { own, children } = compileScenario(scenario);
  for (const child of children) await runtime.publish(child);
  const version = await runtime.publish(own);
  const id = await runtime.start({ ...version, input: scenario.input });
  const { cancelAt } = scenario;
  const startedAt = world.clock.now();
  if (cancelAt !== undefined)
    world.schedule(startedAt + cancelAt, () => {
      runtime.cancel(id, 'the test').catch((error: unknown) => {
        // It may have ended by then.
        if (!(error instanceof ConflictError)) throw error;
      });
    });
  tellEvents({ runtime, world, scenario }, startedAt);
  return id;
}

async function takeUp(
  begun: Begun,
  { id, startedAt }: ExecutionRecord,
  { disk, places }: { readonly disk: MemoryDisk; readonly places: Places },
): Promise<ExecutionId> {
  await hearAll(disk, places, id);
  await begun.runtime.resume(id);
  tellEvents(begun, startedAt);
  return id;
}

/** Whoever sends an event sends it again until it is taken: those of before may have died with the process. */
function tellEvents({ runtime, world, scenario: { events = [] } }: Begun, startedAt: number): void {
  events.forEach(({ at, type, data }, index) => {
    const event = { id: `event-${index + 1}`, type, source: 'outside', data };
    world.schedule(Math.max(startedAt + at, world.clock.now()), () => void runtime.emit(event));
  });
}

/** Which task has started which execution, as an execution and its children have left it behind. */
async function hearAll(disk: MemoryDisk, places: Places, id: ExecutionId): Promise<void> {
  places.hear(await disk.ledger.listEvents(id));
  for (const { child } of await disk.ledger.listTasks(id)) {
    if (child !== undefined && (await disk.ledger.findExecution(child))) await hearAll(disk, places, child);
  }
}

/** The execution that was started by nobody else, while it is open. */
async function findOutermost({ ledger }: MemoryDisk): Promise<ExecutionRecord | undefined> {
  const open = await Promise.all((await ledger.listOpenExecutions()).map((id) => ledger.findExecution(id)));
  return open.find((record) => record && !record.parent);
}

export interface Ending {
  readonly view: ExecutionView;
  readonly violations: readonly Violation[];
}

/** Processes that die with these commits, one after the other, and a last one that nobody disturbs. */
export async function liveAndDie(
  scenario: Scenario,
  deaths: readonly number[],
): Promise<Ending & { readonly commits: number }> {
  const disk = createMemoryDisk();
  const stores = { ...createMemoryStores('secret'), ledger: disk.ledger };
  const reader = createReader(stores, () => true);
  const listViews = () => reader.list({ limit: Number.MAX_SAFE_INTEGER });
  const findView = async () => (await listViews()).find(({ parent }) => !parent);
  let life: Life = { commits: 0, diedAt: 0 };
  for (const [i, lastCommit] of [...deaths, Infinity].entries()) {
    await catchUpViews(stores);
    const view = await findView();
    if (!view || !isTerminal(view.status))
      life = await live({ stores, disk, scenario, lastCommit, seed: i + 1, now: life.diedAt });
  }
  const view = await findView();
  if (!view) throw new Error('no execution was started');
  const violations = await Promise.all((await listViews()).map(({ execution }) => reader.verify(execution)));
  return { view, commits: life.commits, violations: violations.flat() };
}
