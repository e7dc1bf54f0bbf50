import type { NativeAttributeValue } from '@aws-sdk/lib-dynamodb';
import { CapacityError, InvariantError } from '../../core/errors/index.ts';
import type { Key } from './keys.ts';

/** Bytes of an item, names of attributes included, and of a transaction (DynamoDB's limits). */
const ITEM_BYTES = 400 * 1024;
const TRANSACTION_BYTES = 4 * 1024 * 1024;
/** A number takes at most this many bytes. */
const NUMBER_BYTES = 21;

/** Actions of one transaction (DynamoDB's limit). */
const MAX_ACTIONS = 100;

type Item = Key & { readonly [attribute: string]: NativeAttributeValue };

/** Throws CapacityError when DynamoDB could not hold one of the items, or not take them together. It would say so less clearly. */
export function requireFits(items: readonly Item[]): void {
  const sizes = items.map(bytesOf);
  const large = sizes.findIndex((bytes) => bytes > ITEM_BYTES);
  if (large !== -1) throw tooLarge(`${items[large]?.pk} ${items[large]?.sk}`, sizes[large] ?? 0, ITEM_BYTES);
  const total = sizes.reduce((sum, bytes) => sum + bytes, 0);
  if (total > TRANSACTION_BYTES) throw tooLarge(`a commit of ${items.length} items`, total, TRANSACTION_BYTES);
}

/** Throws InvariantError when the writes could not be one transaction: the engine has a bug then. */
export function requireOneTransaction(keys: readonly Key[]): void {
  if (keys.length > MAX_ACTIONS) {
    const message = `a commit has ${keys.length} items; ${MAX_ACTIONS} is the most`;
    throw new InvariantError({ code: 'commit_too_large', message, details: { items: keys.length } });
  }
  const seen = new Set<string>();
  for (const { pk, sk } of keys) {
    const item = `${pk} ${sk}`;
    if (seen.has(item)) {
      const message = `a commit writes twice on ${item}`;
      throw new InvariantError({ code: 'item_written_twice', message, details: { item } });
    }
    seen.add(item);
  }
}

function tooLarge(what: string, bytes: number, limit: number): CapacityError {
  return new CapacityError({
    code: 'record_too_large',
    message: `${what} has ${bytes} bytes; DynamoDB takes ${limit}`,
    hint: 'Pass a reference to the data in place of the data.',
    details: { bytes, limit },
  });
}

function bytesOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

/** The stores write texts, bytes, numbers and truth values only. */
function valueBytes(value: NativeAttributeValue): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  return value instanceof Uint8Array ? value.byteLength : NUMBER_BYTES;
}
