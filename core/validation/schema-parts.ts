import { isJsonObject, type Json, type JsonObject } from '../json/index.ts';

/** JSON's types, as JSON Schema calls them. */
export const jsonTypes = ['null', 'boolean', 'integer', 'number', 'string', 'array', 'object'] as const;
export type JsonType = (typeof jsonTypes)[number];

/** Whether a value of the type is of one of these types: a whole number is a number as well. */
export function isOneOf(type: JsonType, types: readonly JsonType[]): boolean {
  return types.includes(type) || (type === 'integer' && types.includes('number'));
}

/** A schema, and the document that its `$ref` starts from. */
export interface Rooted {
  readonly schema: JsonObject;
  readonly root: JsonObject;
}

/** More parts than anybody writes; a schema may refer to itself, and parts of parts would multiply. */
const MOST_PARTS = 16;

/**
 * What holds all at once: the schemas, what their `$ref` lead to, their `allOf`. Alternatives (`anyOf`, `if`) and references to
 * other documents are left out: nothing is certain of them.
 */
export function partsOf(schemas: readonly Rooted[]): readonly Rooted[] {
  const parts = new Map(schemas.map((rooted) => [rooted.schema, rooted]));
  // It grows while it is gone through: it is the queue as well.
  for (const { schema, root } of parts.values()) {
    const { $ref: reference, allOf } = schema;
    const more = [
      ...(typeof reference === 'string' ? [partAt(root, reference)] : []),
      ...(Array.isArray(allOf) ? (allOf as readonly Json[]) : []),
    ];
    for (const part of more) {
      if (isJsonObject(part) && parts.size < MOST_PARTS) parts.set(part, { schema: part, root });
    }
  }
  return [...parts.values()];
}

/** A schema may give itself another base with `$id`; a pointer then starts there, which this does not follow. */
function partAt(root: JsonObject, reference: string): Json | undefined {
  const [, ...steps] = reference.split('/');
  if (reference !== '#' && !reference.startsWith('#/')) return undefined;
  return steps.reduce<Json | undefined>((part, step) => {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(part)) return (part as readonly Json[])[Number(key)];
    return isJsonObject(part) && Object.hasOwn(part, key) ? part[key] : undefined;
  }, root);
}

/** The types that a schema allows by its own `type`; undefined when it does not say. */
export function typesOf({ type }: JsonObject): readonly JsonType[] | undefined {
  if (typeof type === 'string') return [type as JsonType];
  // A name that is none of JSON's types matches nothing, here as in a validator.
  return Array.isArray(type) ? (type as JsonType[]) : undefined;
}

/** A schema at a key of another; undefined where it says nothing: absent, `true`, or no schema at all. */
export function schemaAt({ schema, root }: Rooted, ...way: readonly (string | number)[]): Rooted | undefined {
  const found = way.reduce<Json | undefined>((part, step) => {
    if (Array.isArray(part)) return (part as readonly Json[])[Number(step)];
    return isJsonObject(part) && Object.hasOwn(part, step) ? part[step] : undefined;
  }, schema);
  return isJsonObject(found) ? { schema: found, root } : undefined;
}

const words: Readonly<Record<JsonType, string>> = {
  null: 'null',
  boolean: 'true or false',
  integer: 'a whole number',
  number: 'a number',
  string: 'a text',
  array: 'a list',
  object: 'a mapping',
};

/** `a list or null`. */
export function describeTypes(types: readonly JsonType[]): string {
  return types.map((type) => (Object.hasOwn(words, type) ? words[type] : type)).join(' or ');
}
