import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Json, JsonObject } from '../json/index.ts';

// `strict: false`: unknown keywords and formats are an author's notes, not errors, as JSON Schema 2020-12 has it.
const options = { strict: false, allErrors: true, validateFormats: false } as const;
const compiled = new WeakMap<JsonObject, ValidateFunction>();
const compiledWithDefaults = new WeakMap<JsonObject, ValidateFunction>();

/** For schemas that only are to be checked: making an instance costs ten milliseconds, and a workflow may have 10,000 schemas. */
const checker = new Ajv2020(options);

/** Why a text is no usable JSON Schema 2020-12; undefined when it is one. */
export function schemaProblem(schema: JsonObject): string | undefined {
  // A schema that names itself would be remembered by that name.
  const ajv = JSON.stringify(schema).includes('"$id"') ? new Ajv2020(options) : checker;
  try {
    ajv.compile(schema);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    ajv.removeSchema(schema);
  }
}

/** What is wrong with a value, one plain sentence each: `/files/2 must be string`. Empty: it holds. */
export function valueProblems(schema: JsonObject, value: Json): readonly string[] {
  const validate = validatorOf(compiled, schema, false);
  return validate(value) ? [] : (validate.errors ?? []).map(sentence);
}

/** The value with the schema's `default`s filled in, and what is wrong with it. The given value is not changed. */
export function withDefaults(schema: JsonObject, value: Json): { value: Json; problems: readonly string[] } {
  const copy: Json = structuredClone(value);
  const validate = validatorOf(compiledWithDefaults, schema, true);
  return { value: copy, problems: validate(copy) ? [] : (validate.errors ?? []).map(sentence) };
}

function validatorOf(
  cache: WeakMap<JsonObject, ValidateFunction>,
  schema: JsonObject,
  useDefaults: boolean,
): ValidateFunction {
  const known = cache.get(schema);
  if (known) return known;
  // One Ajv for each schema: two schemas may carry the same $id.
  const validate = new Ajv2020({ ...options, useDefaults }).compile(schema);
  cache.set(schema, validate);
  return validate;
}

function sentence(error: ErrorObject): string {
  const place = error.instancePath === '' ? 'the value' : error.instancePath;
  const extra = error.keyword === 'additionalProperties' ? ` (${String(error.params['additionalProperty'])})` : '';
  return `${place} ${error.message ?? 'does not hold'}${extra}`;
}
