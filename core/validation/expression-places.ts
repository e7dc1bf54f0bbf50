import type { Path, WorkflowDocument } from '../definition/index.ts';
import { checkExpression, expressionsIn, type ExpressionCheck, type LocalName } from '../expressions/index.ts';
import type { Json } from '../json/index.ts';
import { taskReader, untilReader, type Reader } from './reader.ts';
import { outwards, pathTo, type PlacedTask, type Regions } from './region.ts';

/** A value of the document whose strings may hold `${ … }`, and what those may read. */
export interface ExpressionPlace {
  readonly tree: Json;
  readonly path: Path;
  readonly local: readonly LocalName[];
  readonly reader: Reader;
  /** Its value becomes the execution's input, so there is none yet. */
  readonly makesInput?: true;
  /** The task that it belongs to. */
  readonly placed?: PlacedTask;
}

/** An expression where it stands. */
export interface PlacedExpression {
  readonly place: ExpressionPlace;
  /** Of the text that holds it. */
  readonly path: Path;
  readonly source: string;
  /** Of the source within that text. */
  readonly offset: number;
  /** False when its closing brace is missing. */
  readonly closed: boolean;
  readonly check: ExpressionCheck;
}

type Whole = Pick<Regions, 'regions' | 'tasks'> & { readonly workflow: WorkflowDocument };

/** Every expression of a workflow, each text checked once: rules look at them many times. */
export function createExpressions(whole: Whole): {
  expressions: readonly PlacedExpression[];
  check: (source: string) => ExpressionCheck;
} {
  const checks = new Map<string, ExpressionCheck>();
  const check = (source: string): ExpressionCheck => {
    const known = checks.get(source) ?? checkExpression(source);
    checks.set(source, known);
    return known;
  };
  const expressions = [...expressionPlaces(whole)].flatMap((place) =>
    expressionsIn(place.tree).map(({ source, offset, closed, path }) => ({
      place,
      source,
      offset,
      closed,
      path: [...place.path, ...path],
      check: check(source),
    })),
  );
  return { expressions, check };
}

/** Every place, in the order of the document. */
export function* expressionPlaces(context: Whole): Generator<ExpressionPlace> {
  for (const placed of context.tasks) yield* placesOfTask(placed);
  yield* placesOfWorkflow(context);
}

function* placesOfTask(placed: PlacedTask): Generator<ExpressionPlace> {
  const { task } = placed;
  const inLoop: readonly LocalName[] = outwards(placed).some(({ region }) => region.kind === 'loop') ? ['loop'] : [];
  const inCall: readonly LocalName[] = task.for_each ? [...inLoop, 'item', 'index'] : inLoop;
  const inItem: readonly LocalName[] = task.parallel === true ? [...inLoop, 'index'] : inLoop;
  const place = (
    tree: Json | undefined,
    way: readonly string[],
    { local = inLoop, reader = taskReader(placed) }: { local?: readonly LocalName[]; reader?: Reader } = {},
  ): ExpressionPlace[] => (tree === undefined ? [] : [{ tree, path: pathTo(placed, ...way), local, reader, placed }]);

  yield* place(task.when, ['when'], { local: inItem });
  yield* place(task.input, ['input'], { local: task.for_each ? inCall : inItem });
  yield* place(task.for_each?.items, ['for_each', 'items']);
  yield* place(task.wait?.until, ['wait', 'until']);
  yield* place(task.wait?.match, ['wait', 'match']);
  yield* place(task.emit?.data, ['emit', 'data']);
  yield* place(task.workflow?.input, ['workflow', 'input'], { local: inCall });
  yield* place(task.cache?.key, ['cache', 'key'], { local: task.for_each ? inCall : inItem });
  yield* place(task.compensate?.input, ['compensate', 'input'], {
    local: task.for_each ? inCall : inItem,
    reader: taskReader(placed, true),
  });
  for (const body of placed.inner) {
    if (body.kind !== 'loop') continue;
    yield* place(task.loop?.until, ['loop', 'until'], { local: ['loop'], reader: untilReader(placed, body) });
  }
}

function* placesOfWorkflow({ workflow, regions }: Whole): Generator<ExpressionPlace> {
  const place = (
    tree: Json | undefined,
    way: readonly (string | number)[],
    { name, ...more }: { name: string } & Partial<Pick<ExpressionPlace, 'local' | 'makesInput'>>,
  ): ExpressionPlace[] =>
    tree === undefined ? [] : [{ tree, path: ['workflow', ...way], local: [], reader: { name, levels: [] }, ...more }];

  const [region] = regions;
  const atTheEnd: Reader = { name: "The workflow's output", levels: region ? [{ region }] : [] };
  if (workflow.output !== undefined)
    yield { tree: workflow.output, path: ['workflow', 'output'], local: [], reader: atTheEnd };
  yield* place(workflow.concurrency?.key, ['concurrency', 'key'], { name: 'The concurrency key' });
  for (const [at, { input }] of (workflow.triggers ?? []).entries())
    yield* place(input, ['triggers', at, 'input'], { name: 'A trigger', local: ['event'], makesInput: true });
  for (const [at, { input }] of (workflow.schedule ?? []).entries())
    yield* place(input, ['schedule', at, 'input'], { name: 'A schedule', makesInput: true });
}
