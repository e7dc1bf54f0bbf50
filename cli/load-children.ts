import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { amongPublished, findChildren, parseText } from '../compiler/index.ts';
import type { KnownWorkflow, WorkflowCall, WorkflowCatalogue } from '../core/validation/index.ts';
import type { PublishedLookup } from './published-lookup.ts';
import { readText } from './read-text.ts';

/** The workflows that a definition starts, however indirectly. */
export interface Children {
  readonly catalogue: WorkflowCatalogue;
  /** Paths of the direct children that lie beside the definition; the others are published. */
  readonly files: readonly string[];
}

const extensions = ['yaml', 'yml', 'json'];

/**
 * Looks for every workflow that the calls start: first beside the definition, in a file called like the workflow, then among those that
 * are published. Files are only parsed here, so that workflows that start each other are found, and not followed for ever.
 */
export async function loadChildren(
  path: string,
  calls: readonly WorkflowCall[],
  published: PublishedLookup,
): Promise<Children> {
  const elsewhere = amongPublished(published);
  const files = new Map<KnownWorkflow, string>();
  const catalogue = await findChildren(calls, {
    names: () => elsewhere.names(),
    async find(call) {
      const beside = findBeside(path, call);
      if (!beside) return elsewhere.find(call);
      files.set(beside.workflow, beside.file);
      return beside.workflow;
    },
  });
  const direct = calls.flatMap(({ name, version }) => catalogue.find(name, version) ?? []);
  return { catalogue, files: [...new Set(direct.flatMap((workflow) => files.get(workflow) ?? []))] };
}

function findBeside(
  path: string,
  { name, version }: WorkflowCall,
): { workflow: KnownWorkflow; file: string } | undefined {
  const file = extensions.map((it) => resolve(dirname(path), `${name}.${it}`)).find((it) => existsSync(it));
  if (file === undefined) return undefined;
  const { definition, calls } = parseText({ name: file, text: readText(file) });
  const workflow = definition?.workflow;
  if (!workflow || workflow.name !== name || (version !== undefined && workflow.version !== version)) return undefined;
  const { input } = workflow;
  return { file, workflow: { name, version: workflow.version, ...(input && { input }), calls } };
}
