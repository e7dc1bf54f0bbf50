// JSON values and their canonical form.
// Takes: nothing. Gives: Json, canonicalJson, digests. Never: a schema, a file.
export { canonicalJson, isDeeperThan, isJsonObject, isLargerThan, type Json, type JsonObject } from './json.ts';
export { digestOf, digestOfText } from './digest.ts';
