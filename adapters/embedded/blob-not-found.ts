import { NotFoundError } from '../../core/errors/index.ts';

export function blobNotFound(digest: string): NotFoundError {
  return new NotFoundError({
    code: 'blob_not_found',
    message: `there is no value with digest ${digest}`,
    hint: 'The ledger names it, so its database is not complete: restore it from a copy.',
    details: { digest },
  });
}
