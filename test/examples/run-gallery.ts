import type { WorkflowDocument } from '../../core/definition/index.ts';
import type { SkeinEvent } from '../../core/execution/index.ts';
import { createEmbeddedRuntime, createMemoryStores, type EmbeddedRuntime } from '../../local/index.ts';
import { answerWait, compileExample, type ExampleWorkflow } from '../makers/example-workflows.ts';
import { answerTo } from '../../simulation/index.ts';
import { createSeededIds } from '../../adapters/embedded/index.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../makers/simulated-world.ts';

/** Executions of one workflow. */
const LEAST = 5;
const MOST = 100;

export interface GalleryRun {
  /** How each execution ended: its status, or the name of its error. */
  readonly endings: readonly string[];
  /** Ids of the tasks that succeeded in none of them. */
  readonly leftOut: readonly string[];
}

/**
 * Runs a workflow again and again, until all of its tasks have succeeded once. Its agents, people among them, answer whatever their schemas
 * allow; who waits for an event gets one. Keys that this version does not execute are left out.
 */
export async function runGallery(workflow: ExampleWorkflow): Promise<GalleryRun> {
  const ids = createSeededIds(workflow.text.length);
  const random = () => ids.random();
  const world = worldThatAnswers(random);
  const runtime = createEmbeddedRuntime({ stores: createMemoryStores('gallery'), world });
  const succeeded = new Set<string>();
  runtime.subscribe((events) => {
    for (const event of events) {
      if (event.type === 'task.completed') succeeded.add(idOf(event.path));
      answerWait(event, runtime, world);
      answerCheckpoint(event, runtime, { world, random });
    }
  });
  const version = await runtime.publish(await compileExample(workflow, runtime));
  const endings: string[] = [];
  const tasks = idsOf(workflow.document.tasks);
  while (endings.length < LEAST || (endings.length < MOST && !tasks.every((id) => succeeded.has(id)))) {
    const execution = await runtime.start({ ...version, input: answerTo(workflow.document.input ?? {}, random) });
    const ended = runtime.whenEnded(execution);
    let isOver = false;
    const over = () => void (isOver = true);
    ended.then(over, over);
    await world.runUntil(() => isOver);
    const { status, error } = await ended;
    endings.push(error?.name ?? status);
  }
  runtime.close();
  return { endings, leftOut: tasks.filter((id) => !succeeded.has(id)) };
}

/** Whoever is asked whether it may go on says so after a second, four times of five. */
function answerCheckpoint(
  event: SkeinEvent,
  runtime: Pick<EmbeddedRuntime, 'listApprovals' | 'decide'>,
  { world, random }: { readonly world: SimulatedWorld; readonly random: () => number },
): void {
  if (event.type !== 'task.parked' || event.data.cause.kind !== 'approval') return;
  const { approval } = event.data.cause;
  const decide = async (): Promise<void> => {
    const asked = (await runtime.listApprovals({ execution: event.execution })).find(({ id }) => id === approval);
    if (!asked) return;
    const output = answerTo(asked.form ?? {}, random);
    const by = 'somebody';
    await runtime.decide(approval, random() < 0.8 ? { kind: 'approve', output, by } : { kind: 'reject', by });
  };
  world.schedule(world.clock.now() + 1_000, () => void decide());
}

/** Its agents take a second each. */
function worldThatAnswers(random: () => number): SimulatedWorld {
  return createSimulatedWorld({
    createAgents: (inWorld, answers) => ({
      async call({ handle, agentType }) {
        const answer = answerTo(agentType.output ?? {}, random);
        inWorld.schedule(inWorld.clock.now() + 1_000, () => void answers.complete(handle, answer));
      },
      cancel: async () => undefined,
      capacity: () => undefined,
      outlivesEngine: () => false,
    }),
  });
}

/** Of the tasks of all regions. */
function idsOf(tasks: WorkflowDocument['tasks']): string[] {
  return tasks.flatMap(({ id, group, loop }) => [id, ...idsOf(group?.tasks ?? loop?.tasks ?? [])]);
}

/** The last name of a path, without the number of an item or an iteration. */
function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\[\d+\]$/, '');
}
