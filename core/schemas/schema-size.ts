import { isJsonObject, type Json, type JsonObject } from '../json/index.ts';

/** Mappings in one schema. Each costs 0.1 ms to compile; whoever writes more describes a database, not a task's input. */
const MOST_PARTS = 1_000;
/** References are compiled by recursion: some 450 in a row end the stack. */
const MOST_REFERENCES = 200;

/** Why a schema would take too long to compile; undefined when it would not. */
export function sizeProblem(schema: JsonObject): string | undefined {
  const { parts, references } = count(schema);
  if (parts > MOST_PARTS) return `it has ${parts} parts, and ${MOST_PARTS} is the limit`;
  if (references > MOST_REFERENCES) return `it has ${references} references, and ${MOST_REFERENCES} is the limit`;
  return undefined;
}

/** Mappings in a schema: what compiling it costs. */
export function schemaParts(schema: JsonObject): number {
  return count(schema).parts;
}

function count(root: JsonObject): { parts: number; references: number } {
  let parts = 0;
  let references = 0;
  // A list of what is still to be looked at: a schema of an API may be nested deeper than the stack is.
  const open: Json[] = [root];
  for (let value = open.pop(); value !== undefined; value = open.pop()) {
    if (Array.isArray(value)) for (const item of value as readonly Json[]) open.push(item);
    else if (isJsonObject(value)) {
      parts += 1;
      if (Object.hasOwn(value, '$ref') || Object.hasOwn(value, '$dynamicRef')) references += 1;
      for (const member of Object.values(value)) open.push(member);
    }
  }
  return { parts, references };
}
