import { LONGEST_EXPRESSION, originalNames, parseCel, type ParsedExpression } from './cel.ts';
import { findNames, referencesIn, type Reading, type TaskReference } from './names.ts';
import type { ExpressionProblem } from './problem.ts';
import { hideReservedNames } from './reserved-names.ts';
import type { Place } from './syntax-tree.ts';

/** An expression, and what is known of it. With problems it cannot be evaluated. */
export interface CompiledExpression {
  readonly problems: readonly ExpressionProblem[];
  readonly references: readonly TaskReference[];
  readonly readings: readonly Reading[];
  /** The roots that it reads, and where first; none: it is a constant. */
  readonly roots: ReadonlyMap<string, Place>;
  /** Its cost can grow faster than its text. */
  readonly isCostly: boolean;
  /** CEL's name of the result's type; `dyn` when only the values will tell. */
  readonly type: string;
  readonly evaluate: ParsedExpression['evaluate'];
}

const compiled = new Map<string, CompiledExpression>();
let remembered = 0;
/**
 * Characters of all sources; a tree takes up to 500 times its text. A server meets many workflows: forgetting costs microseconds,
 * remembering for ever would leak.
 */
const MOST_REMEMBERED = 200_000;

/** Compiles by source text; the same text again costs a look-up. */
export function compileExpression(source: string): CompiledExpression {
  const known = compiled.get(source);
  if (known) return known;
  const result = compileNew(source);
  if (remembered > MOST_REMEMBERED) {
    compiled.clear();
    remembered = 0;
  }
  compiled.set(source, result);
  remembered += source.length;
  return result;
}

function compileNew(source: string): CompiledExpression {
  if (source.trim() === '') return failed(source, 'the expression is empty');
  if (source.length > LONGEST_EXPRESSION) {
    return failed(source, `the expression has ${source.length} characters; ${LONGEST_EXPRESSION} is the limit`);
  }
  const { readable, taken } = hideReservedNames(source);
  if (taken) return { ...failed(source, ''), problems: [{ ...taken, message: 'this name is not for expressions' }] };
  try {
    return analyse(source, readable);
  } catch (error) {
    return { ...failed(source, ''), problems: [problemOf(error, source)] };
  }
}

function analyse(source: string, readable: string): CompiledExpression {
  const parsed = parseCel(readable);
  const names = findNames(parsed.ast);
  const checked = parsed.check();
  const type = 'type' in checked ? checked.type : 'dyn';
  // The type checker stops at the first unknown name, in its own words.
  const typeProblems = 'error' in checked && names.problems.length === 0 ? [problemOf(checked.error, source)] : [];
  return {
    ...names,
    references: referencesIn(names.readings),
    problems: [...names.problems, ...typeProblems],
    type,
    evaluate: parsedLater(readable),
  };
}

/** A tree takes up to 500 times its text, and most expressions that are checked are never evaluated: those that are parse once more. */
function parsedLater(readable: string): ParsedExpression['evaluate'] {
  let parsed: ParsedExpression | undefined;
  return (context) => {
    parsed ??= parseCel(readable);
    return parsed.evaluate(context);
  };
}

function failed(source: string, message: string): CompiledExpression {
  return {
    problems: [{ message, offset: 0, length: source.length }],
    references: [],
    readings: [],
    roots: new Map(),
    isCostly: false,
    type: 'dyn',
    evaluate: () => undefined,
  };
}

/** The library's errors carry a summary and a range; anything else is an Error with a sentence, or a stack that ran out. */
function problemOf(error: unknown, source: string): ExpressionProblem {
  const { start, end } = rangeOf(error) ?? { start: 0, end: source.length };
  const offset = Math.min(start, Math.max(0, source.length - 1));
  return { message: explain(error), offset, length: Math.max(1, Math.min(end, source.length) - offset) };
}

function rangeOf(error: unknown): { start: number; end: number } | undefined {
  return error instanceof Error && 'range' in error ? (error.range as { start: number; end: number }) : undefined;
}

/** The library's summaries, in the words of somebody who writes a workflow. */
const plainWords: readonly (readonly [RegExp, string])[] = [
  [/dyn<([^<>]+)>/g, '$1'],
  [/^no such overload: (\S+) (\S+) (.+)$/, '`$2` does not take $1 and $3'],
  [/^no such overload: (.)(\w+)$/, '`$1` does not take $2'],
  [/^found no matching overload for '(.+)'$/, 'there is no function `$1`'],
  [/^reserved identifier: (\w+)$/, '`$1` cannot be used here'],
  [/^unexpected token: EOF$/, 'the expression ends too early'],
  [
    /^ternary branches must have the same type, got '(.+)' and '(.+)'$/,
    'both results of `? :` need one type, not $1 and $2: wrap one in `dyn(…)`',
  ],
  [/^no such key: index out of bounds, index (-?\d+) .+$/, 'the list has no item $1: `[?$1]` allows it to be missing'],
  [/^no such key: (.+)$/, 'there is no key `$1`: `has(…)` asks whether there is, `.?` allows it to be missing'],
  [/^exceeded max\w+ \((\d+)\)$/, 'the expression is too large or nested too deeply (the limit is $1)'],
];

/** Why the library refused, in one sentence without its drawing of the source. */
export function explain(error: unknown): string {
  if (error instanceof RangeError) return 'the expression is nested too deeply, or its result is too large';
  if (!(error instanceof Error)) return String(error);
  const summary = 'summary' in error ? String(error.summary) : error.message;
  const sentence = originalNames(summary.charAt(0).toLowerCase() + summary.slice(1));
  return plainWords.reduce((text, [form, words]) => text.replace(form, words), sentence);
}
