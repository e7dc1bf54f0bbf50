import { createSecret } from '../adapters/embedded/index.ts';
import { ConflictError } from '../core/errors/index.ts';
import { digestOf, type Json } from '../core/json/index.ts';
import type { ChildTask, Plan, PlannedTask } from '../core/plan/index.ts';
import type { DefinitionStore, PublishedWorkflow } from '../core/ports/index.ts';
import { link, type Machine } from '../statemachines/index.ts';
import type { CompiledWorkflow } from './compiled-workflow.ts';
import { functionNames } from './machines.ts';
import { partName } from './part-machines.ts';
import { openOwnedStores } from './stores.ts';

export const TENANT = 'local';

interface Publishing {
  readonly tenant: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What became of a wish to publish. */
export interface Publication {
  readonly published: PublishedWorkflow;
  /** False: the very same content was published before. */
  readonly isNew: boolean;
}

/**
 * Publishes a version into a database, where other workflows find it as their child. Throws ConflictError (`version_exists`
 * when the version holds other content, `database_owned` when another process owns the database) and what opening it throws.
 */
export async function publishInto(database: string, compiled: CompiledWorkflow): Promise<Publication> {
  const stores = await openOwnedStores(database, createSecret);
  try {
    return await publishAsIs(stores.definitions, compiled, { tenant: TENANT, now: stores.clock.now() });
  } finally {
    stores.close();
  }
}

/** Children first, so that no version ever names one that is not there. */
async function publishAsIs(
  definitions: DefinitionStore,
  compiled: CompiledWorkflow,
  publishing: Publishing,
): Promise<Publication> {
  for (const child of compiled.children ?? []) await publishAsIs(definitions, child, publishing);
  const workflow = versionOf(compiled, publishing);
  const before = await definitions.find(workflow.name, workflow.version);
  await definitions.publish(workflow);
  return { published: before ?? workflow, isNew: !before };
}

/**
 * Publishes what an execution is about to run: under its own version, or, when that version holds other content already, as a
 * draft under `{version}+{digest8}`: on a laptop people edit a file and run it again. Its children are published likewise, and the
 * plan names the versions that they got.
 */
export async function publishForRun(
  definitions: DefinitionStore,
  compiled: CompiledWorkflow,
  publishing: Publishing,
): Promise<{ workflow: string; version: string }> {
  const labels = new Map<string, string>();
  for (const child of compiled.children ?? []) {
    const { workflow, version } = await publishForRun(definitions, child, publishing);
    labels.set(childKey({ name: workflow, version: child.plan.workflow.version }), version);
  }
  const labelled = { ...compiled, plan: withChildren(compiled.plan, labels) };
  const published = versionOf(labelled, publishing);
  const { name, version, digest } = published;
  try {
    await definitions.publish(published);
    return { workflow: name, version };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const draft = versionOf(labelled, publishing, `${version}+${digest.slice(0, 8)}`);
    await definitions.publish({ ...draft, isDraft: true });
    return { workflow: name, version: draft.version };
  }
}

function versionOf(
  { plan, machine, parts = [], agentTypes }: CompiledWorkflow,
  { tenant, now }: Publishing,
  version = plan.workflow.version,
): PublishedWorkflow {
  const { name } = plan.workflow;
  const part = (number: number): string => partName({ name, version }, number);
  // A machine is JSON by construction; as an interface it lacks Json's index signature.
  const linked = (unlinked: Machine): Json =>
    link(unlinked, { ...functionNames, tenant, workflow: name, version, part }) as unknown as Json;
  return {
    name,
    version,
    // The agents are part of what is published: a moved module is other content, and must not be run from its old place.
    digest: digestOf([plan.digest, agentTypes as unknown as Json, childrenOf(plan)]),
    plan,
    machine: linked(machine),
    ...(parts.length > 0 && { parts: parts.map((it) => linked(it.machine)) }),
    agentTypes,
    publishedAt: now,
  };
}

type ChildVersion = ChildTask['workflow'];

/** The plan with the versions that its children were published under. */
function withChildren(plan: Plan, labels: ReadonlyMap<string, string>): Plan {
  const labelled = (task: PlannedTask): PlannedTask => {
    if (task.kind !== 'workflow') return task;
    const version = labels.get(childKey(task.workflow)) ?? task.workflow.version;
    return { ...task, workflow: { ...task.workflow, version } };
  };
  return { ...plan, tasks: plan.tasks.map(labelled) };
}

function childKey({ name, version }: ChildVersion): string {
  return `${name}\n${version}`;
}

function childrenOf({ tasks }: Plan): Json {
  return tasks.flatMap((task) => (task.kind === 'workflow' ? [childKey(task.workflow)] : []));
}
