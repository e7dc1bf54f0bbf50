import { isJsonObject, type Json, type JsonObject } from '../../core/json/index.ts';

/** `location` is the field as AWS names it in errors: `Arguments/Payload/token`, `Output[0]`. */
export type EvaluateSource = (source: string, location: string) => Json | Promise<Json>;

/** Exactly `{%` at the start and `%}` at the end: with a space around it, it is text. */
export function sourceOf(text: string): string | undefined {
  return text.startsWith('{%') && text.endsWith('%}') && text.length >= 4 ? text.slice(2, -2).trim() : undefined;
}

/** The template with its expressions replaced by their values. Most leaves are plain, and cost no promise. */
export function fillTemplate(template: Json, location: string, evaluate: EvaluateSource): Json | Promise<Json> {
  if (typeof template === 'string') {
    const source = sourceOf(template);
    return source === undefined ? template : evaluate(source, location);
  }
  if (isJsonObject(template)) return fillMembers(template, location, evaluate);
  return Array.isArray(template) ? fillItems(template, location, evaluate) : template;
}

async function fillItems(items: readonly Json[], location: string, evaluate: EvaluateSource): Promise<Json> {
  const filled: Json[] = [];
  for (const [index, item] of items.entries()) {
    const value = fillTemplate(item, `${location}[${index}]`, evaluate);
    filled.push(value instanceof Promise ? await value : value);
  }
  return filled;
}

async function fillMembers(members: JsonObject, location: string, evaluate: EvaluateSource): Promise<Json> {
  const filled: [string, Json][] = [];
  for (const [key, member] of Object.entries(members)) {
    const value = fillTemplate(member, `${location}/${key}`, evaluate);
    filled.push([key, value instanceof Promise ? await value : value]);
  }
  return Object.fromEntries(filled);
}
