import {
  isTerminal,
  type ExecutionStatus,
  type SkeinEvent,
  type TerminalExecutionStatus,
} from '../../execution/index.ts';
import type { PathEvents } from './path-order.ts';
import type { Report } from './violation.ts';

/** A pause, by the clocks of its checkpoint and of what ended it; one without a checkpoint says nothing about other clocks. */
export interface Pausing {
  readonly from: number;
  to?: number;
}

/** What an execution's own events say. */
export interface ExecutionLife {
  readonly pauses: readonly Pausing[];
  readonly ended?: { readonly status: TerminalExecutionStatus; readonly lamport: number };
  /** The clock at which it began to undo what was done. */
  readonly undoing?: number;
  /** It ended before it had its turn: nothing of it ever was to be done. */
  readonly neverBegan: boolean;
}

/** One start, one end, and statuses that follow one another. */
export function followExecution(events: readonly SkeinEvent[], report: Report): ExecutionLife {
  let status: ExecutionStatus | undefined;
  let ended: ExecutionLife['ended'];
  let neverBegan = false;
  let undoing: number | undefined;
  const pauses: Pausing[] = [];
  for (const event of events) {
    if (event.type === 'workflow.execution_completed') {
      if (ended) report('ended_twice', '', `It ended as ${ended.status}, then as ${event.data.status}.`);
      if (status === 'planning') report('status_jump', '', 'It ended before it ran.');
      if (status === 'paused') report('status_jump', '', 'It ended while it was paused.');
      neverBegan = status === 'queued';
      ended ??= { status: event.data.status, lamport: event.lamport };
      continue;
    }
    // An operator acts on what could not be undone: it goes on from there, and ends again.
    if (isReopening(event, ended)) {
      status = ended?.status;
      ended = undefined;
    }
    if (ended) report('event_after_end', '', `${event.type} follows the end.`);
    if (event.type === 'workflow.execution_started') {
      if (status !== undefined) report('started_twice', '', `Event ${event.n} starts it again.`);
      status = 'planning';
    }
    if (event.type === 'workflow.checkpoint_created') {
      const ofPause = event.data.by !== undefined;
      if (status !== (ofPause ? 'paused' : 'running'))
        report('status_jump', '', `A checkpoint was made while it was ${status ?? 'not there'}.`);
      if (ofPause) pauses.push({ from: event.lamport });
    }
    if (event.type !== 'workflow.status_changed') continue;
    const open = pauses.at(-1);
    if (open && open.to === undefined) open.to = event.lamport;
    const { from, to } = event.data;
    if (from !== status) report('status_jump', '', `It went from ${from} to ${to}, but was ${status ?? 'not there'}.`);
    if (isTerminal(to)) report('status_jump', '', `It went to ${to} without workflow.execution_completed.`);
    if (to === 'compensating') undoing ??= event.lamport;
    status = to;
  }
  return { pauses, neverBegan, ...(ended && { ended }), ...(undoing !== undefined && { undoing }) };
}

function isReopening(event: SkeinEvent, ended: ExecutionLife['ended']): boolean {
  if (event.type !== 'workflow.status_changed' || ended?.status !== 'compensation_failed') return false;
  return event.data.to === 'compensating' && event.data.by !== undefined;
}

/** Nothing happens after the end; the end comes after everything that it sums up. */
export function checkNothingAfterEnd(paths: PathEvents, { ended }: ExecutionLife, report: Report): void {
  if (!ended) return;
  for (const [path, events] of paths) {
    const last = events.at(-1);
    if (path !== '' && last && last.lamport >= ended.lamport) {
      report('event_after_end', path, `${last.type} (clock ${last.lamport}) follows the end (clock ${ended.lamport}).`);
    }
  }
}
