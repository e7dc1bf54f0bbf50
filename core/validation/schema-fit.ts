import { didYouMean } from '../diagnostics/index.ts';
import { isJsonObject, type Json, type JsonObject } from '../json/index.ts';
import { alwaysHas, memberOf, typesOfValue, type KnownValue } from './known-value.ts';
import { describeTypes, isOneOf, partsOf, schemaAt, typesOf, type JsonType, type Rooted } from './schema-parts.ts';

/** What does not fit, in a value of the document. */
export interface Misfit {
  readonly path: readonly (string | number)[];
  /** The rest of a sentence that begins with the place. */
  readonly message: string;
  readonly hint?: string | undefined;
  /** The key is wrong, and not its value. */
  readonly part?: 'key';
}

export interface Fit {
  /** What is known of a text with expressions in it; undefined for one without. */
  readonly valueOfText: (text: string) => { readonly value: KnownValue | undefined } | undefined;
  /** The value gets the schema's `default`s before it is checked. */
  readonly withDefaults: boolean;
  /** What objects need, by their schema: a list may have thousands of them. */
  readonly required: Map<JsonObject, readonly string[]>;
}

/**
 * Holds a value of the document against schemas that all have to hold, as far as both are known before a run: types, required and
 * unknown members, choices. Patterns are left to the run: one of the author's could hold a validation up for ever.
 */
export function* misfits(
  tree: Json,
  schemas: readonly Rooted[],
  fit: Fit,
  path: Misfit['path'] = [],
): Generator<Misfit> {
  const parts = partsOf(schemas);
  const text = typeof tree === 'string' ? fit.valueOfText(tree) : undefined;
  const wrongType = text
    ? wrongTypeOf(typesOfValue(text.value), parts, isLike)
    : wrongTypeOf([typeOfJson(tree)], parts, isOneOf);
  if (wrongType !== undefined) {
    yield { path, message: wrongType };
  } else if (text) {
    if (text.value) yield* unknownMisfits(text.value, parts, fit, path);
  } else if (Array.isArray(tree)) {
    for (const [at, item] of (tree as readonly Json[]).entries()) {
      const items = parts.flatMap((part) => schemaAt(part, 'prefixItems', at) ?? schemaAt(part, 'items') ?? []);
      yield* misfits(item, items, fit, [...path, at]);
    }
  } else if (isJsonObject(tree)) {
    yield* memberMisfits(tree, parts, fit, path);
  } else {
    yield* parts.flatMap((part) => choiceMisfit(tree, part.schema, path) ?? []);
  }
}

/** Of an object that only the run has: members that it can never have, and those that it has with other types. */
function* unknownMisfits(
  value: KnownValue,
  parts: readonly Rooted[],
  fit: Fit,
  path: Misfit['path'],
): Generator<Misfit> {
  const types = typesOfValue(value);
  if (types?.length !== 1 || types[0] !== 'object') return;
  const needed = new Set(parts.flatMap((part) => requiredOf(part, fit)));
  for (const key of needed) {
    if (memberOf(value, key).kind === 'never') yield { path, message: `needs \`${key}\`, which it can never have` };
  }
  for (const part of parts) {
    for (const key of Object.keys(propertiesOf(part.schema))) {
      const member = memberOf(value, key);
      const inner = schemaAt(part, 'properties', key);
      const isThere = member.kind === 'known' && alwaysHas(value, key);
      const wrong = inner && isThere ? wrongTypeOf(typesOfValue(member.value), partsOf([inner]), isLike) : undefined;
      if (wrong !== undefined) yield { path: [...path, key], message: wrong };
    }
  }
}

/** A `number` of CEL, or by another schema, may turn out whole. */
const isLike: typeof isOneOf = (type, wanted) =>
  isOneOf(type, wanted) || (type === 'number' && wanted.includes('integer'));

function wrongTypeOf(
  types: readonly JsonType[] | undefined,
  parts: readonly Rooted[],
  matches: typeof isOneOf,
): string | undefined {
  for (const { schema } of types ? parts : []) {
    const wanted = typesOf(schema);
    if (wanted && !types?.some((type) => matches(type, wanted)))
      return `must be ${describeTypes(wanted)}, not ${describeTypes(types ?? [])}`;
  }
  return undefined;
}

function* memberMisfits(tree: JsonObject, parts: readonly Rooted[], fit: Fit, path: Misfit['path']): Generator<Misfit> {
  for (const [key, value] of Object.entries(tree)) {
    const closed = parts.find(({ schema }) => isUnknown(key, schema));
    if (closed) {
      const near = didYouMean(key, Object.keys(propertiesOf(closed.schema)));
      const hint = near === undefined ? undefined : `did you mean \`${near}\`?`;
      yield { path: [...path, key], message: 'is unknown', hint, part: 'key' };
      continue;
    }
    const inner = parts.flatMap((part) => {
      const isOwn = Object.hasOwn(propertiesOf(part.schema), key);
      return (isOwn ? schemaAt(part, 'properties', key) : schemaAt(part, 'additionalProperties')) ?? [];
    });
    yield* misfits(value, inner, fit, [...path, key]);
  }
  const required = new Set(parts.flatMap((part) => requiredOf(part, fit)));
  for (const key of required) if (!Object.hasOwn(tree, key)) yield { path, message: `needs \`${key}\`` };
}

function propertiesOf({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {};
}

function isUnknown(key: string, schema: JsonObject): boolean {
  if (schema['additionalProperties'] !== false || schema['patternProperties'] !== undefined) return false;
  return !Object.hasOwn(propertiesOf(schema), key);
}

function requiredOf(part: Rooted, { withDefaults, required: known }: Fit): readonly string[] {
  const { schema } = part;
  const required = Array.isArray(schema['required']) ? (schema['required'] as readonly Json[]) : [];
  const isNeeded = (key: Json): key is string => {
    if (typeof key !== 'string') return false;
    return !(withDefaults && schemaAt(part, 'properties', key)?.schema['default'] !== undefined);
  };
  const keys = known.get(schema) ?? required.filter(isNeeded);
  known.set(schema, keys);
  return keys;
}

/** Longer lists help nobody to choose. */
const MOST_LISTED = 12;
/** Whoever looks for each of 100,000 values in a list as long is left to the run. */
const MOST_CHOICES = 1_000;

/** `enum` and `const`, for values that have one way to be written. */
function choiceMisfit(tree: Json, schema: JsonObject, path: Misfit['path']): Misfit | undefined {
  const listed = Array.isArray(schema['enum']) ? (schema['enum'] as readonly Json[]) : undefined;
  const choices = Object.hasOwn(schema, 'const') ? [schema['const'] ?? null] : listed;
  if (!choices || choices.length > MOST_CHOICES || choices.includes(tree)) return undefined;
  const texts = choices.filter((one) => typeof one === 'string');
  const near = typeof tree === 'string' ? didYouMean(tree, texts) : undefined;
  const hint = near === undefined ? undefined : `did you mean \`${near}\`?`;
  const shown = choices.slice(0, MOST_LISTED).map((one) => `\`${JSON.stringify(one)}\``);
  return { path, message: `must be ${shown.join(', ')}${choices.length > MOST_LISTED ? ', …' : ''}`, hint };
}

function typeOfJson(value: Json): JsonType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value as JsonType;
}
