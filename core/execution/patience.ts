import type { Cause } from './cause.ts';
import type { ExecutionRecord, Patience } from './record.ts';

interface Waiting {
  readonly execution: Pick<ExecutionRecord, 'paused' | 'pausedFor'>;
  /** Epoch milliseconds. */
  readonly now: number;
  /** All that a task has. Milliseconds. */
  readonly queueTimeout: number;
}

/** Only these use up patience. */
function isTrying({ kind }: Cause): boolean {
  return kind === 'pool' || kind === 'rate' || kind === 'breaker';
}

/** The patience of a task that is parked for this cause from now on. Undefined: all of it is left. */
export function patienceWhile(cause: Cause, before: Patience | undefined, waiting: Waiting): Patience | undefined {
  if (cause.kind === 'pause') return before;
  const clock = clockOf(waiting);
  if (isTrying(cause)) {
    const due = before && 'due' in before ? before.due : clock + (before?.left ?? waiting.queueTimeout);
    return { due, until: due + (waiting.execution.pausedFor ?? 0) };
  }
  return before && 'due' in before ? { left: Math.max(0, before.due - clock) } : before;
}

/** Whether a task that would have to go on waiting for this cause gives up. */
export function isImpatient(
  cause: Cause,
  patience: Patience | undefined,
  waiting: Omit<Waiting, 'queueTimeout'>,
): boolean {
  if (!patience || !isTrying(cause)) return false;
  return 'due' in patience ? patience.due <= clockOf(waiting) : patience.left <= 0;
}

/** Stands still while the execution is paused. */
function clockOf({ execution, now }: Pick<Waiting, 'execution' | 'now'>): number {
  return (execution.paused?.at ?? now) - (execution.pausedFor ?? 0);
}
