import type { StoredValue } from '../core/execution/index.ts';
import type { Json } from '../core/json/index.ts';
import type { BlobStore } from '../core/ports/index.ts';

/** Values up to this many bytes stand in the ledger item itself; the same bound as for presigned references on AWS. */
const INLINE_BYTES = 32 * 1024;

/** A value as the ledger keeps it: in the item, or named by its digest. */
export async function storeValue(blobs: BlobStore, value: Json): Promise<StoredValue> {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  return bytes <= INLINE_BYTES ? { inline: value } : { blob: await blobs.put(text), bytes };
}
