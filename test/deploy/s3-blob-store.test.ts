import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, inject } from 'vitest';
import { createS3BlobStore } from '../../adapters/aws/index.ts';
import { blobStoreContract } from '../contract/blob-store.contract.ts';
import { clientConfig } from './emulator/aws-clients.ts';

const client = new S3Client(clientConfig(inject('endpoint')));
const bucket = `blobs-${process.pid}-${Date.now()}`;
let tenants = 0;

beforeAll(async () => {
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
});
afterAll(() => client.destroy());

blobStoreContract('createS3BlobStore', () => createS3BlobStore({ client, bucket, tenant: `tenant-${tenants++}` }));
