import type { TaskDocument } from '../core/definition/index.ts';
import type { Plan } from '../core/plan/index.ts';
import type { PublishedWorkflow } from '../core/ports/index.ts';
import type { KnownWorkflow, WorkflowCall, WorkflowCatalogue } from '../core/validation/index.ts';

/** The workflows that tasks start, also from within groups and loops. */
export function callsOf(tasks: readonly TaskDocument[]): readonly WorkflowCall[] {
  return tasks.flatMap(({ workflow, group, loop }) => [
    ...(workflow
      ? [{ name: workflow.name, ...(workflow.version !== undefined && { version: workflow.version }) }]
      : []),
    ...callsOf(group?.tasks ?? loop?.tasks ?? []),
  ]);
}

/** What a planned workflow is to those that start it. */
export function knownWorkflow({ plan, version }: { readonly plan: Plan; readonly version: string }): KnownWorkflow {
  const { workflow, tasks, input } = plan;
  const calls = tasks.flatMap((task) => (task.kind === 'workflow' ? [task.workflow] : []));
  return { name: workflow.name, version, ...(input && { input }), calls };
}

export interface ChildLookup {
  /** Without a version, the latest. */
  find(call: WorkflowCall): Promise<KnownWorkflow | undefined>;
  /** For suggestions; asked only when a workflow was not found. */
  names(): Promise<readonly string[]>;
}

/** All workflows that the calls start, however indirectly; those that start each other are found once, and not followed for ever. */
export async function findChildren(calls: readonly WorkflowCall[], lookup: ChildLookup): Promise<WorkflowCatalogue> {
  const found = new Map<string, KnownWorkflow>();
  const missing = new Set<string>();
  const open = [...calls];
  for (let call = open.pop(); call; call = open.pop()) {
    const key = callKey(call);
    if (found.has(key) || missing.has(key)) continue;
    const child = await lookup.find(call);
    if (child) {
      found.set(key, child);
      open.push(...child.calls);
    } else missing.add(key);
  }
  const names = missing.size > 0 ? await lookup.names() : [];
  return {
    find: (name, version) => found.get(callKey({ name, ...(version !== undefined && { version }) })),
    names: () => names,
  };
}

/** Where workflows are found that were published. */
export interface PublishedLookup {
  /** Without a version, the latest. */
  find(name: string, version?: string): Promise<PublishedWorkflow | undefined>;
  names(): Promise<readonly string[]>;
}

export function amongPublished(published: PublishedLookup): ChildLookup {
  return {
    async find({ name, version }) {
      const workflow = await published.find(name, version);
      return workflow && knownWorkflow(workflow);
    },
    names: () => published.names(),
  };
}

function callKey({ name, version }: WorkflowCall): string {
  return JSON.stringify([name, version ?? null]);
}
