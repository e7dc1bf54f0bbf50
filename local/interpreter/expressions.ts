import jsonata from 'jsonata';
import { parseJson, type Json, type JsonObject } from '../../core/json/index.ts';
import { addOwnFunctions, type Chance } from './own-functions.ts';
import { sourceOf } from './template.ts';

/** What `$states` holds while a state's fields are evaluated. */
export interface States {
  readonly input: Json;
  readonly result?: Json;
  readonly errorOutput?: Json;
  readonly context: JsonObject;
}

/** What the names of an expression stand for: `$states`, and a variable for each member. */
export interface Scope {
  readonly states: States;
  readonly variables: JsonObject;
}

/** Evaluates JSONata sources, each parsed once. Rejects with what jsonata throws; undefined when there is no result. */
export type EvaluateExpression = (source: string, scope: Scope) => Json | Promise<Json | undefined>;

const plainPath = /^\$([A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)$/;

/**
 * Follows member names through plain objects. Undefined means "not sure", not "no value": arrays (over which JSONata
 * maps), missing members and everything else are jsonata's to decide.
 */
function follow({ states, variables }: Scope, names: readonly string[]): Json | undefined {
  let value: unknown = names[0] === 'states' ? { states } : variables;
  for (const name of names) {
    if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.hasOwn(value, name)) return;
    value = (value as Record<string, unknown>)[name];
  }
  return Array.isArray(value) ? undefined : (value as Json | undefined);
}

/** jsonata marks the objects that stand for its functions. */
function isFunction(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return typeof value === 'function';
  return '_jsonata_lambda' in value || '_jsonata_function' in value;
}

/** Plain JSON of a result: jsonata's sequences carry members of their own, and its functions are no values. */
function toJson(result: unknown): Json | undefined {
  if (typeof result !== 'object' && typeof result !== 'function') return result as Json | undefined;
  const text = JSON.stringify(result, (_key, value: unknown) => (isFunction(value) ? undefined : value)) as
    string | undefined;
  return text === undefined ? undefined : parseJson(text);
}

/** Why a text cannot be evaluated; undefined where it can, or is no expression. */
export function expressionFault(text: string): string | undefined {
  const source = sourceOf(text);
  if (source === undefined) return undefined;
  try {
    jsonata(source);
    return undefined;
  } catch (error) {
    // jsonata throws objects that are no errors.
    return (error as { readonly message?: string }).message ?? String(error);
  }
}

export function createExpressions(chance: Chance): EvaluateExpression {
  const paths = new Map<string, readonly string[] | undefined>();
  const parsed = new Map<string, jsonata.Expression>();

  function pathOf(source: string): readonly string[] | undefined {
    if (!paths.has(source)) paths.set(source, plainPath.exec(source)?.[1]?.split('.'));
    return paths.get(source);
  }

  function parse(source: string): jsonata.Expression {
    const known = parsed.get(source);
    if (known) return known;
    const expression = jsonata(source);
    addOwnFunctions(expression, chance);
    parsed.set(source, expression);
    return expression;
  }

  async function evaluateSlowly(source: string, { states, variables }: Scope): Promise<Json | undefined> {
    // Nothing is at the top level but $states and the variables.
    return toJson(await parse(source).evaluate(undefined, { ...variables, states }));
  }

  return (source, scope) => {
    const path = pathOf(source);
    const value = path && follow(scope, path);
    return value === undefined ? evaluateSlowly(source, scope) : value;
  };
}
