import { ConflictError } from '../../core/errors/index.ts';
import { isTerminal, type ExecutionRecord } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { AgentAnswers, AgentRuntime, LedgerStore } from '../../core/ports/index.ts';
import type { ExecutionView, Violation } from '../../core/projections/index.ts';
import { catchUpViews } from '../../local/catch-up-views.ts';
import { durableReads } from '../../local/durable-reads.ts';
import {
  createEmbeddedRuntime,
  createMemoryStores,
  createReader,
  type EmbeddedRuntime,
  type Stores,
} from '../../local/index.ts';
import { createDyingStores } from '../makers/dying-stores.ts';
import { createMemoryDisk, type MemoryDisk } from '../makers/memory-disk.ts';
import { createMortalWorld } from '../makers/mortal-world.ts';
import { createMortality, noDeath, type Death, type Moment, type Mortality } from '../makers/mortality.ts';
import { createPlaces, type Places } from '../makers/observe.ts';
import { createOutlivingAgents, type OutlivingAgents } from '../makers/outliving-agents.ts';
import { compileScenario, type Scenario } from '../../simulation/index.ts';
import { createScriptedAgents } from '../makers/scripted-agents.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../makers/simulated-world.ts';
import { createOutsideWorld, type OutsideWorld } from './outside-world.ts';

/** What outlives the processes of a scenario. */
interface Surroundings {
  readonly scenario: Scenario;
  readonly stores: Omit<Stores, 'ledger'>;
  readonly disk: MemoryDisk;
  readonly outside: OutsideWorld;
  /** Absent: the agents die with the process that has called them. */
  readonly agents?: OutlivingAgents;
  /** Ids of events that somebody was told to have been published. */
  readonly published: Set<string>;
  /** Commands to pause and to go on that somebody was told to have been obeyed, or refused. */
  readonly obeyed: Set<string>;
}

/** A process lives until the execution has ended, or until its death. */
interface Process extends Surroundings {
  readonly death: Death;
  /** No two processes have the same. */
  readonly seed: number;
  /** When it begins: no earlier than the one before has died. */
  readonly now: number;
}

export interface Life {
  readonly moments: readonly Moment[];
  /** Commits that were accepted and were not durable at its death. */
  readonly loose: number;
  readonly diedAt: number;
}

interface Begun extends Process {
  readonly runtime: EmbeddedRuntime;
  readonly world: SimulatedWorld;
  readonly places: Places;
  readonly mortality: Mortality;
}

/** Runs one process: it starts the execution, or resumes the one that it finds. */
async function live(process: Process): Promise<Life> {
  const { stores, disk, outside, seed, now, death } = process;
  const mortality = createMortality(death);
  const dying = createDyingStores(stores, disk, mortality);
  const places = createPlaces();
  const world = createSimulatedWorld({
    seed,
    isBusy: () => dying.isBusy(),
    createAgents: (inWorld, answers) => agentsOf(process, inWorld, { answers: outside.watch(answers), places }),
  });
  world.clock.advanceTo(now);
  const runtime = createEmbeddedRuntime({
    stores: { ...dying, ledger: lookedInto(dying.ledger, mortality, outside) },
    world: createMortalWorld(world, mortality),
  });
  const begun = { ...process, runtime, world, places, mortality };
  runtime.subscribe((events) => {
    if (!mortality.pass('before a telling of events')) return;
    places.hear(events);
    outside.told.happened(events);
    mortality.pass('after a telling of events');
  });
  const begin = async (): Promise<ExecutionId> => {
    const left = await findOutermost(disk);
    return left ? takeUp(begun, left) : startNew(begun);
  };
  const life = begin().then((id) => runtime.whenEnded(id));
  const fate = { known: false };
  const know = () => void (fate.known = true);
  life.then(know, know);
  await world.runUntil(() => fate.known || mortality.isDead());
  // Throws what has made it give up; nobody hears of that when it is dead.
  if (fate.known) outside.told.ended(await life);
  const objections = outside.objections();
  if (objections.length > 0) throw new Error(objections.join('; '));
  return { moments: mortality.moments, loose: dying.loose(), diedAt: world.clock.now() };
}

function agentsOf(
  { scenario, outside, agents }: Process,
  world: SimulatedWorld,
  { answers, places }: { readonly answers: AgentAnswers; readonly places: Places },
): AgentRuntime {
  const runtime = agents
    ? agents.join(world, answers)
    : createScriptedAgents(world, answers, {
        script: scenario.script,
        onCall: (call) => outside.called(call),
        placeOf: ({ execution, path }) => places.find(execution, path),
      });
  return {
    ...runtime,
    cancel: (handle, why, patience) => {
      outside.stopped(handle, why);
      return runtime.cancel(handle, why, patience);
    },
  };
}

async function startNew(begun: Begun): Promise<ExecutionId> {
  const { runtime, world, scenario, mortality, outside } = begun;
  const { own, children } = compileScenario(scenario);
  for (const child of children) await runtime.publish(child);
  const version = await runtime.publish(own);
  const id = await mortality.during('start', () => runtime.start({ ...version, input: scenario.input }));
  outside.told.started(id);
  const { cancelAt } = scenario;
  const startedAt = world.clock.now();
  if (cancelAt !== undefined) world.schedule(startedAt + cancelAt, () => void cancel(begun, id));
  tellEvents(begun, startedAt);
  tellPauses(begun, id, startedAt);
  return id;
}

