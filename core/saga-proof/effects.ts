import type { TaskDocument } from '../definition/index.ts';
import { checkExpression, expressionsIn, type Reading } from '../expressions/index.ts';
import type { Json } from '../json/index.ts';
import type { PlannedTask } from '../plan/index.ts';
import type { Effect, Fate } from './saga-graph.ts';

/** Where the ids that a task's expressions name stand. */
export type NodeOf = (task: string) => number | undefined;

/** What a task does outside; undefined: nothing that anybody would have to undo. */
export function effectOf(document: TaskDocument, { kind }: PlannedTask, nodeOf: NodeOf): Effect | undefined {
  if (document.effect === 'none' || kind === 'wait' || kind === 'loop' || kind === 'group') return undefined;
  const nothing = { undone: [], readsOwn: false, undoesFailure: false, reads: [] } as const;
  // An event is sent in the commit that settles its task: there is no moment in which that is not known.
  if (kind === 'emit') return { ...nothing, kind: 'event', left: ['succeeded'] };
  // A child that is stopped ends by its own saga; one that has succeeded is past it.
  if (kind === 'workflow') return { ...nothing, kind: 'child', left: ['succeeded'] };
  return { kind: 'call', ...undoingOf(document, nodeOf) };
}

function undoingOf(
  { id, compensate, compensate_on_failure, input }: TaskDocument,
  nodeOf: NodeOf,
): Omit<Effect, 'kind'> {
  const ends: readonly Fate[] = ['succeeded', 'running', 'failed'];
  if (!compensate) return { undone: [], left: ends, readsOwn: false, undoesFailure: false, reads: [] };
  const needed = compensate.input === undefined ? [] : outputsNeeded(compensate.input);
  const readsOwn = needed.includes(id);
  const undone: Fate[] = ['succeeded'];
  if (!readsOwn) undone.push('running');
  const undoesFailure = compensate_on_failure === true;
  if (!readsOwn && undoesFailure) undone.push('failed');
  // What its own input needs as well was there, or it would never have begun.
  const given = input === undefined ? [] : outputsNeeded(input);
  const reads = needed.filter((task) => task !== id && !given.includes(task)).flatMap((task) => nodeOf(task) ?? []);
  return { undone, left: ends.filter((fate) => !undone.includes(fate)), readsOwn, undoesFailure, reads };
}

/**
 * The tasks of whose output a member is read that has to be there. An expression that asks for the member, for the status or for the output
 * itself is taken to know what to do when there is none.
 */
function outputsNeeded(tree: Json): readonly string[] {
  const tasks = expressionsIn(tree).flatMap(({ source }) => {
    const { readings } = checkExpression(source);
    return readings
      .filter((reading) => needsOutput(reading) && !readings.some((it) => asksFor(it, reading)))
      .map(taskOf);
  });
  return [...new Set(tasks)];
}

/** `tasks.pay.output.id`, but not `tasks.pay.output.?id`, nor `tasks.pay.?output.id`. */
function needsOutput({ root, members: [, output, member] }: Reading): boolean {
  return root === 'tasks' && output?.key === 'output' && member?.isOptional === false;
}

/** `tasks.pay.status`, `tasks.pay.output == null`, `has(tasks.pay.output.id)`. */
function asksFor({ root, members }: Reading, needed: Reading): boolean {
  const [task, what] = members;
  if (root !== 'tasks' || task?.key !== taskOf(needed)) return false;
  if (what?.key === 'status' || (what?.key === 'output' && members.length === 2)) return true;
  return members.at(-1)?.isOptional === true && members.every(({ key }, at) => needed.members[at]?.key === key);
}

function taskOf({ members: [task] }: Reading): string {
  return String(task?.key);
}
