import { NotFoundError } from '../../core/errors/index.ts';
import { digestOfText } from '../../core/json/index.ts';
import type { BlobStore } from '../../core/ports/index.ts';
import { createS3Objects, type S3Deps } from './s3-objects.ts';

/** Values by digest in the artifact bucket. Whoever puts one that is there puts the same bytes, so that needs no condition. */
export function createS3BlobStore(deps: S3Deps): BlobStore {
  const objects = createS3Objects(deps);
  const keyOf = (digest: string): string => `blobs/${encodeURIComponent(digest)}`;
  return {
    put: async (text) => {
      const digest = digestOfText(text);
      await objects.put(keyOf(digest), text);
      return digest;
    },
    get: async (digest) => {
      const bytes = await objects.find(keyOf(digest));
      if (bytes === undefined) throw blobNotFound(digest);
      return Buffer.from(bytes).toString();
    },
  };
}

function blobNotFound(digest: string): NotFoundError {
  return new NotFoundError({
    code: 'blob_not_found',
    message: `there is no value with digest ${digest}`,
    hint: 'The table names it, so the bucket has lost it: restore the object from an older version.',
    details: { digest },
  });
}
