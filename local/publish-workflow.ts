import { createSecret } from '../adapters/embedded/index.ts';
import {
  publishCompiled,
  publishedVersion,
  versionKey,
  withChildVersions,
  type CompiledWorkflow,
  type Publication,
  type Publishing,
} from '../compiler/index.ts';
import { ConflictError } from '../core/errors/index.ts';
import type { DefinitionStore } from '../core/ports/index.ts';
import { functionNames } from './machines.ts';
import { partName } from './part-machines.ts';
import { openOwnedStores } from './stores.ts';

export const TENANT = 'local';

/** What the embedded machines are linked to. */
export function embeddedPublishing({ tenant, now }: Pick<Publishing, 'tenant' | 'now'>): Publishing {
  return { tenant, now, functions: functionNames, partName };
}

/**
 * Publishes a version into a database, where other workflows find it as their child. Throws ConflictError (`version_exists`
 * when the version holds other content, `database_owned` when another process owns the database) and what opening it throws.
 */
export async function publishInto(database: string, compiled: CompiledWorkflow): Promise<Publication> {
  const stores = await openOwnedStores(database, createSecret);
  try {
    const publishing = embeddedPublishing({ tenant: TENANT, now: stores.clock.now() });
    return await publishCompiled(stores.definitions, compiled, publishing);
  } finally {
    stores.close();
  }
}

/**
 * Publishes what an execution is about to run: under its own version, or, when that version holds other content already, as a
 * draft under `{version}+{digest8}`: on a laptop people edit a file and run it again. Its children are published likewise, and the
 * plan names the versions that they got.
 */
export async function publishForRun(
  definitions: DefinitionStore,
  compiled: CompiledWorkflow,
  run: Pick<Publishing, 'tenant' | 'now'>,
): Promise<{ workflow: string; version: string }> {
  const labels = new Map<string, string>();
  for (const child of compiled.children ?? []) {
    const { workflow, version } = await publishForRun(definitions, child, run);
    labels.set(versionKey({ name: workflow, version: child.plan.workflow.version }), version);
  }
  const plan = withChildVersions(compiled.plan, (child) => labels.get(versionKey(child)));
  const labelled = { ...compiled, plan };
  const publishing = embeddedPublishing(run);
  const published = publishedVersion(labelled, publishing);
  const { name, version, digest } = published;
  try {
    await definitions.publish(published);
    return { workflow: name, version };
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const draft = publishedVersion(labelled, publishing, `${version}+${digest.slice(0, 8)}`);
    await definitions.publish({ ...draft, isDraft: true });
    return { workflow: name, version: draft.version };
  }
}
