import { isJsonObject, type Json, type JsonObject } from '../core/json/index.ts';

/** Uniform in [0, 1). */
type Random = () => number;

const MOST_ITEMS = 3;

/**
 * A value that a JSON Schema allows, as far as it uses `enum`, `examples`, `type`, `properties`, `items` and the bounds of numbers and
 * lists: enough for what agents answer in the examples. What is not required is there half of the time.
 */
export function answerTo(schema: JsonObject, random: Random): Json {
  const { enum: choices, examples, type = 'object' } = schema;
  const given = choices ?? examples;
  if (Array.isArray(given)) return pick(given, random);
  return valueOf(Array.isArray(type) ? pick(type, random) : type, schema, random);
}

function valueOf(type: Json, schema: JsonObject, random: Random): Json {
  switch (type) {
    case 'object':
      return objectFor(schema, random);
    case 'array':
      return listFor(schema, random);
    case 'boolean':
      return random() < 0.5;
    case 'integer':
    case 'number':
      return numberFor(schema, type, random);
    case 'string':
      return schema['format'] === 'date-time' ? '2026-12-01T08:00:00Z' : `text ${Math.floor(random() * 1_000)}`;
    case 'null':
      return null;
    default:
      throw new Error(`no value of type ${JSON.stringify(type)}`);
  }
}

function objectFor({ properties = {}, required = [] }: JsonObject, random: Random): JsonObject {
  const known = isJsonObject(properties) ? properties : {};
  const names = Array.isArray(required) ? required.map(String) : [];
  const optional = Object.keys(known).filter((name) => !names.includes(name) && random() < 0.5);
  return Object.fromEntries(
    [...names, ...optional].map((name) => {
      const member = known[name];
      return [name, isJsonObject(member) ? answerTo(member, random) : 'anything'];
    }),
  );
}

function listFor({ items, minItems = 0, maxItems = MOST_ITEMS }: JsonObject, random: Random): Json[] {
  const [least, most] = [Number(minItems), Math.min(Number(maxItems), MOST_ITEMS)];
  const length = least + Math.floor(random() * (most - least + 1));
  return Array.from({ length }, () => (isJsonObject(items) ? answerTo(items, random) : 'anything'));
}

function numberFor({ minimum = 0, maximum = 100 }: JsonObject, type: Json, random: Random): number {
  const value = Number(minimum) + random() * (Number(maximum) - Number(minimum));
  return type === 'integer' ? Math.round(value) : value;
}

function pick(values: readonly Json[], random: Random): Json {
  return values[Math.floor(random() * values.length)] ?? null;
}
