import type { TaskState } from '../../statemachines/index.ts';
import type { Cancel, InterpreterOptions } from './interpreter-options.ts';
import { timeoutFailure } from './state-failure.ts';

export interface TaskClocks {
  /** Rejects when one of the clocks has run out; otherwise stays open. */
  readonly expired: Promise<never>;
  /** A sign of life: the heartbeat's clock starts again. */
  readonly beat: () => void;
  readonly stop: () => void;
}

type Limits = Pick<TaskState, 'TimeoutSeconds' | 'HeartbeatSeconds'>;
type Time = Pick<InterpreterOptions, 'clock' | 'schedule'>;

/** The clocks of one attempt. Without limits in the state there are none: AWS waits for as long as the machine may run. */
export function startTaskClocks({ TimeoutSeconds, HeartbeatSeconds }: Limits, { clock, schedule }: Time): TaskClocks {
  const expiry = Promise.withResolvers<never>();
  // The task may have ended when nobody listens any more.
  expiry.promise.catch(() => undefined);
  const start = (what: 'timeout' | 'heartbeat', seconds: number | undefined): Cancel | undefined =>
    seconds === undefined
      ? undefined
      : schedule(clock.now() + seconds * 1000, () => expiry.reject(timeoutFailure(what)));

  const stopTimeout = start('timeout', TimeoutSeconds);
  let stopHeartbeat = start('heartbeat', HeartbeatSeconds);
  return {
    expired: expiry.promise,
    beat: () => {
      stopHeartbeat?.();
      stopHeartbeat = start('heartbeat', HeartbeatSeconds);
    },
    stop: () => {
      stopTimeout?.();
      stopHeartbeat?.();
    },
  };
}
