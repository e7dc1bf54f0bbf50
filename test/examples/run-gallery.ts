import { parse } from 'yaml';
import type { AgentCatalogue } from '../../core/agents/index.ts';
import type { SkeinEvent } from '../../core/execution/index.ts';
import type { WorkflowDocument } from '../../core/definition/index.ts';
import type { CompiledWorkflow } from '../../compiler/index.ts';
import { createEmbeddedRuntime, createMemoryStores, type EmbeddedRuntime } from '../../local/index.ts';
import { notExecuted } from '../../core/validation/index.ts';
import { answerTo } from '../makers/schema-answers.ts';
import { createSeededIds } from '../makers/seeded-ids.ts';
import { compileText } from '../makers/simulated-engine.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../makers/simulated-world.ts';

interface Workflow {
  readonly text: string;
  readonly document: WorkflowDocument;
  readonly catalogue: AgentCatalogue;
  readonly siblings: () => readonly Workflow[];
}

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
export async function runGallery(workflow: Workflow): Promise<GalleryRun> {
  const ids = createSeededIds(workflow.text.length);
  const random = () => ids.random();
  const world = worldThatAnswers(random);
  const runtime = createEmbeddedRuntime({ stores: createMemoryStores('gallery'), world });
  const succeeded = new Set<string>();
  runtime.subscribe((events) => {
    for (const event of events) {
      if (event.type === 'task.completed') succeeded.add(idOf(event.path));
      answerWait(event, runtime, world);
    }
  });
  const version = await runtime.publish(await compiled(workflow, runtime));
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

/** Children are published before those who start them. */
async function compiled(workflow: Workflow, runtime: EmbeddedRuntime): Promise<CompiledWorkflow> {
  const called = new Set(callsOf(workflow.document.tasks));
  const children: CompiledWorkflow[] = [];
  for (const child of workflow.siblings().filter(({ document }) => called.has(document.name))) {
    const one = await compiled(child, runtime);
    await runtime.publish(one);
    children.push(one);
  }
  return compileText(executable(workflow.text), Object.fromEntries(workflow.catalogue), children);
}

/** The same definition without the keys that this version does not execute. */
function executable(text: string): string {
  const left = new Set(notExecuted.map(({ way }) => way.split('.').at(-1)));
  return JSON.stringify(parse(text), (key, value: unknown) => (left.has(key) ? undefined : value));
}

function callsOf(tasks: WorkflowDocument['tasks']): string[] {
  return tasks.flatMap(({ workflow, group, loop }) => [
    ...(workflow ? [workflow.name] : []),
    ...callsOf(group?.tasks ?? loop?.tasks ?? []),
  ]);
}

/** Of the tasks of all regions. */
function idsOf(tasks: WorkflowDocument['tasks']): string[] {
  return tasks.flatMap(({ id, group, loop }) => [id, ...idsOf(group?.tasks ?? loop?.tasks ?? [])]);
}

/** Whoever waits for an event of a conversation gets one. */
function answerWait(event: SkeinEvent, runtime: EmbeddedRuntime, world: SimulatedWorld): void {
  if (event.type !== 'task.parked' || event.data.cause.kind !== 'event') return;
  const { event: type } = event.data.cause;
  const { execution, path, n } = event;
  world.schedule(world.clock.now() + 1_000, () => {
    void runtime.emit({ id: `${execution}/${path}/${n}`, type, source: 'outside', data: { conversation: execution } });
  });
}

/** The last name of a path, without the number of an item or an iteration. */
function idOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\[\d+\]$/, '');
}
