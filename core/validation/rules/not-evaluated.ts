import type { Finding, Path } from '../../definition/index.ts';
import { expressionsIn } from '../../expressions/index.ts';
import { isJsonObject, type Json } from '../../json/index.ts';
import { expressionPlaces } from '../expression-places.ts';
import { pathTo } from '../region.ts';
import type { RuleContext } from '../rule.ts';

/** VAL237: an expression stands where it is evaluated. */
export function* evaluatedPlaces(context: RuleContext): Generator<Finding> {
  for (const { tree, path } of expressionPlaces(context)) yield* keysIn(tree, path);
  for (const placed of context.tasks) {
    const { wait, emit } = placed.task;
    yield* textsIn(wait?.event, pathTo(placed, 'wait', 'event'));
    yield* textsIn(emit?.event, pathTo(placed, 'emit', 'event'));
  }
  for (const [at, { event, match }] of (context.workflow.triggers ?? []).entries()) {
    yield* textsIn(event, ['workflow', 'triggers', at, 'event']);
    yield* textsIn(match, ['workflow', 'triggers', at, 'match']);
  }
}

function* keysIn(tree: Json, path: Path): Generator<Finding> {
  for (const [key, value] of membersOf(tree)) {
    if (typeof key === 'string' && expressionsIn(key).length > 0)
      yield finding('A key is not evaluated: this one stays as it is written.', [...path, key], 'key');
    yield* keysIn(value, [...path, key]);
  }
}

function* textsIn(tree: Json | undefined, path: Path): Generator<Finding> {
  if (tree === undefined) return;
  if (typeof tree === 'string' && expressionsIn(tree).length > 0)
    yield finding('Nothing is evaluated here: the text stays as it is written.', path, 'value');
  for (const [key, value] of membersOf(tree)) yield* textsIn(value, [...path, key]);
}

function finding(message: string, path: Path, part: 'key' | 'value'): Finding {
  return { code: 'VAL237', message, path, part };
}

function membersOf(tree: Json): Iterable<readonly [string | number, Json]> {
  if (Array.isArray(tree)) return (tree as readonly Json[]).entries();
  return isJsonObject(tree) ? Object.entries(tree) : [];
}
