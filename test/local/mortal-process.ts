import { isTerminal } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { ExecutionView, Violation } from '../../core/projections/index.ts';
import { catchUpViews } from '../../local/catch-up-views.ts';
import { createEmbeddedRuntime, createReader, createMemoryStores, type Stores } from '../../local/index.ts';
import { createDyingStores } from '../makers/dying-stores.ts';
import { definitionText, type Scenario } from '../makers/scenario.ts';
import { createScriptedAgents } from '../makers/scripted-agents.ts';
import { compileText } from '../makers/simulated-engine.ts';
import { createSimulatedWorld } from '../makers/simulated-world.ts';

/** A process lives until the execution has ended, or until it has made this many commits. */
export interface Process {
  readonly stores: Stores;
  readonly scenario: Scenario;
  readonly lastCommit: number;
  /** No two processes have the same. */
  readonly seed: number;
}

/** Runs one process: it starts the execution, or resumes the one that it finds. Answers how many commits it has made. */
export async function live({ stores, scenario, lastCommit, seed }: Process): Promise<number> {
  const dying = createDyingStores(stores, lastCommit);
  const world = createSimulatedWorld({
    seed,
    createAgents: (inWorld, answers) =>
      createScriptedAgents(inWorld, answers, { script: scenario.script, onCall: () => undefined }),
  });
  const runtime = createEmbeddedRuntime({ stores: dying, world });
  const begin = async (): Promise<ExecutionId> => {
    const [left] = await stores.ledger.listOpenExecutions();
    if (left === undefined) return startNew();
    const events = await stores.ledger.listEvents(left);
    world.clock.advanceTo(Math.max(...events.map(({ time }) => time)));
    await runtime.resume(left);
    return left;
  };
  const startNew = async () => {
    const version = await runtime.publish(compileText(definitionText(scenario), scenario.agentTypes));
    const id = await runtime.start({ ...version, input: scenario.input });
    const { cancelAt } = scenario;
    if (cancelAt !== undefined) world.schedule(world.clock.now() + cancelAt, () => void runtime.cancel(id, 'the test'));
    return id;
  };
  const life = begin().then((id) => runtime.whenEnded(id));
  const fate = { known: false };
  const know = () => void (fate.known = true);
  life.then(know, know);
  await world.runUntil(() => fate.known || dying.isDead());
  // Throws what has made it give up; nobody hears of that when it is dead.
  if (fate.known) await life;
  return dying.commits();
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
  const stores = createMemoryStores('secret');
  const reader = createReader(stores, () => true);
  const findView = async () => (await reader.list({ limit: 1 }))[0];
  let commits = 0;
  for (const [i, lastCommit] of [...deaths, Infinity].entries()) {
    await catchUpViews(stores);
    const view = await findView();
    if (!view || !isTerminal(view.status)) commits = await live({ stores, scenario, lastCommit, seed: i + 1 });
  }
  const view = await findView();
  if (!view) throw new Error('no execution was started');
  return { view, commits, violations: await reader.verify(view.execution) };
}
