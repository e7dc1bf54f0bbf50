declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One run of a workflow: `exec_` and 26 characters that sort by start time. */
export type ExecutionId = Branded<'ExecutionId'>;

/**
 * Where a task stands inside an execution: `lint`, `research[2]` for item 2 of `research`, `refine[1]/lint` in a loop. What undoes it stands
 * beside it: `refine[1]/lint~compensation`.
 */
export type TaskPath = Branded<'TaskPath'>;

/** What a pause leaves behind: `chk_` and 26 characters that sort with its execution. */
export type CheckpointId = Branded<'CheckpointId'>;

/** A question to a person: `apr_` and the attempt that waits for the answer. It is no permission: who decides is known otherwise. */
export type ApprovalId = Branded<'ApprovalId'>;

/** What an agent answers with: `hdl_`, the attempt that it names, and a MAC. Settles once. */
export type Handle = Branded<'Handle'>;

/** A casting boundary: the text comes from a store, a command line or a URL and is looked up, never trusted. */
export const executionId = (text: string): ExecutionId => text as ExecutionId;
export const taskPath = (text: string): TaskPath => text as TaskPath;
export const handle = (text: string): Handle => text as Handle;
export const checkpointId = (text: string): CheckpointId => text as CheckpointId;
export const approvalId = (text: string): ApprovalId => text as ApprovalId;

export function itemPath(container: TaskPath, index: number): TaskPath {
  return taskPath(`${container}[${index}]`);
}

const INDEX = /\[(\d+)\]$/;

/** `research[2]` → `{ container: research, index: 2 }`; undefined for a path that is no item. */
export function parseItemPath(path: TaskPath): { container: TaskPath; index: number } | undefined {
  // Most paths are no items, and this is asked often.
  const match = path.endsWith(']') ? INDEX.exec(path) : null;
  return match ? { container: taskPath(path.slice(0, match.index)), index: Number(match[1]) } : undefined;
}

const COMPENSATION = '~compensation';

/** Where the compensation of a task stands. */
export function compensationPath(path: TaskPath): TaskPath {
  return taskPath(path + COMPENSATION);
}

/** `pay~compensation` → `pay`; undefined for the path of a task. */
export function parseCompensationPath(path: TaskPath): TaskPath | undefined {
  return path.endsWith(COMPENSATION) ? taskPath(path.slice(0, -COMPENSATION.length)) : undefined;
}

/** The id that the author wrote: `scan` for `refine[2]/scan[7]`, and for the compensation of that. */
export function taskIdOf(path: TaskPath): string {
  const last = path.slice(path.lastIndexOf('/') + 1);
  const end = last.search(/[[~]/);
  return end === -1 ? last : last.slice(0, end);
}

/** The region that a task stands in, as a prefix of paths: `refine[2]` for `refine[2]/scan[7]`, '' for the outermost. */
export function regionOf(path: TaskPath): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A task of this region. */
export function memberPath(region: string, id: string): TaskPath {
  return taskPath(region === '' ? id : `${region}/${id}`);
}

/** The region of a loop's iteration. */
export function iterationOf(loop: TaskPath, round: number): string {
  return `${loop}[${round}]`;
}

/** The group or loop that a region belongs to, and which iteration of a loop it is; undefined for the outermost region. */
export function parseRegion(region: string): { container: TaskPath; round?: number } | undefined {
  if (region === '') return undefined;
  const iteration = parseItemPath(taskPath(region));
  return iteration ? { container: iteration.container, round: iteration.index } : { container: taskPath(region) };
}
