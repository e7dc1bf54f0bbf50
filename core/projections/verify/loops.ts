import { iterationOf } from '../../ids/index.ts';
import type { LoopTask } from '../../plan/index.ts';
import { tasksOfRegion } from '../tasks-of-region.ts';
import { checkEnding, endingOf, type Judge } from './judge.ts';
import type { TaskLife } from './task-life.ts';

/** Iterations 0, 1, 2, …, at most as many as planned, each after the one before has succeeded. */
export function checkLoop(judge: Judge, task: LoopTask, life: TaskLife): void {
  const { path, openings, settled } = life;
  const { report, index } = judge;
  for (const [position, { data, lamport }] of openings.entries()) {
    const round = data.round ?? -1;
    if (round !== position) {
      report('round_out_of_order', path, `It opened iteration ${round} when it had opened ${position} before.`);
    }
    if (round >= task.maxIterations) {
      report('too_many_rounds', path, `It opened iteration ${round}; max_iterations is ${task.maxIterations}.`);
    }
    if (position === 0) continue;
    const ending = endingOf(judge, tasksOfRegion(index, iterationOf(path, position - 1)), lamport);
    if (ending === 'succeeded') continue;
    const before = `iteration ${position - 1} ${ending === undefined ? 'had not settled' : `was ${ending}`}`;
    report('round_early', path, `It opened iteration ${round} when ${before}.`);
  }
  const last = tasksOfRegion(index, iterationOf(path, openings.length - 1));
  const ending = endingOf(judge, last);
  const isOpenEnded = ending === 'succeeded';
  checkEnding(judge, life, last, () => (isOpenEnded ? settled?.status : ending));
  if (!settled || !isOpenEnded || mayEnd(task, openings.length, settled)) return;
  const rounds = `${openings.length} of ${task.maxIterations} iterations, the last of which succeeded`;
  report('collected_wrongly', path, `It ended as ${settled.status} after ${rounds}.`);
}

/** Whether a loop whose last iteration has succeeded may end so. What its `until` said, no history tells. */
function mayEnd(task: LoopTask, rounds: number, { status, event }: NonNullable<TaskLife['settled']>): boolean {
  const { maxIterations, until, onExhausted } = task;
  const isLast = rounds >= maxIterations;
  switch (status) {
    case 'succeeded':
      return isLast || until !== undefined;
    case 'cancelled':
      return !isLast;
    case 'failed': {
      const isExhausted = event.type === 'task.failed' && event.data.error.name === 'LoopExhausted';
      return until !== undefined && (!isExhausted || (isLast && onExhausted === 'fail'));
    }
    default:
      return false;
  }
}
