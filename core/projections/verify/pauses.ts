import type { SkeinEvent } from '../../execution/index.ts';
import type { Pausing } from './execution-life.ts';
import type { Lives } from './places.ts';
import { isWithdrawal } from './task-life.ts';
import type { Report } from './violation.ts';

/**
 * Nothing is dispatched between the checkpoint of a pause and its end. The checkpoint's clock is above that of every attempt that the pause
 * came too late for, and what is dispatched afterwards has a clock above the pause's end.
 */
export function checkPauses(lives: Lives, pauses: readonly Pausing[], report: Report): void {
  if (pauses.length === 0) return;
  for (const { path, events } of lives.values()) {
    events.forEach((event, at) => {
      if (!isDispatch(event, events[at + 1])) return;
      const during = pauses.some(({ from, to = Infinity }) => from < event.lamport && event.lamport < to);
      if (during) report('dispatched_while_paused', path, `${event.type} (event ${event.n}) came during a pause.`);
    });
  }
}

/** An intent with nothing after it may still be withdrawn. */
function isDispatch(event: SkeinEvent, next: SkeinEvent | undefined): boolean {
  if (event.type === 'task.assigned') return next !== undefined && !isWithdrawal(next);
  return event.type === 'task.started' && event.data.child !== undefined;
}
