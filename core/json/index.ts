// JSON values and their canonical form.
// Takes: nothing. Gives: Json, parseJson, canonicalJson, digests. Never: a schema, a file.
export { canonicalJson, isDeeperThan, isJsonObject, isLargerThan, type Json, type JsonObject } from './json.ts';
export { digestOf, digestOfText } from './digest.ts';
export { parseJson } from './parse-json.ts';
