import type { Finding } from '../../definition/index.ts';
import { soleExpression } from '../../expressions/index.ts';
import { constantCondition } from '../constant-condition.ts';
import { pathTo, type PlacedTask } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';

/** VAL235: whether a loop ends is decided by its iterations. */
export const loopsDecide = forEachTask(function* (placed, context) {
  const { id, loop } = placed.task;
  if (!loop) return;
  const { until, on_exhausted, max_iterations } = loop;
  const constant = constantCondition(until, context);
  const never = until === undefined || constant === false;
  if (never && on_exhausted === 'fail') {
    const message = `\`${id}\` can only fail: nothing ends it before its iterations are used up.`;
    yield { code: 'VAL235', message, path: pathTo(placed, 'loop', 'on_exhausted') };
  } else if (until !== undefined && isFixed(placed, until, context)) {
    const says = constant === undefined ? 'the same after each iteration' : `always ${String(constant)}`;
    const effect =
      constant === undefined ? `it runs once or ${max_iterations} times` : timesFor(constant, max_iterations);
    const message = `The \`until\` of \`${id}\` is ${says}: ${effect}.`;
    yield { code: 'VAL235', message, path: pathTo(placed, 'loop', 'until') };
  }
});

function timesFor(until: boolean, iterations: number): string {
  return until ? 'the loop runs once' : `all ${iterations} iterations run`;
}

/** It reads nothing that an iteration changes. */
function isFixed(placed: PlacedTask, until: string, { check }: RuleContext): boolean {
  const expression = soleExpression(until);
  if (!expression?.closed) return false;
  const { problems, readings, references } = check(expression.source);
  const isOfBody = (id: string): boolean => placed.inner.some(({ graph }) => graph.positionOf(id) !== undefined);
  if (problems.length > 0 || readings.some(({ root }) => root === 'loop')) return false;
  return !references.some(({ task }) => isOfBody(task));
}

/** LINT909: what reads the iteration before asks whether there is one. */
export function* previousIsAsked({ expressions }: RuleContext): Generator<Finding> {
  for (const { place, path, offset, closed, check } of expressions) {
    if (!closed || !place.local.includes('loop')) continue;
    const ofLoop = check.readings.flatMap(({ root, members }) => (root === 'loop' ? [members] : []));
    const reading = ofLoop.find(([first, second]) => first?.key === 'previous' && second?.isOptional === false);
    // Who reads `loop.index`, or `loop.previous` as a whole, asks.
    const isAsked = ofLoop.some(([, second]) => !second);
    const [, second] = reading ?? [];
    if (isAsked || !second) continue;
    yield {
      code: 'LINT909',
      message: 'In the first iteration `loop.previous` is null, and this fails.',
      path,
      piece: { offset: offset + second.offset, length: second.length },
      hint: 'write `loop.index == 0 ? … : loop.previous.…`, or `loop.?previous.…`',
    };
  }
}

/** More calls or iterations than this are a number, and no bound: each is recorded by itself. */
const MOST_ITEMS = 100_000;
const MOST_ITERATIONS = 1_000;

/** LINT911: a bound that bounds something. */
export const soundBounds = forEachTask(function* (placed) {
  const { loop, for_each } = placed.task;
  if (loop && loop.max_iterations > MOST_ITERATIONS)
    yield bound(
      placed,
      ['loop', 'max_iterations'],
      `Up to ${loop.max_iterations} iterations are more than anybody waits for`,
    );
  if (!for_each) return;
  const { items, max_items, max_concurrency = 0, batch = 1, tolerate_failures: tolerated = 0 } = for_each;
  const most = Array.isArray(items) ? Math.min(items.length, max_items ?? items.length) : max_items;
  if (most === undefined) return;
  if (most > MOST_ITEMS)
    yield bound(placed, ['for_each', 'max_items'], `Up to ${most} items are each recorded by themselves`);
  if (batch > most) yield bound(placed, ['for_each', 'batch'], `A batch of ${batch} is more than all ${most} items`);
  const calls = Math.ceil(most / batch);
  if (max_concurrency > calls)
    yield bound(
      placed,
      ['for_each', 'max_concurrency'],
      `There are ${calls} calls at most, and so never ${max_concurrency} at once`,
    );
  const all = typeof tolerated === 'number' ? tolerated >= most : tolerated === '100%';
  if (all)
    yield bound(
      placed,
      ['for_each', 'tolerate_failures'],
      `All of the items may fail, and \`${placed.task.id}\` succeeds`,
    );
});

function bound(placed: PlacedTask, way: readonly string[], message: string): Finding {
  return { code: 'LINT911', message: `${message}.`, path: pathTo(placed, ...way) };
}
