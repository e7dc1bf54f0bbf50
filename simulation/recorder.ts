import { isTerminal, waitsWithoutCause, type SkeinEvent } from '../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import type { Clock, LedgerWrite } from '../core/ports/index.ts';

/** A promise that does not hold, or a fault of the engine that no promise has a number for. */
export interface Broken {
  readonly name: string;
  readonly path: string;
  readonly message: string;
}

/** What the commits of a run tell, as they are made. */
export interface Recorder {
  hear(writes: readonly LedgerWrite[], events: readonly SkeinEvent[]): void;
  /** All executions that were accepted, the outermost first. */
  executions(): readonly ExecutionId[];
  /** Each execution that was accepted has ended. */
  allEnded(): boolean;
  open(): readonly ExecutionId[];
  /** With the moments when they were really committed, by the one clock that nobody in the run has. */
  history(execution: ExecutionId): readonly SkeinEvent[];
  events(): number;
  /** Of a task: its path, in a child execution after the place of the task that started it: `sub>lint`. */
  placeOf(execution: ExecutionId, path: TaskPath | ''): string;
  /** Commits that must never be made. */
  readonly broken: readonly Broken[];
}

export function createRecorder(clock: Clock): Recorder {
  const places = new Map<ExecutionId, string>();
  const open = new Set<ExecutionId>();
  const broken: Broken[] = [];
  const history: SkeinEvent[] = [];
  const placeOf = (execution: ExecutionId, path: TaskPath | ''): string => {
    const around = places.get(execution) ?? '';
    return around === '' || path === '' ? around + path : `${around}>${path}`;
  };
  const hearWrite = (write: LedgerWrite): void => {
    if (write.kind === 'execution') {
      const { id, status, parent } = write.record;
      if (!places.has(id)) places.set(id, parent ? placeOf(parent.execution, parent.path) : '');
      if (isTerminal(status)) open.delete(id);
      else open.add(id);
    }
    if (write.kind !== 'task') return;
    const { execution, path, status } = write.record;
    if (!waitsWithoutCause(write.record)) return;
    broken.push({ name: 'no_cause', path: placeOf(execution, path), message: `it is ${status}, and nothing says why` });
  };
  return {
    broken,
    hear(writes, told) {
      for (const event of told) history.push({ ...event, time: clock.now() });
      writes.forEach(hearWrite);
    },
    executions: () => [...places.keys()],
    allEnded: () => open.size === 0 && places.size > 0,
    open: () => [...open],
    history: (execution) => history.filter((event) => event.execution === execution),
    events: () => history.length,
    placeOf,
  };
}
