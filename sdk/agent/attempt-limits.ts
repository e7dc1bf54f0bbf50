import { AgentError } from './agent-error.ts';
import type { World } from './world.ts';

export interface AttemptLimits {
  /** Epoch milliseconds from which the work is not wanted any more. */
  readonly stopAt: number;
  /** What the author is told then. */
  readonly why: string;
  /** How long an aborted handler may take to end by itself, in milliseconds. */
  readonly graceMs: number;
  readonly world: Pick<World, 'now' | 'after'>;
}

/** Works under a signal: aborted at the limit or by `stop`, and given up when it has not ended a grace later. */
export async function underLimits<T>(
  { stopAt, why, graceMs, world }: AttemptLimits,
  work: (signal: AbortSignal, stop: (reason: AgentError) => void) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const givenUp = Promise.withResolvers<never>();
  const timers: (() => void)[] = [];
  const stop = (reason: AgentError): void => {
    if (controller.signal.aborted) return;
    controller.abort(reason);
    timers.push(world.after(graceMs, () => givenUp.reject(reason)));
  };
  timers.push(world.after(stopAt - world.now(), () => stop(new AgentError('AttemptTimeout', why))));
  try {
    return await Promise.race([work(controller.signal, stop), givenUp.promise]);
  } catch (error) {
    throw isAbortError(error) && controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    for (const cancel of timers) cancel();
  }
}

/** Libraries that are stopped by a signal say no more than that; the reason says why. */
function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
