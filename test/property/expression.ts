import { canonicalJson, isJsonObject, type Json } from '../../core/json/index.ts';

/**
 * The little of CEL that random workflows and hand-written cases use, written again so that the oracle does not lean
 * on the library that it judges: paths, literals, comparisons, `in`, `size`, `!`, `&&`, `||` and `?:`.
 */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** Names in scope and their values. */
export type Scope = Readonly<Record<string, Json>>;

type Expression = (scope: Scope) => Json;

const TOKEN = /\s*(\d+(?:\.\d+)?|"[^"]*"|'[^']*'|[A-Za-z_]\w*|&&|\|\||[=!<>]=|[-.,?:!<>()[\]])/y;

function tokensOf(source: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < source.trimEnd().length) {
    const from = TOKEN.lastIndex;
    const token = TOKEN.exec(source)?.[1];
    if (token === undefined) throw new Error(`the oracle cannot read ${source} from ${from}`);
    tokens.push(token);
  }
  return tokens;
}

function boolean(value: Json): boolean {
  if (typeof value !== 'boolean') throw new EvaluationError(`${canonicalJson(value)} is not a boolean`);
  return value;
}

function member(value: Json, key: Json): Json {
  const found = Array.isArray(value)
    ? typeof key === 'number'
      ? (value as readonly Json[])[key]
      : undefined
    : isJsonObject(value) && typeof key === 'string' && Object.hasOwn(value, key)
      ? value[key]
      : undefined;
  if (found === undefined) throw new EvaluationError(`no such key: ${canonicalJson(key)}`);
  return found;
}

function sizeOf(value: Json): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (isJsonObject(value)) return Object.keys(value).length;
  throw new EvaluationError(`${canonicalJson(value)} has no size`);
}

const equal = (left: Json, right: Json): boolean => canonicalJson(left) === canonicalJson(right);

function compare(operator: string, left: Json, right: Json): boolean {
  if (operator === '==') return equal(left, right);
  if (operator === '!=') return !equal(left, right);
  if (operator === 'in') return Array.isArray(right) && (right as readonly Json[]).some((one) => equal(one, left));
  const ordered =
    (typeof left === 'number' && typeof right === 'number') || (typeof left === 'string' && typeof right === 'string');
  if (!ordered) throw new EvaluationError(`cannot order ${canonicalJson(left)} and ${canonicalJson(right)}`);
  if (operator === '<') return left < right;
  if (operator === '<=') return left <= right;
  return operator === '>' ? left > right : left >= right;
}

const comparisons = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);
const constants: Readonly<Record<string, Json>> = { true: true, false: false, null: null };

/** Recursive descent, one method for each level of precedence. */
class Parser {
  readonly #tokens: string[];
  #at = 0;

  constructor(source: string) {
    this.#tokens = tokensOf(source);
  }

  whole(): Expression {
    const expression = this.#choice();
    if (this.#at < this.#tokens.length) throw new Error(`the oracle cannot read on at ${this.#tokens[this.#at] ?? ''}`);
    return expression;
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at += 1;
    return true;
  }

  #next(expected?: string): string {
    const token = this.#tokens[this.#at];
    this.#at += 1;
    if (token === undefined || (expected !== undefined && token !== expected))
      throw new Error(`the oracle expected ${expected ?? 'more'} and found ${token ?? 'the end'}`);
    return token;
  }

  #choice(): Expression {
    const condition = this.#either();
    if (!this.#accept('?')) return condition;
    const yes = this.#choice();
    this.#next(':');
    const no = this.#choice();
    return (scope) => (boolean(condition(scope)) ? yes(scope) : no(scope));
  }

  #either(): Expression {
    const left = this.#both();
    if (!this.#accept('||')) return left;
    const right = this.#either();
    return (scope) => boolean(left(scope)) || boolean(right(scope));
  }

  #both(): Expression {
    const left = this.#comparison();
    if (!this.#accept('&&')) return left;
    const right = this.#both();
    return (scope) => boolean(left(scope)) && boolean(right(scope));
  }

  #comparison(): Expression {
    const left = this.#unary();
    const operator = this.#tokens[this.#at] ?? '';
    if (!comparisons.has(operator)) return left;
    this.#next();
    const right = this.#unary();
    return (scope) => compare(operator, left(scope), right(scope));
  }

  #unary(): Expression {
    if (!this.#accept('!')) return this.#path();
    const operand = this.#unary();
    return (scope) => !boolean(operand(scope));
  }

  #path(): Expression {
    let value = this.#primary();
    for (;;) {
      const owner = value;
      if (this.#accept('.')) {
        const key = this.#next();
        value = (scope) => member(owner(scope), key);
      } else if (this.#accept('[')) {
        const key = this.#choice();
        this.#next(']');
        value = (scope) => member(owner(scope), key(scope));
      } else {
        return value;
      }
    }
  }

  #primary(): Expression {
    const token = this.#next();
    if (token === '(') {
      const inner = this.#choice();
      this.#next(')');
      return inner;
    }
    if (token === '[') return this.#list();
    if (/^\d/.test(token)) return () => Number(token);
    if (/^["']/.test(token)) return () => token.slice(1, -1);
    if (Object.hasOwn(constants, token)) return () => constants[token] ?? null;
    if (token !== 'size') return (scope) => member(scope, token);
    this.#next('(');
    const operand = this.#choice();
    this.#next(')');
    return (scope) => sizeOf(operand(scope));
  }

  #list(): Expression {
    const members: Expression[] = [];
    while (!this.#accept(']')) {
      members.push(this.#choice());
      this.#accept(',');
    }
    return (scope) => members.map((one) => one(scope));
  }
}

const parsed = new Map<string, Expression>();

export function evaluate(source: string, scope: Scope): Json {
  const known = parsed.get(source) ?? new Parser(source).whole();
  parsed.set(source, known);
  return known(scope);
}

const WHOLE = /^\$\{([^}]*)\}$/;
const PIECE = /\$\$\{|\$\{([^}]*)\}/g;

/** The source of a string that is one expression and nothing else. */
export function soleExpression(text: string): string | undefined {
  return WHOLE.exec(text)?.[1];
}

function renderText(text: string, scope: Scope): Json {
  const sole = soleExpression(text);
  if (sole !== undefined) return evaluate(sole, scope);
  return text.replace(PIECE, (_piece, source: string | undefined) => {
    if (source === undefined) return '${';
    const value = evaluate(source, scope);
    return typeof value === 'string' ? value : canonicalJson(value);
  });
}

/** An expression tree with every expression replaced by its value. */
export function render(tree: Json, scope: Scope): Json {
  if (typeof tree === 'string') return renderText(tree, scope);
  if (Array.isArray(tree)) return (tree as readonly Json[]).map((one) => render(one, scope));
  if (!isJsonObject(tree)) return tree;
  return Object.fromEntries(Object.entries(tree).map(([key, one]) => [key, render(one, scope)]));
}

/** The tasks that a tree's expressions name. */
export function tasksNamedIn(tree: Json): string[] {
  const names = canonicalJson(tree).matchAll(/\btasks(?:\.(\w+)|\[\\?["']([^"'\\]+)\\?["']\])/g);
  return [...new Set([...names].map((match) => match[1] ?? match[2] ?? ''))];
}
