import { UnsignedInt } from '@marcbachmann/cel-js/evaluator';
import { Optional } from '@marcbachmann/cel-js';
import { isJsonObject, type Json } from '../json/index.ts';

/**
 * A value as the CEL library may see it. It tells types by `value.constructor`, so a value that holds a key of that name somewhere
 * is given to it as Maps; any other as it is.
 */
export function toCel(value: Json): unknown {
  return holdsConstructorKey(value) ? asMaps(value) : value;
}

function holdsConstructorKey(value: Json): boolean {
  if (Array.isArray(value)) return value.some(holdsConstructorKey);
  if (!isJsonObject(value)) return false;
  return Object.hasOwn(value, 'constructor') || Object.values(value).some(holdsConstructorKey);
}

function asMaps(value: Json): unknown {
  if (Array.isArray(value)) return value.map(asMaps);
  if (!isJsonObject(value)) return value;
  return new Map(Object.entries(value).map(([key, member]) => [key, asMaps(member)]));
}

/**
 * Values and characters of one result: more than an agent may answer, which an expression may pass on. A list that holds one list
 * many times, and so on, is small as long as nobody writes it out.
 */
const LARGEST_RESULT = 20 * 1024 * 1024;

/** A result as plain JSON. Throws an Error in plain words for what JSON has no form for. */
export function toJson(value: unknown): Json {
  let left = LARGEST_RESULT;
  const take = (units: number): void => {
    left -= units;
    if (left < 0) throw new Error('the result is too large');
  };
  return convert(value, take);
}

type Take = (units: number) => void;

function convert(value: unknown, take: Take): Json {
  take(1);
  switch (typeof value) {
    case 'string':
      take(value.length);
      return value;
    case 'boolean':
      return value;
    case 'number':
      return fromNumber(value);
    case 'bigint':
      return fromInteger(value);
    default:
      return value === null ? null : fromObject(value, take);
  }
}

function fromNumber(value: number): number {
  if (!Number.isFinite(value)) throw new Error(`the result is ${value}, and JSON has no form for it`);
  return value === 0 ? 0 : value;
}

/** CEL's integers have 64 bits, JSON's numbers are exact up to 2^53. */
function fromInteger(value: bigint): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new Error(`the result ${value.toString()} is beyond 2^53; use string(…)`);
  return number;
}

function fromObject(value: unknown, take: Take): Json {
  if (Array.isArray(value)) return value.map((item) => convert(item, take));
  if (value instanceof Map) return fromEntries([...(value as Map<unknown, unknown>)], take);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof UnsignedInt) return fromInteger(value.value);
  if (value instanceof Optional) return value.hasValue() ? convert(value.value(), take) : null;
  const prototype: unknown = typeof value === 'object' ? Object.getPrototypeOf(value) : undefined;
  if (prototype === Object.prototype || prototype === null) return fromEntries(Object.entries(value as object), take);
  throw new Error(
    'the result is a duration, bytes or a type, and JSON has no form for it; convert it to a string or a number',
  );
}

/** `Object.fromEntries` defines each key, also `__proto__`; an assignment would set the prototype. */
function fromEntries(entries: readonly (readonly [unknown, unknown])[], take: Take): Json {
  return Object.fromEntries(
    entries.map(([key, member]) => {
      const name = String(key);
      take(name.length);
      return [name, convert(member, take)];
    }),
  );
}