async function cancel({ runtime, mortality, outside }: Begun, id: ExecutionId): Promise<void> {
  try {
    await mortality.during('cancel', () => runtime.cancel(id, 'the test'));
    outside.told.cancelled(id);
  } catch (error) {
    // It may have ended by then.
    if (!(error instanceof ConflictError)) throw error;
  }
}

async function takeUp(begun: Begun, { id, startedAt }: ExecutionRecord): Promise<ExecutionId> {
  await hearAll(begun.disk, begun.places, id);
  await begun.runtime.resume(id);
  tellEvents(begun, startedAt);
  tellPauses(begun, id, startedAt);
  return id;
}

/** Whoever sends an event sends it again until it is told that it was taken. */
function tellEvents(begun: Begun, startedAt: number): void {
  const { runtime, world, scenario, mortality, outside, published } = begun;
  scenario.events?.forEach(({ at, type, data }, index) => {
    const event = { id: `event-${index + 1}`, type, source: 'outside', data };
    const send = async (): Promise<void> => {
      await mortality.during('event from outside', () => runtime.emit(event));
      published.add(event.id);
      outside.told.published(event.id);
    };
    if (!published.has(event.id)) world.schedule(Math.max(startedAt + at, world.clock.now()), () => void send());
  });
}

/** Whoever pauses says so again until it is told that it is so; only then, and in the same way, it has the execution go on. */
function tellPauses(begun: Begun, id: ExecutionId, startedAt: number): void {
  const { runtime, world, scenario, mortality, outside, obeyed } = begun;
  const by = 'the test';
  const commands = (scenario.pauses ?? []).flatMap(({ at, until }, index) => [
    {
      name: `pause ${index}`,
      at,
      give: async () => {
        const { checkpointId } = await mortality.during('pause', () => runtime.pause(id, { by }));
        outside.told.paused(id, checkpointId);
      },
    },
    {
      name: `end of pause ${index}`,
      at: until,
      give: () => mortality.during('resumption', () => runtime.unpause(id, { by })),
    },
  ]);
  const giveNext = (): void => {
    const next = commands.find(({ name }) => !obeyed.has(name));
    if (!next) return;
    world.schedule(Math.max(startedAt + next.at, world.clock.now()), () => void give(next));
  };
  const give = async (command: (typeof commands)[number]): Promise<void> => {
    try {
      await command.give();
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
      const status = (await begun.disk.ledger.findExecution(id))?.status ?? 'planning';
      // Before its machine has begun nobody can pause it; once it has ended, nobody has to.
      if (status === 'planning') return void world.schedule(world.clock.now() + 1, giveNext);
    }
    obeyed.add(command.name);
    giveNext();
  };
  giveNext();
}

/** A ledger that somebody looks into right after a commit, and after the next one as soon as there is an answer. */
function lookedInto(ledger: LedgerStore, { during }: Mortality, { told }: OutsideWorld): LedgerStore {
  const reads = durableReads(ledger);
  let isAsking = false;
  const ask = async (id: ExecutionId): Promise<void> => {
    isAsking = true;
    told.status(await during('telling of a status', () => reads.listTasks(id)));
    isAsking = false;
  };
  return {
    ...ledger,
    commit: async (writes) => {
      const result = await ledger.commit(writes);
      const task = writes.find((write) => write.kind === 'task');
      if (task && !isAsking) void ask(task.record.execution);
      return result;
    },
  };
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
  /** The last one is that of a process which nobody has disturbed. */
  readonly lives: readonly Life[];
  readonly stores: Stores;
}

export interface Dying {
  /** Processes that die so, one after the other; after them comes one that nobody disturbs. */
  readonly deaths?: readonly Death[];
  /** Agents on servers, which live on. Their scenario has no child workflows. */
  readonly isOutlived?: boolean;
  /** Of the first process. */
  readonly seed?: number;
}

/** Throws when somebody outside has been told or asked what was not so, or is not so any more. */
export async function liveAndDie(
  scenario: Scenario,
  { deaths = [], isOutlived = false, seed = 1 }: Dying = {},
): Promise<Ending> {
  const disk = createMemoryDisk();
  const stores = { ...createMemoryStores('secret'), ledger: disk.ledger };
  const outside = createOutsideWorld(disk, stores.handleSecret);
  const agents = isOutlived ? createOutlivingAgents(scenario.script, (call) => outside.called(call)) : undefined;
  const surroundings = {
    scenario,
    stores,
    disk,
    outside,
    published: new Set<string>(),
    obeyed: new Set<string>(),
    ...(agents && { agents }),
  };
  const reader = createReader(stores, () => true);
  const listViews = () => reader.list({ limit: Number.MAX_SAFE_INTEGER });
  const findView = async () => (await listViews()).find(({ parent }) => !parent);
  const lives: Life[] = [];
  for (const [i, death] of [...deaths, noDeath].entries()) {
    await catchUpViews(stores);
    const view = await findView();
    if (view && isTerminal(view.status)) break;
    lives.push(await live({ ...surroundings, death, seed: seed + i, now: lives.at(-1)?.diedAt ?? 0 }));
  }
  const view = await findView();
  if (!view) throw new Error('no execution was started');
  const violations = await Promise.all((await listViews()).map(({ execution }) => reader.verify(execution)));
  return { view, violations: violations.flat(), lives, stores };
}
