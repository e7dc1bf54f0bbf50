import { isTerminal } from '../../core/execution/index.ts';
import type { Timer } from '../../core/ports/index.ts';
import type { TimerMessage } from '../../adapters/aws/index.ts';
import { noteQueueAge } from './note-queue-age.ts';
import type { Runtime, TenantRuntime } from '../runtime.ts';

/** Fires a timer whose time has come, and sends the others on; one that would act on nothing goes no further. */
export async function fireTimer(runtime: Runtime, { tenant, timer, at, sent }: TimerMessage): Promise<void> {
  const served = await runtime.forTenant(tenant);
  const now = runtime.clock.now();
  if (now >= at) {
    if (sent !== undefined) await noteQueueAge(served, now - Math.max(at, sent), now);
    return served.engine.onTimer(timer);
  }
  if (await hasEnded(served, timer)) return runtime.report.count('TimersDropped');
  await served.timers.schedule(timer, at);
}

/** A timeout of a day is sent on a hundred times, and most executions end long before. */
async function hasEnded({ stores }: TenantRuntime, { execution }: Timer): Promise<boolean> {
  const record = await stores.ledger.findExecution(execution);
  return !record || isTerminal(record.status);
}
