import { didYouMean } from '../../diagnostics/index.ts';
import {
  problemsInScope,
  type ExpressionCheck,
  type ExpressionProblem,
  type Reading,
} from '../../expressions/index.ts';
import type { Finding } from '../../definition/index.ts';
import type { ExpressionPlace, PlacedExpression } from '../expression-places.ts';
import { objectionTo } from '../reader.ts';
import { outwards, type Region } from '../region.ts';
import type { RuleContext } from '../rule.ts';

/** VAL208 and VAL209: expressions parse, type-check, and read only what is there when they are evaluated. */
export function* soundExpressions(context: RuleContext): Generator<Finding> {
  for (const expression of context.expressions) {
    if (expression.closed) yield* inExpression(expression, context);
    else yield unclosed(expression);
  }
}

function unclosed({ source, offset, path }: PlacedExpression): Finding {
  const piece = { offset: offset - 2, length: source.length + 2 };
  return { code: 'VAL208', message: 'The closing `}` of this expression is missing.', path, piece };
}

function* inExpression(
  { source, offset, path, place, check }: PlacedExpression,
  context: RuleContext,
): Generator<Finding> {
  const within = (piece: { offset: number; length: number }): Pick<Finding, 'path' | 'piece'> => ({
    path,
    piece: { offset: offset + piece.offset, length: piece.length },
  });
  const asSentence = (problem: ExpressionProblem): Finding => {
    const { message, hint } = problem;
    const sentence = `${message.charAt(0).toUpperCase()}${message.slice(1)}.`;
    return { code: 'VAL208', message: sentence, hint, ...within(problem) };
  };
  const names = { tasks: context.ids, local: place.local };
  for (const problem of problemsInScope(source, check, names)) yield asSentence(problem);
  for (const problem of previousProblems(check, place)) yield asSentence(problem);
  const early = place.makesInput && check.roots.get('input');
  if (early) {
    const hint = place.local.includes('event') ? 'read the `event`' : undefined;
    yield asSentence({
      ...early,
      message: 'there is no `input` yet: this makes it',
      ...(hint !== undefined && { hint }),
    });
  }
  for (const reference of check.references) {
    const objection = objectionTo(reference.task, place.reader, context);
    if (objection) yield { code: 'VAL209', ...objection, ...within(reference) };
  }
}

/** `loop.previous` holds the members of the innermost loop. */
function previousProblems({ readings }: ExpressionCheck, place: ExpressionPlace): readonly ExpressionProblem[] {
  const body = bodyAround(place);
  return body ? readings.flatMap((reading) => previousProblem(reading, body)) : [];
}

function previousProblem({ root, members: [first, second] }: Reading, { tasks, graph }: Region): ExpressionProblem[] {
  if (root !== 'loop' || first?.key !== 'previous' || !second) return [];
  const id = String(second.key);
  if (graph.positionOf(id) !== undefined) return [];
  const near = didYouMean(
    id,
    tasks.map(({ task }) => task.id),
  );
  const hint = near === undefined ? {} : { hint: `did you mean \`${near}\`?` };
  return [{ message: `the loop has no task \`${id}\``, ...hint, offset: second.offset, length: second.length }];
}

/** The body of the innermost loop that a place is in; for an `until`, that of its own loop. */
function bodyAround({ reader, placed }: ExpressionPlace): Region | undefined {
  const [level] = reader.levels;
  if (level && !level.self && level.region.kind === 'loop') return level.region;
  return placed && outwards(placed).find(({ region }) => region.kind === 'loop')?.region;
}
