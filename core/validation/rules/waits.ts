import type { Finding } from '../../definition/index.ts';
import { soleExpression, timeOf } from '../../expressions/index.ts';
import { constantOf } from '../constant-condition.ts';
import { typesOfText } from '../expression-types.ts';
import { pathTo, type PlacedTask } from '../region.ts';
import { forEachTask, type RuleContext } from '../rule.ts';
import { describeTypes } from '../schema-parts.ts';

const things = ['seconds', 'until', 'event'] as const;

/** VAL224: a wait waits for one thing. */
export const oneWait = forEachTask(function* (placed) {
  const { id, wait } = placed.task;
  if (!wait) return;
  const [first, second] = things.filter((key) => wait[key] !== undefined);
  if (first === undefined) {
    const hint = 'write `seconds`, `until` or `event`';
    const message = `\`${id}\` does not say what it waits for.`;
    yield { code: 'VAL224', message, path: pathTo(placed, 'wait'), part: 'key', hint };
  } else if (second !== undefined) {
    yield {
      code: 'VAL224',
      message: `\`${id}\` waits for \`${first}\` and for \`${second}\`: it can wait for one of them.`,
      path: pathTo(placed, 'wait', second),
      part: 'key',
      related: [{ message: 'the other one', path: pathTo(placed, 'wait', first) }],
    };
  }
  if (wait.event !== undefined) return;
  for (const key of ['match', 'timeout'] as const) {
    if (wait[key] === undefined) continue;
    const message = `\`${key}\` means something for an \`event\` only.`;
    yield { code: 'VAL224', message, path: pathTo(placed, 'wait', key), part: 'key' };
  }
});

/** VAL225: `until` is a time. */
export const waitsUntilTime = forEachTask(function* (placed, context) {
  const until = placed.task.wait?.until;
  if (until === undefined) return;
  if (!until.includes('${')) {
    if (timeOf(until) === undefined) yield notTime(placed, `\`${until}\` is no time.`);
    return;
  }
  yield* expressionFindings(until, placed, context);
});

/** What may be a time as JSON: RFC 3339 text, or seconds since 1970. */
const TIME_TYPES = /^(?:dyn|string|int|uint|double|optional|google\.protobuf\.Timestamp)\b/;

function* expressionFindings(text: string, placed: PlacedTask, context: RuleContext): Generator<Finding> {
  // Text around an expression can only be judged when it has a value.
  const expression = soleExpression(text);
  if (!expression?.closed) return;
  const { problems, type } = context.check(expression.source);
  if (problems.length > 0) return;
  const constant = constantOf(expression.source, context);
  const types = typesOfText(text, placed, context);
  if (!TIME_TYPES.test(type)) yield notTime(placed, `This gives a value of type \`${type}\`, not a time.`);
  else if (types && !types.some((one) => one === 'string' || one === 'integer' || one === 'number'))
    yield notTime(placed, `By its schema, this is ${describeTypes(types)}, not a time.`);
  else if (constant?.kind === 'value' && timeOf(constant.value) === undefined)
    yield notTime(placed, 'This is no time.');
}

function notTime(placed: PlacedTask, message: string): Finding {
  const hint = 'a time is a text like 2026-11-21T06:00:00Z, with an offset, or seconds since 1970';
  return { code: 'VAL225', message, path: pathTo(placed, 'wait', 'until'), hint };
}
