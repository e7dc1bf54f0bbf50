import type { Finding, Path } from '../../definition/index.ts';
import { soleExpression } from '../../expressions/index.ts';
import { constantOf } from '../constant-condition.ts';
import { typesOfText } from '../expression-types.ts';
import { pathTo, type PlacedTask } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';
import { describeTypes } from '../schema-parts.ts';
import { callsAgent } from '../task-kind.ts';

/** VAL221: one way to fan out. */
export const oneFanOut = forEachTask(function* (placed) {
  const { task } = placed;
  if (task.parallel !== true || !task.for_each || !callsAgent(task)) return;
  yield {
    code: 'VAL221',
    message: `\`${task.id}\` has \`parallel\` and \`for_each\`.`,
    path: pathTo(placed, 'parallel'),
    part: 'key',
    related: [{ message: 'the other one', path: pathTo(placed, 'for_each') }],
  };
});

/** VAL222: the number of items is bounded before a run. */
export const boundedItems = forEachTask(function* (placed) {
  const { id, for_each } = placed.task;
  if (!for_each || for_each.max_items !== undefined || Array.isArray(for_each.items)) return;
  yield {
    code: 'VAL222',
    message: `Nothing says how many items \`${id}\` has at most.`,
    path: pathTo(placed, 'for_each'),
    part: 'key',
    hint: 'write `max_items: …` beside `items`',
  };
});

/** VAL223: the items are a list, and no longer than they may be. */
export const itemsAreList = forEachTask(function* (placed, context) {
  const { for_each } = placed.task;
  if (!for_each) return;
  const path = pathTo(placed, 'for_each', 'items');
  const { items } = for_each;
  if (typeof items !== 'string') yield* lengthFinding(items.length, placed, path);
  else yield* listFindings(items, placed, context);
});

function* listFindings(text: string, placed: PlacedTask, context: RuleContext): Generator<Finding> {
  const path = pathTo(placed, 'for_each', 'items');
  const expression = soleExpression(text);
  if (!expression) {
    const message = `The items of \`${placed.task.id}\` are a text, not a list.`;
    yield { code: 'VAL223', message, path, hint: 'write `items: ${ … }`, one expression and nothing around it' };
    return;
  }
  const { problems, type } = context.check(expression.source);
  if (!expression.closed || problems.length > 0) return;
  const constant = constantOf(expression.source, context);
  const isList = /^(?:dyn|list|optional)\b/.test(type) && (constant?.kind !== 'value' || Array.isArray(constant.value));
  const piece = { offset: expression.offset, length: expression.source.length };
  const types = typesOfText(text, placed, context);
  if (!isList) {
    const message = `The items of \`${placed.task.id}\` are of type \`${type}\`, not a list.`;
    yield { code: 'VAL223', message, path, piece };
  } else if (types && !types.includes('array')) {
    const message = `By their schema, the items of \`${placed.task.id}\` are ${describeTypes(types)}, not a list.`;
    yield { code: 'VAL223', message, path, piece };
  } else if (constant?.kind === 'value' && Array.isArray(constant.value)) {
    yield* lengthFinding(constant.value.length, placed, path);
  }
}

function* lengthFinding(length: number, placed: PlacedTask, path: Path): Generator<Finding> {
  const { id, for_each } = placed.task;
  const most = for_each?.max_items;
  if (most === undefined || length <= most) return;
  yield {
    code: 'VAL223',
    message: `\`${id}\` has ${length} items, and takes ${most} at most.`,
    path,
    part: 'key',
    related: [{ message: 'the bound', path: pathTo(placed, 'for_each', 'max_items') }],
  };
}
