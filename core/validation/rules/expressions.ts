import {
  checkExpression,
  expressionsIn,
  type EmbeddedExpression,
  type NamesInScope,
  type TaskReference,
} from '../../expressions/index.ts';
import type { Finding, Path, TaskDocument } from '../../definition/index.ts';
import type { Json } from '../../json/index.ts';
import { taskPath, type RuleContext } from '../rule.ts';

/** VAL208 and VAL209: expressions parse, type-check, and read only what is there when they are evaluated. */
export function* soundExpressions(context: RuleContext): Generator<Finding> {
  const { workflow } = context;
  for (const [index, task] of workflow.tasks.entries()) {
    for (const key of ['when', 'input'] as const) {
      yield* inTree(task[key], taskPath(index, key), { context, task, index });
    }
  }
  yield* inTree(workflow.output, ['workflow', 'output'], { context });
}

/** Whose expression it is; no task: it is evaluated at the end, when every task has settled. */
interface Owner {
  readonly context: RuleContext;
  readonly task?: TaskDocument;
  readonly index?: number;
}

function* inTree(tree: Json | undefined, path: Path, owner: Owner): Generator<Finding> {
  if (tree === undefined) return;
  for (const expression of expressionsIn(tree)) {
    const at: Path = [...path, ...expression.path];
    if (expression.closed) yield* inExpression(expression, at, owner);
    else
      yield {
        code: 'VAL208',
        message: 'The closing `}` of this expression is missing.',
        path: at,
        piece: pieceOf(expression),
      };
  }
}

function pieceOf({ source, offset }: EmbeddedExpression): { offset: number; length: number } {
  return { offset: offset - 2, length: source.length + 2 };
}

function* inExpression(expression: EmbeddedExpression, path: Path, owner: Owner): Generator<Finding> {
  const names: NamesInScope = {
    tasks: owner.context.taskIds,
    local: owner.task?.parallel === true ? ['index'] : [],
  };
  const { problems, references } = checkExpression(expression.source, names);
  for (const { message, hint, offset, length } of problems) {
    const piece = { offset: expression.offset + offset, length };
    yield { code: 'VAL208', message: `${message.charAt(0).toUpperCase()}${message.slice(1)}.`, path, hint, piece };
  }
  for (const reference of references) {
    const finding = upstreamFinding(reference, owner);
    if (finding)
      yield { ...finding, path, piece: { offset: expression.offset + reference.offset, length: reference.length } };
  }
}

function upstreamFinding({ task: id }: TaskReference, owner: Owner): Omit<Finding, 'path'> | undefined {
  const { task, index, context } = owner;
  const position = context.graph.positionOf(id);
  if (!task || index === undefined || position === undefined) return undefined;
  if (task.depends_on.some((dependency) => dependency.task === id && id !== task.id)) return undefined;
  // Undefined: the task is in a cycle or behind one, and that is reported.
  if (context.graph.isUpstream(position, index) !== false) return undefined;
  if (position === index) return { code: 'VAL209', message: `\`${id}\` reads its own output, before it has one.` };
  const isAfter = context.graph.isUpstream(index, position) === true;
  return {
    code: 'VAL209',
    message: `\`${task.id}\` reads the output of \`${id}\`, which ${isAfter ? 'runs after it' : 'need not have run by then'}.`,
    hint: isAfter
      ? `\`${id}\` depends on \`${task.id}\`: turn the dependency round`
      : `add \`${id}\` to the \`depends_on\` of \`${task.id}\``,
  };
}
