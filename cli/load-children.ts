import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseDefinition, type TaskDocument } from '../core/definition/index.ts';
import type { KnownWorkflow, WorkflowCall, WorkflowCatalogue } from '../core/validation/index.ts';
import type { PublishedLookup } from './published-lookup.ts';
import { readText } from './read-text.ts';

/** The workflows that a definition starts, however indirectly. */
export interface Children {
  readonly catalogue: WorkflowCatalogue;
  /** Paths of the direct children that lie beside the definition; the others are published. */
  readonly files: readonly string[];
  versionOf(name: string, version?: string): string | undefined;
}

const extensions = ['yaml', 'yml', 'json'];

/**
 * Looks for every workflow that the tasks start: first beside the definition, in a file called like the workflow, then among those that
 * are published. Files are only parsed here, so that workflows that start each other are found, and not followed for ever.
 */
export async function findChildren(
  path: string,
  tasks: readonly TaskDocument[],
  published: PublishedLookup,
): Promise<Children> {
  const found = new Map<string, { readonly workflow: KnownWorkflow; readonly file?: string }>();
  const open = [...callsOf(tasks)];
  const direct = open.map(keyOf);
  for (let call = open.pop(); call; call = open.pop()) {
    if (found.has(keyOf(call))) continue;
    const child = findBeside(path, call) ?? (await findPublished(published, call));
    if (!child) continue;
    found.set(keyOf(call), child);
    open.push(...child.workflow.calls);
  }
  const names = found.size < direct.length ? await published.names() : [];
  const find = (name: string, version?: string) =>
    found.get(keyOf({ name, ...(version !== undefined && { version }) }))?.workflow;
  return {
    catalogue: { find, names: () => names },
    files: [...new Set(direct.flatMap((key) => found.get(key)?.file ?? []))],
    versionOf: (name, version) => find(name, version)?.version,
  };
}

function findBeside(
  path: string,
  { name, version }: WorkflowCall,
): { workflow: KnownWorkflow; file: string } | undefined {
  const file = extensions.map((it) => resolve(dirname(path), `${name}.${it}`)).find((it) => existsSync(it));
  if (file === undefined) return undefined;
  const workflow = parseDefinition({ name: file, text: readText(file) }).definition?.workflow;
  if (!workflow || workflow.name !== name || (version !== undefined && workflow.version !== version)) return undefined;
  const { input } = workflow;
  return {
    file,
    workflow: { name, version: workflow.version, ...(input && { input }), calls: callsOf(workflow.tasks) },
  };
}

async function findPublished(
  published: PublishedLookup,
  { name, version }: WorkflowCall,
): Promise<{ workflow: KnownWorkflow } | undefined> {
  const workflow = await published.find(name, version);
  if (!workflow) return undefined;
  const { tasks, input } = workflow.plan;
  const calls = tasks.flatMap((task) => (task.kind === 'workflow' ? [task.workflow] : []));
  return { workflow: { name, version: workflow.version, ...(input && { input }), calls } };
}

function callsOf(tasks: readonly TaskDocument[]): readonly WorkflowCall[] {
  return tasks.flatMap(({ workflow, group, loop }) => [
    ...(workflow
      ? [{ name: workflow.name, ...(workflow.version !== undefined && { version: workflow.version }) }]
      : []),
    ...callsOf(group?.tasks ?? loop?.tasks ?? []),
  ]);
}

function keyOf({ name, version }: WorkflowCall): string {
  return JSON.stringify([name, version ?? null]);
}
