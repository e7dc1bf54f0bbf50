import type { Ajv2020, ErrorObject, Options, ValidateFunction } from 'ajv/dist/2020.js';
import { isLargerThan, type Json, type JsonObject } from '../json/index.ts';
import { libraries } from './libraries.ts';
import { linearPattern } from './linear-pattern.ts';
import { sizeProblem } from './schema-size.ts';
import { uniqueItems } from './unique-items.ts';

// `strict: false`: unknown keywords and formats are an author's notes, not errors, as JSON Schema 2020-12 has it.
const options: Options = {
  strict: false,
  validateFormats: false,
  // Without it a property called `toString` would be found in every value.
  ownProperties: true,
  // Optimizing takes longer than all the values that a workflow ever checks.
  code: { regExp: linearPattern, optimize: false },
  logger: false,
};

/** Every fault of a small value is told, of a large one the first: each fault is an object, and a million of them end the process. */
type Telling = 'all' | 'first' | 'defaults';
const MOST_TOLD = 10_000;

const compiled: Readonly<Record<Telling, WeakMap<JsonObject, ValidateFunction>>> = {
  all: new WeakMap(),
  first: new WeakMap(),
  defaults: new WeakMap(),
};

/** For schemas that only are to be checked: a new instance costs twenty milliseconds, and a workflow may have 10,000 schemas. */
interface Checker {
  readonly ajv: Ajv2020;
  /** How many schemas it has seen. The library keeps the values of each, so that a long life would be a leak. */
  seen: number;
  readonly forget: (schema: JsonObject) => void;
}

let checker: Checker | undefined;
/** Schemas until the next one: a fifth of a millisecond for each. */
const LONGEST_LIFE = 100;

/** One value of each kind, to find what a schema does with any. */
const probes: readonly Json[] = [null, {}, [], '', 0];

/** Why a text is no usable JSON Schema 2020-12; undefined when it is one. */
export function schemaProblem(schema: JsonObject): string | undefined {
  const tooLarge = sizeProblem(schema);
  if (tooLarge !== undefined) return tooLarge;
  if (!checker || checker.seen > LONGEST_LIFE) checker = createChecker();
  checker.seen += 1;
  try {
    const validate = checker.ajv.compile(schema);
    // What such a validator answers is a promise, which would count as "holds".
    if ('$async' in validate) return '`$async` is not part of JSON Schema';
    for (const probe of probes) validate(probe);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return 'it refers to itself without end';
    return error instanceof Error ? error.message : String(error);
  } finally {
    checker.forget(schema);
  }
}

/** What is wrong with a value, one plain sentence each: `/files/2 must be string`. Empty: it holds. `schemaProblem` knows nothing against the schema. */
export function valueProblems(schema: JsonObject, value: Json): readonly string[] {
  return problemsOf(validatorOf(schema, isLargerThan(value, MOST_TOLD) ? 'first' : 'all'), value);
}

/** The value with the schema's `default`s filled in, and what is wrong with it. The given value is not changed. */
export function withDefaults(schema: JsonObject, value: Json): { value: Json; problems: readonly string[] } {
  const copy: Json = structuredClone(value);
  const problems = problemsOf(validatorOf(schema, 'defaults'), copy);
  return { value: copy, problems };
}

function problemsOf(validate: ValidateFunction, value: Json): readonly string[] {
  try {
    return validate(value) ? [] : (validate.errors ?? []).map(sentence);
  } catch (error) {
    // A schema that refers to itself goes as deep as the value.
    if (error instanceof RangeError) return ['the value is nested too deeply to be checked'];
    throw error;
  }
}

function validatorOf(schema: JsonObject, telling: Telling): ValidateFunction {
  const known = compiled[telling].get(schema);
  if (known) return known;
  // One Ajv for each schema: two schemas may carry the same $id. That this one is a schema was checked when it was published; to
  // check it again would be most of the work, because each instance compiles the language of schemas first (7.7 ms of 8.1).
  const more = { allErrors: telling !== 'first', useDefaults: telling === 'defaults', validateSchema: false };
  const ajv = createAjv(more);
  const validate = ajv.compile(schema);
  compiled[telling].set(schema, validate);
  return validate;
}

function createAjv(more: Options): Ajv2020 {
  const ajv = new (libraries.ajv().Ajv2020)({ ...options, ...more });
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword(uniqueItems);
  return ajv;
}

function createChecker(): Checker {
  const ajv = createAjv({});
  // It reads its own language when it is first asked for something.
  ajv.compile({});
  const tables = [ajv.refs, ajv.schemas].map((table) => ({ table, own: { ...table } }));
  return {
    ajv,
    seen: 0,
    // `$id` and `$anchor` are remembered by name, and the next schema may use the same names, or those of the language itself.
    forget: (schema) => {
      ajv.removeSchema(schema);
      for (const { table, own } of tables) {
        for (const name of Object.keys(table)) if (!Object.hasOwn(own, name)) Reflect.deleteProperty(table, name);
        Object.assign(table, own);
      }
    },
  };
}

function sentence(error: ErrorObject): string {
  const place = error.instancePath === '' ? 'the value' : error.instancePath;
  const extra = error.keyword === 'additionalProperties' ? ` (${String(error.params['additionalProperty'])})` : '';
  return `${place} ${error.message ?? 'does not hold'}${extra}`;
}
