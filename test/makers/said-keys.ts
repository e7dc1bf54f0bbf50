import { isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';

/** Keys that a JSON Schema knows and none of the documents says, by their places in the schema: `#/$defs/task/properties/when`. */
export function unsaidKeys(schema: JsonObject, documents: readonly Json[]): string[] {
  const said = new Set<JsonObject>();
  for (const document of documents) say(document, schema, { schema, said });
  return [...keysIn(schema, '#')].filter(({ key }) => !said.has(key)).map(({ place }) => place);
}

interface Saying {
  /** The whole, which references start from. */
  readonly schema: JsonObject;
  readonly said: Set<JsonObject>;
}

/** Goes through a value and whatever part of the schema may describe it. */
function say(value: Json, part: Json | undefined, saying: Saying): void {
  if (!isJsonObject(part)) return;
  const { $ref, anyOf, oneOf, items, properties, additionalProperties } = part;
  if (typeof $ref === 'string') say(value, definitionAt(saying.schema, $ref), saying);
  for (const choice of [anyOf, oneOf])
    if (Array.isArray(choice)) for (const one of choice) say(value, one as Json, saying);
  if (Array.isArray(value)) for (const item of value as readonly Json[]) say(item, items, saying);
  if (!isJsonObject(value)) return;
  for (const [name, member] of Object.entries(value)) {
    const key = isJsonObject(properties) ? properties[name] : undefined;
    if (isJsonObject(key)) saying.said.add(key);
    say(member, key ?? additionalProperties, saying);
  }
}

function definitionAt(schema: JsonObject, reference: string): Json | undefined {
  return reference
    .split('/')
    .slice(1)
    .reduce<Json | undefined>((value, part) => (isJsonObject(value) ? value[part] : undefined), schema);
}

function* keysIn(part: Json, place: string): Generator<{ place: string; key: JsonObject }> {
  if (Array.isArray(part))
    for (const [index, item] of (part as readonly Json[]).entries()) yield* keysIn(item, `${place}/${index}`);
  if (!isJsonObject(part)) return;
  for (const [name, member] of Object.entries(part)) {
    if (place.endsWith('/properties') && isJsonObject(member)) yield { place: `${place}/${name}`, key: member };
    yield* keysIn(member, `${place}/${name}`);
  }
}
