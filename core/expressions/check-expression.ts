import { didYouMean } from '../diagnostics/index.ts';
import { compileExpression } from './compile.ts';
import type { Reading, TaskReference } from './names.ts';
import type { ExpressionProblem } from './problem.ts';
import { localNames, type LocalName } from './scope.ts';
import type { Place } from './syntax-tree.ts';

/** What may be named where the expression stands. */
export interface NamesInScope {
  /** Ids of all tasks of the workflow. Whether one is upstream is the caller's question. */
  readonly tasks: ReadonlySet<string>;
  /** Which of the names mean something that only some places know. */
  readonly local: readonly LocalName[];
}

export interface ExpressionCheck {
  /** What is wrong with it wherever it stands. */
  readonly problems: readonly ExpressionProblem[];
  /** The tasks that it names, and where. */
  readonly references: readonly TaskReference[];
  /** Everything of the scope that it reads. */
  readonly readings: readonly Reading[];
  /** The names that it reads, and where first; none: its value is the same in every execution. */
  readonly roots: ReadonlyMap<string, Place>;
  /** CEL's name of the result's type; `dyn` when only the values will tell. */
  readonly type: string;
}

/** Parses and type-checks. Never throws. */
export function checkExpression(source: string): ExpressionCheck {
  const { problems, references, readings, roots, type } = compileExpression(source);
  return { problems, references, readings, roots, type };
}

/** Everything that is wrong with an expression at its place, one by one: what to suggest for a name takes a while to find. */
export function* problemsInScope(
  source: string,
  check: ExpressionCheck,
  names: NamesInScope,
): Generator<ExpressionProblem> {
  const dashed = check.references.flatMap((reference) => subtraction(source, reference, names) ?? []);
  // `tasks.my-task` also reads a name `task`: that finding would only distract.
  if (dashed.length > 0) {
    yield* dashed;
    return;
  }
  yield* check.problems;
  for (const reference of check.references) if (!names.tasks.has(reference.task)) yield unknownTask(reference, names);
  for (const name of localNames) {
    const place = names.local.includes(name) ? undefined : check.roots.get(name);
    if (place) yield { ...homes[name], ...place };
  }
}

const DASHED = /[\w-]+/y;

/** `tasks.my-task` means `tasks.my` minus `task`; hardly anybody wants that. */
function subtraction(source: string, reference: TaskReference, names: NamesInScope): ExpressionProblem | undefined {
  const end = reference.offset + reference.length;
  DASHED.lastIndex = end - reference.task.length;
  const word = DASHED.exec(source)?.[0].replace(/-+$/, '') ?? '';
  const isDashed = word.startsWith(`${reference.task}-`);
  if (!isDashed || (names.tasks.has(reference.task) && !names.tasks.has(word))) return undefined;
  return {
    message: `\`tasks.${word}\` is read as a subtraction, because of the \`-\``,
    hint: `write \`tasks["${word}"]\``,
    offset: reference.offset,
    length: reference.length - reference.task.length + word.length,
  };
}

function unknownTask({ task, offset, length }: TaskReference, names: NamesInScope): ExpressionProblem {
  const near = didYouMean(task, names.tasks);
  return {
    message: `there is no task \`${task}\``,
    ...(near === undefined ? {} : { hint: `did you mean \`${near}\`?` }),
    offset,
    length,
  };
}

/** Where each name is known. */
const homes: Readonly<Record<LocalName, Pick<ExpressionProblem, 'message' | 'hint'>>> = {
  index: {
    message: '`index` is known in a fan-out only',
    hint: 'the task needs `for_each` or `parallel: true`; in a loop there is `loop.index`',
  },
  item: { message: '`item` is known in the `input` of a `for_each` only' },
  loop: { message: '`loop` is known inside of a loop, and in its `until`, only' },
  event: { message: '`event` is known in the `input` of a trigger only' },
};
