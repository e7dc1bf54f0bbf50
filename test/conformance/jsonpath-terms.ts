// Plain JSONPath said in JSONata. Nothing that the two languages understand differently is translated.
import { isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';

/** Why a recording is not replayed. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

const plainReference = /^(\$\$|\$\w*)((?:\.[A-Za-z_][\w-]*|\[\d+\])*)$/;

const quoted = (steps: string): string => steps.replaceAll(/\.([A-Za-z_]\w*-[\w-]*)/g, '.`$1`');

/** `$.a.b` of `root`, `$$.Task.Token`, `$variable.a`, as JSONata source. */
export function reference(path: Json, root: string): string {
  const [, start, steps = ''] = (typeof path === 'string' && plainReference.exec(path)) || [];
  if (start === undefined) {
    const isCall = typeof path === 'string' && path.startsWith('States.');
    throw new Unsupported(isCall ? 'intrinsic functions of JSONPath' : 'JSONPath beyond plain references');
  }
  const from = start === '$' ? root : start === '$$' ? '$states.context' : start;
  return from + quoted(steps);
}

export const expression = (source: string): string => `{% ${source} %}`;

/** A JSONPath template as a JSONata template: only the members named `….$` are references. */
export function template(value: Json, root: string): Json {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return (value as readonly Json[]).map((item) => template(item, root));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) =>
      key.endsWith('.$') ? [key.slice(0, -2), expression(reference(member, root))] : [key, template(member, root)],
    ),
  );
}

function plainText(text: string): string {
  if (text.startsWith('{%')) throw new Unsupported('text of JSONPath that reads as JSONata');
  return text;
}

/** The same as one JSONata source. */
export function term(value: Json, root: string): string {
  if (Array.isArray(value)) return `[${(value as readonly Json[]).map((item) => term(item, root)).join(', ')}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) =>
    key.endsWith('.$')
      ? `${JSON.stringify(key.slice(0, -2))}: ${reference(member, root)}`
      : `${JSON.stringify(key)}: ${term(member, root)}`,
  );
  return `{${members.join(', ')}}`;
}

/** `value` put into `into` at a ResultPath. */
export function insertion(resultPath: Json | undefined, value: string, into: string): string {
  if (resultPath === undefined || resultPath === '$') return value;
  if (resultPath === null) return into;
  const names = typeof resultPath === 'string' && /^\$(\.[A-Za-z_]\w*)+$/.test(resultPath) ? resultPath.split('.') : [];
  const [name, ...rest] = names.slice(1);
  if (name === undefined) throw new Unsupported('JSONPath beyond plain references');
  const inner = rest.length === 0 ? value : insertion(`$.${rest.join('.')}`, value, `${into}.${name}`);
  return `$merge([${into}, {${JSON.stringify(name)}: ${inner}}])`;
}

export type Members = Record<string, Json>;

export const membersOf = (value: Json | undefined): Members => ({ ...(isJsonObject(value) ? value : {}) });

export const objectsIn = (value: Json | undefined): readonly JsonObject[] =>
  Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
