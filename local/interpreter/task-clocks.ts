import type { Cancel, InterpreterOptions } from './interpreter-options.ts';
import { timeoutFailure } from './state-failure.ts';

export interface TaskClocks {
  /** Rejects when one of the clocks has run out; otherwise stays open. */
  readonly expired: Promise<never>;
  /** A sign of life: the heartbeat's clock starts again. */
  readonly beat: () => void;
  readonly stop: () => void;
}

/** Of one attempt, by the names that its Scheduled event tells them by. */
export type TaskLimits = {
  readonly timeoutInSeconds: number | undefined;
  readonly heartbeatInSeconds: number | undefined;
};

type Time = Pick<InterpreterOptions, 'clock' | 'schedule'>;

/** The clocks of one attempt. Without limits in the state there are none: AWS waits for as long as the machine may run. */
export function startTaskClocks(
  { timeoutInSeconds, heartbeatInSeconds }: TaskLimits,
  { clock, schedule }: Time,
): TaskClocks {
  const expiry = Promise.withResolvers<never>();
  // The task may have ended when nobody listens any more.
  expiry.promise.catch(() => undefined);
  const start = (what: 'timeout' | 'heartbeat', seconds: number | undefined): Cancel | undefined =>
    seconds === undefined
      ? undefined
      : schedule(clock.now() + seconds * 1000, () => expiry.reject(timeoutFailure(what)));

  const stopTimeout = start('timeout', timeoutInSeconds);
  let stopHeartbeat = start('heartbeat', heartbeatInSeconds);
  return {
    expired: expiry.promise,
    beat: () => {
      stopHeartbeat?.();
      stopHeartbeat = start('heartbeat', heartbeatInSeconds);
    },
    stop: () => {
      stopTimeout?.();
      stopHeartbeat?.();
    },
  };
}
