import type { KeywordDefinition } from 'ajv';
import { canonicalJson, type Json } from '../json/index.ts';

/** `uniqueItems` by the items' canonical texts: ajv compares each with each, and a list of a million would take for ever. */
export const uniqueItems: KeywordDefinition = {
  keyword: 'uniqueItems',
  type: 'array',
  schemaType: 'boolean',
  compile: (isWanted: boolean) => (items: readonly Json[]) =>
    !isWanted || new Set(items.map(canonicalJson)).size === items.length,
  error: { message: 'must NOT have duplicate items' },
};
