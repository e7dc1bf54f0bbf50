import { Environment, type ASTNode } from '@marcbachmann/cel-js';
import { linearPattern, type LinearPattern } from '../schemas/index.ts';
import { metered } from './meter.ts';
import { hiddenName, withAuthorsNames } from './reserved-names.ts';
import { roots } from './scope.ts';
import { childrenOf } from './syntax-tree.ts';
import { timeOf } from './time.ts';

/** Characters of one expression: 4 KiB says everything a condition needs, and bounds the parser's work. */
export const LONGEST_EXPRESSION = 4_096;

const limits = { maxDepth: 64, maxAstNodes: 2_000, maxListElements: 500, maxMapEntries: 500, maxCallArguments: 16 };

/**
 * Calls that the library would answer by the machine's rules, and ours in their place. Built-in functions can't be overridden,
 * so the call is renamed in the tree. `matches` would use a backtracking engine, which a pattern can hold up for ever;
 * `timestamp` would read a text without an offset in the machine's time zone.
 */
const replacements: ReadonlyMap<string, string> = new Map([
  ['matches', 'matchesInLinearTime'],
  ['timestamp', 'timestampWithOffset'],
]);

const environment = createEnvironment();

export interface ParsedExpression {
  readonly ast: ASTNode;
  /** The CEL type of the result, or why the operand types do not fit. */
  readonly check: () => { type: string } | { error: unknown };
  readonly evaluate: (context: Record<string, unknown>) => unknown;
}

/** Throws the library's ParseError. */
export function parseCel(source: string): ParsedExpression {
  const parsed = environment.parse(source);
  replaceCalls(parsed.ast);
  return {
    ast: parsed.ast,
    check: () => {
      const { type, error } = parsed.check();
      return type === undefined ? { error } : { type };
    },
    evaluate: (context) => metered(parsed.ast, () => parsed(context) as unknown),
  };
}

/** The name that the author wrote, for messages. */
export function originalNames(message: string): string {
  let text = withAuthorsNames(message);
  for (const [original, replacement] of replacements) text = text.replaceAll(replacement, original);
  return text;
}

function replaceCalls(node: ASTNode): void {
  if (node.op === 'call' || node.op === 'rcall') {
    const replacement = replacements.get(node.args[0]);
    if (replacement !== undefined) node.args[0] = replacement;
  }
  for (const child of childrenOf(node)) replaceCalls(child);
}

function createEnvironment(): Environment {
  const result = new Environment({ enableOptionalTypes: true, homogeneousAggregateLiterals: false, limits });
  for (const root of roots) result.registerVariable(hiddenName(root), 'dyn');
  registerMixedNumbers(result);
  result.registerFunction('string.matchesInLinearTime(string): bool', matches);
  for (const type of ['string', 'int', 'double']) {
    result.registerFunction(`timestampWithOffset(${type}): google.protobuf.Timestamp`, timestamp);
  }
  return result;
}

/** JSON's numbers are doubles and CEL's literals are ints: without these, `input.count + 1` would have no meaning. */
function registerMixedNumbers(target: Environment): void {
  const operators: Record<string, (a: number, b: number) => number> = {
    '+': (a, b) => a + b,
    '-': (a, b) => a - b,
    '*': (a, b) => a * b,
    '/': (a, b) => a / b,
    '%': (a, b) => a % b,
  };
  for (const [operator, apply] of Object.entries(operators)) {
    const onNumbers = (a: number | bigint, b: number | bigint): number => apply(Number(a), Number(b));
    target.registerOperator(`double ${operator} int: double`, onNumbers);
    target.registerOperator(`int ${operator} double: double`, onNumbers);
  }
  target.registerOperator('double % double: double', (a: number, b: number) => a % b);
  target.registerOperator('int == double: bool', (a: bigint, b: number) => Number(a) === b);
}

const patterns = new Map<string, LinearPattern>();

function matches(text: string, pattern: string): boolean {
  let compiled = patterns.get(pattern);
  if (!compiled) {
    compiled = linearPattern(pattern);
    // Patterns can come from data, so the memory of them is bounded.
    if (patterns.size >= 100) patterns.clear();
    patterns.set(pattern, compiled);
  }
  return compiled.test(text);
}

function timestamp(value: string | number | bigint): Date {
  const time = timeOf(typeof value === 'bigint' ? Number(value) : value);
  if (time !== undefined) return new Date(time);
  const form = 'it takes a text like 2026-11-21T06:00:00Z, with an offset';
  throw new Error(`timestamp() found no such time: ${value.toString()}; ${form}`);
}
