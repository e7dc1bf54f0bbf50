import type { ExecutionId } from '../core/ids/index.ts';
import type { ExecutionView } from '../core/projections/index.ts';
import type { EmbeddedRuntime } from '../local/index.ts';
import type { Display } from './display.ts';
import type { Surroundings } from './surroundings.ts';

/** Where executions go on, in this process or in a deployment. */
export type ExecutionRunner = Pick<EmbeddedRuntime, 'subscribe' | 'cancel' | 'whenEnded'>;

/** Who cancels, as the history tells it. */
const TERMINAL = 'terminal';

type Following = Pick<Surroundings, 'err' | 'onInterrupt'> & {
  /** Of an execution that needs no process for now: Ctrl-C leaves it as it is. Absent: none is such. */
  readonly rests?: (execution: ExecutionId) => Promise<ExecutionView | undefined>;
};

/**
 * Begins an execution and shows it until it has ended. Ctrl-C leaves one that is paused, or waits for people, as it is, and cancels any
 * other; pressed again, it ends this process and leaves the execution to be resumed.
 */
export async function followExecution(
  runtime: ExecutionRunner,
  begin: () => Promise<ExecutionId>,
  display: Display,
  { err, onInterrupt, rests = async () => undefined }: Following,
): Promise<ExecutionView> {
  // Heard from before the beginning, or the first events would be missed.
  const deaf = runtime.subscribe((events) => display.add(events));
  const left = Promise.withResolvers<ExecutionView>();
  let inattentive: (() => void) | undefined;
  const leaveOrCancel = async (execution: ExecutionId): Promise<void> => {
    const resting = await rests(execution);
    if (resting) return left.resolve(resting);
    err.write(`cancelling ${execution}; Ctrl-C again leaves it as it is\n`);
    // It may end by itself in this very moment; then there is nothing left to cancel.
    await runtime.cancel(execution, TERMINAL).catch(() => undefined);
  };
  try {
    const execution = await begin();
    inattentive = onInterrupt(() => {
      inattentive?.();
      leaveOrCancel(execution).catch(left.reject);
    });
    return await Promise.race([runtime.whenEnded(execution), left.promise]);
  } finally {
    inattentive?.();
    deaf();
    display.close();
  }
}
