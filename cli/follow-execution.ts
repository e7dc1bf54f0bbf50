import type { ExecutionId } from '../core/ids/index.ts';
import type { ExecutionView } from '../core/projections/index.ts';
import type { EmbeddedRuntime } from '../local/index.ts';
import type { Display } from './display.ts';
import type { Surroundings } from './surroundings.ts';

/** Where executions go on, in this process or in a deployment. */
export type ExecutionRunner = Pick<EmbeddedRuntime, 'subscribe' | 'cancel' | 'whenEnded'>;

/** Who cancels, as the history tells it. */
const TERMINAL = 'terminal';

/**
 * Begins an execution and shows it until it has ended. Ctrl-C cancels it; pressed again, it ends this process and leaves the
 * execution to be resumed.
 */
export async function followExecution(
  runtime: ExecutionRunner,
  begin: () => Promise<ExecutionId>,
  display: Display,
  { err, onInterrupt }: Pick<Surroundings, 'err' | 'onInterrupt'>,
): Promise<ExecutionView> {
  // Heard from before the beginning, or the first events would be missed.
  const deaf = runtime.subscribe((events) => display.add(events));
  let inattentive: (() => void) | undefined;
  try {
    const execution = await begin();
    inattentive = onInterrupt(() => {
      inattentive?.();
      err.write(`cancelling ${execution}; Ctrl-C again leaves it as it is\n`);
      // It may end by itself in this very moment; then there is nothing left to cancel.
      runtime.cancel(execution, TERMINAL).catch(() => undefined);
    });
    return await runtime.whenEnded(execution);
  } finally {
    inattentive?.();
    deaf();
    display.close();
  }
}
