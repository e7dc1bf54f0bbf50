import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { toEngineError } from './sdk-error.ts';

export interface S3Deps {
  readonly client: S3Client;
  readonly bucket: string;
  readonly tenant: string;
}

/** Objects of one tenant; no error of the SDK gets out. */
export interface S3Objects {
  put(key: string, body: string | Uint8Array): Promise<void>;
  find(key: string): Promise<Uint8Array | undefined>;
  /** One that is not there changes nothing. */
  remove(key: string): Promise<void>;
}

/** A bucket denies who may not list it what it does not hold, in place of saying that it does not hold it. */
const refusals = new Set([
  'AccessDenied',
  'InvalidAccessKeyId',
  'NoSuchBucket',
  'PermanentRedirect',
  'SignatureDoesNotMatch',
]);

export function createS3Objects({ client, bucket, tenant }: S3Deps): S3Objects {
  const asked = { code: 'object_store', name: `bucket ${bucket}`, refusals };
  const place = (key: string) => ({ Bucket: bucket, Key: `tenants/${encodeURIComponent(tenant)}/${key}` });
  return {
    put: async (key, body) => {
      const bytes = Buffer.from(body);
      try {
        // The SDK cannot tell the length of an empty body.
        await client.send(new PutObjectCommand({ ...place(key), Body: bytes, ContentLength: bytes.byteLength }));
      } catch (error) {
        throw toEngineError(error, asked);
      }
    },
    find: async (key) => {
      try {
        const { Body } = await client.send(new GetObjectCommand(place(key)));
        return await Body?.transformToByteArray();
      } catch (error) {
        if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
        throw toEngineError(error, asked);
      }
    },
    remove: async (key) => {
      try {
        await client.send(new DeleteObjectCommand(place(key)));
      } catch (error) {
        throw toEngineError(error, asked);
      }
    },
  };
}
