import { digestOf, type Json } from '../core/json/index.ts';
import type { ChildTask, Plan, PlannedTask } from '../core/plan/index.ts';
import type { DefinitionStore, PublishedWorkflow } from '../core/ports/index.ts';
import { link, type LinkTargets, type Machine } from '../statemachines/index.ts';
import type { CompiledWorkflow } from './compiled-workflow.ts';

/** What a runtime knows and a compile does not. */
export interface Publishing {
  readonly tenant: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Names or ARNs of the functions that machines call. */
  readonly functions: Pick<LinkTargets, 'begin' | 'dispatch' | 'conclude'>;
  /** Name or ARN of the machine of a version's part. */
  readonly partName: (version: LinkedVersion, number: number) => string;
}

export type LinkedVersion = Pick<PublishedWorkflow, 'name' | 'version' | 'digest'>;

/** What became of a wish to publish. */
export interface Publication {
  readonly published: PublishedWorkflow;
  /** False: the very same content was published before. */
  readonly isNew: boolean;
}

/**
 * Publishes a workflow under its own version, its children first, so that no version ever names one that is not there. Throws
 * ConflictError (`version_exists`) when a version holds other content.
 */
export async function publishCompiled(
  definitions: Pick<DefinitionStore, 'find' | 'publish'>,
  compiled: CompiledWorkflow,
  publishing: Publishing,
): Promise<Publication> {
  for (const child of compiled.children ?? []) await publishCompiled(definitions, child, publishing);
  const workflow = publishedVersion(compiled, publishing);
  const before = await definitions.find(workflow.name, workflow.version);
  await definitions.publish(workflow);
  return { published: before ?? workflow, isNew: !before };
}

/** A compiled workflow with its machines linked, as a definition store keeps it. `version` absent: its own. */
export function publishedVersion(
  { plan, machine, parts = [], agentTypes }: CompiledWorkflow,
  { tenant, now, functions, partName }: Publishing,
  version = plan.workflow.version,
): PublishedWorkflow {
  const { name } = plan.workflow;
  // The agents are part of what is published: a moved module is other content, and must not be run from its old place.
  const digest = digestOf([plan.digest, agentTypes as unknown as Json, childrenOf(plan)]);
  const part = (number: number): string => partName({ name, version, digest }, number);
  // A machine is JSON by construction; as an interface it lacks Json's index signature.
  const linked = (unlinked: Machine): Json =>
    link(unlinked, { ...functions, tenant, workflow: name, version, part }) as unknown as Json;
  return {
    name,
    version,
    digest,
    plan,
    machine: linked(machine),
    ...(parts.length > 0 && { parts: parts.map((it) => linked(it.machine)) }),
    agentTypes,
    publishedAt: now,
  };
}

type ChildVersion = ChildTask['workflow'];

/** The plan with its children under the versions that `versionOf` answers; undefined leaves one as it is. */
export function withChildVersions(plan: Plan, versionOf: (child: ChildVersion) => string | undefined): Plan {
  const labelled = (task: PlannedTask): PlannedTask => {
    if (task.kind !== 'workflow') return task;
    const version = versionOf(task.workflow) ?? task.workflow.version;
    return { ...task, workflow: { ...task.workflow, version } };
  };
  return { ...plan, tasks: plan.tasks.map(labelled) };
}

/** Stands for a version of a workflow in the digest of those that start it. */
export function versionKey({ name, version }: ChildVersion): string {
  return `${name}\n${version}`;
}

function childrenOf({ tasks }: Plan): Json {
  return tasks.flatMap((task) => (task.kind === 'workflow' ? [versionKey(task.workflow)] : []));
}
