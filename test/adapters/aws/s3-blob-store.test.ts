import { describe, expect, it } from 'vitest';
import { createS3BlobStore, createS3Objects } from '../../../adapters/aws/index.ts';
import { digestOfText } from '../../../core/json/index.ts';
import { blobStoreContract } from '../../contract/blob-store.contract.ts';
import { anS3Server } from '../../makers/an-s3-server.ts';

const s3 = anS3Server();
let tenants = 0;
const deps = () => ({ client: s3.client(), bucket: s3.bucket, tenant: `tenant-${tenants++}` });

blobStoreContract('createS3BlobStore', () => createS3BlobStore(deps()));

describe('createS3BlobStore', () => {
  it('keeps the values of tenants apart, whatever they are called', async () => {
    const { client, bucket } = deps();
    const [ann, forger] = ['ann', 'ann/blobs'].map((tenant) => createS3BlobStore({ client, bucket, tenant }));

    const digest = await ann!.put('secret');

    await expect(forger!.get(digest)).rejects.toMatchObject({ code: 'blob_not_found' });
    expect(s3.keys()).toContain(`tenants/ann/blobs/${digest}`);
  });

  it('asks again when the bucket is busy', async () => {
    const store = createS3BlobStore(deps());
    s3.failNext(2, { status: 503, code: 'SlowDown' });

    const digest = await store.put('patient');

    expect(await store.get(digest)).toBe('patient');
  });

  it('says that the bucket did not answer when it stays busy', async () => {
    const store = createS3BlobStore(deps());
    s3.failNext(3, { status: 503, code: 'SlowDown' });

    await expect(store.put('hasty')).rejects.toMatchObject({
      name: 'UnavailableError',
      code: 'object_store_unavailable',
    });
    await expect(store.get(digestOfText('hasty'))).rejects.toMatchObject({ code: 'blob_not_found' });
  });

  it.each(['AccessDenied', 'NoSuchBucket'])(
    'does not ask again after %s, which somebody must look at',
    async (code) => {
      const store = createS3BlobStore(deps());
      s3.failNext(1, { status: 403, code });

      await expect(store.get(digestOfText('any'))).rejects.toMatchObject({
        name: 'InvariantError',
        code: 'object_store_refused',
      });
    },
  );
});

describe('createS3Objects', () => {
  it('removes an object, and minds none that is not there', async () => {
    const objects = createS3Objects(deps());
    await objects.put('views/a', 'text');

    await objects.remove('views/a');
    await objects.remove('views/a');

    expect(await objects.find('views/a')).toBeUndefined();
  });

  it('says that the bucket did not answer when it cannot remove', async () => {
    const objects = createS3Objects(deps());
    s3.failNext(3, { status: 500, code: 'InternalError' });

    await expect(objects.remove('views/a')).rejects.toMatchObject({ name: 'UnavailableError' });
  });
});
