import {
  collectMembers,
  untouchedTask,
  type PlanIndex,
  type SettledTaskStatus,
  type TaskRecord,
} from '../../execution/index.ts';
import type { ExecutionId, TaskPath } from '../../ids/index.ts';
import type { Lives } from './places.ts';
import type { TaskLife } from './task-life.ts';
import type { Report } from './violation.ts';

/** What the lives of containers are judged by. */
export interface Judge {
  readonly execution: ExecutionId;
  readonly index: PlanIndex;
  readonly lives: Lives;
  /** Items and calls that have events, by their container and in their order. */
  readonly items: ReadonlyMap<TaskPath, readonly TaskLife[]>;
  readonly report: Report;
}

/** A container settles after all that is in it, and as that says. */
export function checkEnding(
  { lives, report }: Judge,
  { path, settled }: TaskLife,
  inside: readonly TaskPath[],
  endingOfInside: () => SettledTaskStatus | undefined,
): void {
  if (!settled) return;
  const late = inside.find((it) => (lives.get(it)?.settled?.lamport ?? Infinity) >= settled.lamport);
  if (late !== undefined) return report('collected_early', path, `It settled before ${late}, which is in it.`);
  const ending = endingOfInside();
  if (ending === settled.status) return;
  report(
    'collected_wrongly',
    path,
    `It ended as ${settled.status}, when what is in it says ${ending ?? 'nothing yet'}.`,
  );
}

/** How the members of a group or an iteration ended, as far as they had settled before this clock; undefined while one had not. */
export function endingOf(judge: Judge, members: readonly TaskPath[], before = Infinity): SettledTaskStatus | undefined {
  return collectMembers(settledRecords(judge, members, before), judge.index)?.status;
}

/** Records as the rules of collection take them, with what they look at. */
export function settledRecords(
  { execution, lives }: Judge,
  paths: readonly TaskPath[],
  before = Infinity,
): readonly (TaskRecord | undefined)[] {
  return paths.map((path) => {
    const settled = lives.get(path)?.settled;
    if (!settled || settled.lamport >= before) return undefined;
    return { ...untouchedTask(execution, path), status: settled.status, lamport: settled.lamport };
  });
}
