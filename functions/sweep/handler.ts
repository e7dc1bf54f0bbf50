import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { eachMessage, type Messages } from '../batch.ts';
import { engineRuntime, environmentOf, machineRequests } from '../compose.ts';
import { observed } from '../observed.ts';
import { takeMachineEnding } from './machine-ending.ts';
import { sweepTenant } from './sweep-tenant.ts';

const environment = environmentOf('sweep');
const runtime = engineRuntime(environment);
const requests = machineRequests(environment);
const moment = z.number().min(0);
/** `{}` of the schedule; a sweep by hand may be less patient: `{ "patience": { "grace": 0, "every": 60000 } }`. */
const sweepEvent = z.object({ patience: z.object({ grace: moment, every: moment }).optional() });
const eachEnding = eachMessage(runtime.report, (body) => takeMachineEnding(runtime, body));

/** By schedule or by hand: looks for what was lost. From the queue of endings: machines that have ended by themselves. */
export const handler = observed(
  async (event: Messages | object, context: Context) => {
    if ('Records' in event) return eachEnding(event, context);
    const { report } = runtime;
    const { patience } = sweepEvent.parse(event);
    let found = 0;
    for (const tenant of await runtime.listTenants()) {
      const finds = await sweepTenant({ runtime, requests, ...(patience && { patience }) }, tenant);
      for (const find of finds) report.info('the sweep has mended something', { tenant, find });
      report.count('SweepFinds', finds.length);
      found += finds.length;
    }
    return { found };
  },
  { background: runtime.background },
);
