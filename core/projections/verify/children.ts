import { childExecutionId, isTerminal, type ExecutionRecord } from '../../execution/index.ts';
import type { ExecutionId } from '../../ids/index.ts';
import type { TaskLife } from './task-life.ts';
import type { Report } from './violation.ts';

/** A task has one child, under the id that follows from it; it settles after the child's end, and as the child ended. */
export function checkChild(
  execution: ExecutionId,
  life: TaskLife,
  children: readonly ExecutionRecord[] | undefined,
  report: Report,
): void {
  const { path, child, settled } = life;
  if (child === undefined) return;
  const expected = childExecutionId(execution, path);
  if (child !== expected) report('child_differs', path, `It started ${child}; its child is ${expected}.`);
  const record = children?.find(({ id }) => id === child);
  if (!record) return;
  const { parent } = record;
  if (parent?.execution !== execution || parent.path !== path) {
    report('child_differs', path, `Its child ${child} does not name it as its parent.`);
  }
  if (!settled) return;
  if (!isTerminal(record.status) || settled.lamport <= record.lamport) {
    report('child_outlived', path, `It settled before its child ${child} had ended.`);
  } else if (!agrees(settled, record)) {
    report('child_differs', path, `It was ${settled.status}, and its child ${child} was ${record.status}.`);
  }
}

function agrees({ status, event }: NonNullable<TaskLife['settled']>, child: ExecutionRecord): boolean {
  switch (status) {
    case 'succeeded':
      return child.status === 'succeeded';
    case 'failed':
      // The output of a child that succeeded may still break the task's own schema.
      return (
        child.status !== 'succeeded' || (event.type === 'task.failed' && event.data.error.name === 'InvalidOutput')
      );
    case 'cancelled':
      return child.status === 'cancelled';
    default:
      return false;
  }
}
