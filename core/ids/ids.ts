declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

/** One run of a workflow: `exec_` and 26 characters that sort by start time. */
export type ExecutionId = Branded<'ExecutionId'>;

/** Where a task stands inside an execution: `lint`, or `research[2]` for item 2 of the fan-out `research`. */
export type TaskPath = Branded<'TaskPath'>;

/** What an agent answers with: `hdl_`, the attempt that it names, and a MAC. Settles once. */
export type Handle = Branded<'Handle'>;

/** A casting boundary: the text comes from a store, a command line or a URL and is looked up, never trusted. */
export const executionId = (text: string): ExecutionId => text as ExecutionId;
export const taskPath = (text: string): TaskPath => text as TaskPath;
export const handle = (text: string): Handle => text as Handle;

export function itemPath(container: TaskPath, index: number): TaskPath {
  return taskPath(`${container}[${index}]`);
}

const ITEM = /^(.*)\[(\d+)\]$/;

/** `research[2]` → `{ container: research, index: 2 }`; undefined for a path that is no item. */
export function parseItemPath(path: TaskPath): { container: TaskPath; index: number } | undefined {
  const match = ITEM.exec(path);
  return match ? { container: taskPath(match[1] ?? ''), index: Number(match[2]) } : undefined;
}

/** The id that the author wrote: `research` for `research[2]`. */
export function taskIdOf(path: TaskPath): string {
  return parseItemPath(path)?.container ?? path;
}
