import * as z from 'zod';
import { isTerminal } from '../../core/execution/index.ts';
import { executionId } from '../../core/ids/index.ts';
import { readMessage } from '../read-message.ts';
import type { Runtime } from '../runtime.ts';
import { concludeWithoutMachine } from './sweep-tenant.ts';

/** Step Functions' word that an execution of a machine has ended; sent by best effort, so nothing depends on it. */
const statusChange = z.object({ detail: z.object({ name: z.string() }) });

export const aboutEnding = statusChange.transform(({ detail }) => ({ execution: detail.name }));

/**
 * A machine has ended otherwise than by success: as a rule its execution has ended before. The event does not say whose machine it is;
 * ids of executions are unique among all tenants.
 */
export async function takeMachineEnding(runtime: Runtime, body: string): Promise<void> {
  const { detail } = readMessage(statusChange, body);
  for (const tenant of await runtime.listTenants()) {
    const served = await runtime.forTenant(tenant);
    const record = await served.stores.ledger.findExecution(executionId(detail.name));
    if (!record) continue;
    if (isTerminal(record.status)) return;
    const finds = await concludeWithoutMachine(served, record);
    return runtime.report.count('SweepFinds', finds.length);
  }
}
