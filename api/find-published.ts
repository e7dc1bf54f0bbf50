import { NotFoundError } from '../core/errors/index.ts';
import type { PublishedWorkflow } from '../core/ports/index.ts';
import type { TenantServices } from './tenant-services.ts';

/** Without a version, the latest. Throws NotFoundError: `workflow_not_found`, `version_not_found`. */
export async function getPublished(
  { definitions }: Pick<TenantServices, 'definitions'>,
  name: string,
  version: string | undefined,
): Promise<PublishedWorkflow> {
  const found = version === undefined ? undefined : await definitions.find(name, version);
  if (found) return found;
  const latest = await definitions.findLatest(name);
  if (!latest)
    throw new NotFoundError({ code: 'workflow_not_found', message: `There is no published workflow ${name}.` });
  if (version === undefined) return latest;
  throw new NotFoundError({
    code: 'version_not_found',
    message: `Workflow ${name} has no published version ${version}.`,
    hint: `Its latest is ${latest.version}.`,
  });
}
