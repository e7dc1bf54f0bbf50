import { ConflictError } from '../../core/errors/index.ts';
import type { PublishedWorkflow } from '../../core/ports/index.ts';

export function versionExists({ name, version }: PublishedWorkflow): ConflictError {
  return new ConflictError({
    code: 'version_exists',
    message: `version ${version} of ${name} is already published with other content`,
    hint: 'Raise the version of the workflow.',
    details: { name, version },
  });
}
