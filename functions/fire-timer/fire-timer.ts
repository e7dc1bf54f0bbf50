import { isTerminal } from '../../core/execution/index.ts';
import type { Timer } from '../../core/ports/index.ts';
import type { TimerMessage } from '../../adapters/aws/index.ts';
import type { Runtime, TenantRuntime } from '../runtime.ts';

/** Fires a timer whose time has come, and sends the others on; one that would act on nothing goes no further. */
export async function fireTimer(runtime: Runtime, { tenant, timer, at }: TimerMessage): Promise<void> {
  const served = await runtime.forTenant(tenant);
  if (runtime.clock.now() >= at) return served.engine.onTimer(timer);
  if (await hasEnded(served, timer)) return runtime.report.count('TimersDropped');
  await served.timers.schedule(timer, at);
}

/** A timeout of a day is sent on a hundred times, and most executions end long before. */
async function hasEnded({ stores }: TenantRuntime, { execution }: Timer): Promise<boolean> {
  const record = await stores.ledger.findExecution(execution);
  return !record || isTerminal(record.status);
}
