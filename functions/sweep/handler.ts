import type { Context } from 'aws-lambda';
import { eachMessage, type Messages } from '../batch.ts';
import { engineRuntime, environmentOf, machineRequests } from '../compose.ts';
import { observed } from '../observed.ts';
import { takeMachineEnding } from './machine-ending.ts';
import { sweepTenant } from './sweep-tenant.ts';

const environment = environmentOf('sweep');
const runtime = engineRuntime(environment);
const sweeper = { runtime, requests: machineRequests(environment) };
const eachEnding = eachMessage(runtime.report, (body) => takeMachineEnding(runtime, body));

/** By schedule: looks for what was lost. From the queue of endings: machines that have ended by themselves. */
export const handler = observed(
  async (event: Messages | { readonly source: string }, context: Context) => {
    if ('Records' in event) return eachEnding(event, context);
    const { report } = runtime;
    for (const tenant of await runtime.listTenants()) {
      const finds = await sweepTenant(sweeper, tenant);
      for (const find of finds) report.info('the sweep has mended something', { tenant, find });
      report.count('SweepFinds', finds.length);
    }
    return {};
  },
  { background: runtime.background },
);
