import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { createPace, lambdaPause } from '../../adapters/aws/index.ts';
import { eachMessage, type Messages } from '../batch.ts';
import { deadLetterQueues, engineRuntime, environmentOf, machineRequests } from '../compose.ts';
import { observed } from '../observed.ts';
import { aboutEnding, takeMachineEnding } from './machine-ending.ts';
import { recordDeadLetters } from './record-letter.ts';
import { sweepTenant } from './sweep-tenant.ts';

const environment = environmentOf('sweep');
const runtime = engineRuntime(environment);
const requests = machineRequests(environment);
const letters = deadLetterQueues(environment);
/** Of DescribeExecution AWS allows 15 a second, after 300 at once, to all who ask for it in an account. */
const pace = createPace({ perSecond: 10, burst: 100, clock: runtime.clock, pause: lambdaPause });
const moment = z.number().min(0);
/** `{}` of the schedule; a sweep by hand may be less patient, and of one tenant: `{ "tenant": "acme", "patience": { "grace": 0, "every": 60000 } }`. */
const sweepEvent = z.object({
  tenant: z.string().optional(),
  patience: z.object({ grace: moment, every: moment }).optional(),
});
const eachEnding = eachMessage(runtime.report, {
  take: (body) => takeMachineEnding(runtime, body),
  about: aboutEnding,
});

/** Milliseconds: the next sweep begins with other tenants. */
const TIME_FOR_ONE = 30_000;

/** All of them, from a random one on, so that each has its turn where there is not time for all. */
function fromAnywhere<Item>(items: readonly Item[]): readonly Item[] {
  const from = Math.floor(runtime.ids.random() * items.length);
  return [...items.slice(from), ...items.slice(0, from)];
}

/** By schedule or by hand: looks for what was lost. From the queue of endings: machines that have ended by themselves. */
export const handler = observed(
  async (event: Messages | object, context: Context) => {
    if ('Records' in event) return eachEnding(event, context);
    const { report } = runtime;
    const { tenant: only, patience } = sweepEvent.parse(event);
    let found = await recordDeadLetters(runtime, letters);
    for (const tenant of fromAnywhere(await runtime.listTenants())) {
      if (only !== undefined && tenant !== only) continue;
      if (context.getRemainingTimeInMillis() < TIME_FOR_ONE) break;
      const finds = await sweepTenant({ runtime, requests, pace, ...(patience && { patience }) }, tenant);
      for (const find of finds) report.info('the sweep has mended something', { tenant, find });
      report.count('SweepFinds', finds.length);
      found += finds.length;
    }
    return { found };
  },
  { background: runtime.background },
);
