import { isJsonObject, type Json, type JsonObject } from '../core/json/index.ts';

/** What a JSON Schema of the language takes, in words. `link` names what has a section of its own: a form, or an object's keys. */
export function typeText(schema: JsonObject, link: (target: JsonObject) => string): string {
  const of = (inner: Json | undefined): string => (isJsonObject(inner) ? typeText(inner, link) : 'anything');
  const { items, additionalProperties } = schema;
  if (schema['$ref'] !== undefined || schema['properties'] !== undefined) return link(schema);
  if (Array.isArray(schema['enum'])) return schema['enum'].map(code).join(', ');
  if (Array.isArray(schema['anyOf'])) return schema['anyOf'].map(of).join(', or ');
  if (schema['type'] === 'array') return `list of ${of(items)}`;
  if (schema['type'] !== 'object') return scalarText(schema);
  const holds = isJsonObject(additionalProperties) ? Object.keys(additionalProperties) : [];
  return holds.length > 0 ? `${of(additionalProperties)}, by name` : 'object';
}

function scalarText(schema: JsonObject): string {
  const { type, minimum, maximum, exclusiveMinimum, format } = schema;
  if (type === undefined) return 'anything';
  if (type === 'boolean') return 'true or false';
  if (type === 'null') return 'null';
  if (type === 'string') return format === 'uri' ? 'URL' : 'text';
  const noun = type === 'integer' ? 'whole number' : 'number';
  const most = typeof maximum === 'number' && maximum < Number.MAX_SAFE_INTEGER ? ` to ${maximum}` : '';
  if (typeof minimum === 'number' && minimum > Number.MIN_SAFE_INTEGER) return `${noun} from ${minimum}${most}`;
  return typeof exclusiveMinimum === 'number' ? `${noun} above ${exclusiveMinimum}` : noun;
}

/** A value as it would be typed. */
export function code(value: Json): string {
  return `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
}

/** The objects with keys that a value of this schema is, or is a list, table or choice of; not those that have a name. */
export function objectsWithin(schema: JsonObject): readonly JsonObject[] {
  if (schema['$ref'] !== undefined) return [];
  if (schema['properties'] !== undefined) return [schema];
  const inner = [schema['items'], schema['additionalProperties'], ...alternativesOf(schema)];
  return inner.flatMap((it) => (isJsonObject(it) ? objectsWithin(it) : []));
}

export function alternativesOf(schema: JsonObject): readonly JsonObject[] {
  const alternatives = schema['anyOf'] ?? schema['oneOf'];
  return Array.isArray(alternatives) ? (alternatives as readonly Json[]).filter(isJsonObject) : [];
}
