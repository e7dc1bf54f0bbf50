import { parseJson } from '../../core/json/index.ts';
import type { DynamoTable, Item } from './dynamo-table.ts';
import type { Key } from './keys.ts';

/** The records of one kind, which stand as JSON text in an attribute of their items. */
export interface Records<T> {
  /** What the item holds. */
  of(item: Item): T;
  find(key: Key): Promise<T | undefined>;
  findAll(keys: readonly Key[]): Promise<readonly (T | undefined)[]>;
  list(key: Key, limit?: number): Promise<readonly T[]>;
  listFrom(key: Key): Promise<readonly T[]>;
}

export function recordsIn<T>(table: DynamoTable): Records<T> {
  // A casting boundary: the Dynamo stores write this attribute and nobody else does.
  const of = (item: Item): T => parseJson(String(item.record)) as T;
  const perhaps = (item: Item | undefined): T | undefined => item && of(item);
  return {
    of,
    find: async (key) => perhaps(await table.find(key)),
    findAll: async (keys) => (await table.findAll(keys)).map(perhaps),
    list: async (key, limit) => (await table.list(key, limit)).map(of),
    listFrom: async (key) => (await table.listFrom(key)).map(of),
  };
}
