import type { ASTNode } from '@marcbachmann/cel-js';
import { childrenOf } from './syntax-tree.ts';

/** Units of work that one evaluation may take: some tenths of a second, and some 100 MB. */
const MOST_WORK = 10_000_000;
/** A round of a macro, an error in one that goes on, an item of a list that is made, a character of a text that is made. */
const ROUND = 10;
const ERROR = 500;
const ITEM = 1;
const CHARACTER = 1 / 8;

const tooMuch = new Error('the expression takes too much work: it goes round too often, or makes too much');

/**
 * Evaluates within a bound: rounds of macros, and what calls and `+` make. CEL promises that an evaluation ends, not when; thirty times
 * `.map(x, x + x)` in a row would end the process. `evaluate` belongs to the tree.
 */
export function metered<Value>(ast: ASTNode, evaluate: () => Value, most = MOST_WORK): Value {
  const meter = meters.get(ast) ?? createMeter(ast);
  meter.work = 0;
  meter.most = most;
  try {
    const value = evaluate();
    // Some operators swallow the errors of their operands, so that a value says nothing.
    if (meter.work > meter.most) throw tooMuch;
    return value;
  } catch (error) {
    throw meter.work > meter.most ? tooMuch : error;
  }
}

interface Meter {
  work: number;
  most: number;
}

/** A tree is watched when it is evaluated first, because most are only checked. */
const meters = new WeakMap<ASTNode, Meter>();

function createMeter(ast: ASTNode): Meter {
  const meter = { work: 0, most: 0 };
  meters.set(ast, meter);
  watch(ast, meter);
  return meter;
}

const quantifiers = new Set(['all', 'exists', 'exists_one']);
const macros = new Set(['map', 'filter', ...quantifiers]);

function watch(node: ASTNode, meter: Meter): void {
  for (const child of childrenOf(node)) watch(child, meter);
  if (node.op === '+' || node.op === 'call' || node.op === 'rcall') around(node, countingSize(meter));
  if (node.op !== 'rcall' || !macros.has(node.args[0])) return;
  const [name, , [, ...bodies]] = node.args;
  for (const body of bodies)
    around(body, quantifiers.has(name) ? countingSwallowedRounds(meter) : countingRounds(meter));
}

type Around = (evaluate: () => unknown) => unknown;

function spend(meter: Meter, units: number): void {
  meter.work += units;
  if (meter.work > meter.most) throw tooMuch;
}

const countingSize =
  (meter: Meter): Around =>
  (evaluate) => {
    const value = evaluate();
    if (typeof value === 'string') spend(meter, value.length * CHARACTER);
    else if (Array.isArray(value)) spend(meter, value.length * ITEM);
    return value;
  };

const countingRounds =
  (meter: Meter): Around =>
  (evaluate) => {
    spend(meter, ROUND);
    return evaluate();
  };

/** A quantifier swallows errors and goes on to the next round; what is still to come, for ever, stops it. */
const countingSwallowedRounds =
  (meter: Meter): Around =>
  (evaluate) => {
    try {
      spend(meter, ROUND);
      return evaluate();
    } catch (error) {
      meter.work += ERROR;
      if (meter.work > meter.most) return new Promise(() => undefined);
      throw error;
    }
  };

/** How the library evaluates a node; its types say nothing of it. A macro is evaluated by what it stands for. */
interface Evaluated {
  evaluate: (evaluator: unknown, node: Evaluated, context: unknown) => unknown;
  readonly meta: Pick<Evaluated, 'evaluate'> & { readonly macro?: Evaluated; readonly alternate?: Evaluated };
}

function around(node: ASTNode, counting: Around): void {
  const watched = node as unknown as Evaluated;
  const inside = Object.hasOwn(watched, 'evaluate') ? watched.evaluate : undefined;
  watched.evaluate = (evaluator, _node, context) =>
    counting(() => {
      if (inside) return inside(evaluator, watched, context);
      const { macro, alternate, evaluate } = watched.meta;
      const meant = alternate ?? macro;
      return meant ? meant.evaluate(evaluator, meant, context) : evaluate.call(watched, evaluator, watched, context);
    });
}
