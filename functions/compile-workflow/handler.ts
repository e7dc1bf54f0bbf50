import { parser } from '@aws-lambda-powertools/parser/middleware';
import type { Context } from 'aws-lambda';
import * as z from 'zod';
import { eachMessage } from '../batch.ts';
import { environmentOf, machinePress } from '../compose.ts';
import { observed } from '../observed.ts';
import { readMessage } from '../read-message.ts';
import { makeMachines } from './make-machines.ts';
import { publishDefinition } from './publish-definition.ts';

const press = machinePress(environmentOf('compile-workflow'));

const published = z.object({ tenant: z.string(), workflow: z.string(), version: z.string() });
const definition = z.object({ tenant: z.string(), definition: z.string(), agents: z.string().optional() });
/** From the queue of published versions, which is its pace; or from who deploys, and waits for the answer. */
const event = z.union([
  z.object({ Records: z.array(z.object({ messageId: z.string(), body: z.string() })) }),
  published,
  definition,
]);

const eachVersion = eachMessage(press.report, {
  take: async (body) => {
    await makeMachines(press, readMessage(published, body));
  },
  about: published,
});

/** Published versions become machines in Step Functions, and runnable. */
export const handler = observed(async (told: z.infer<typeof event>, context: Context) => {
  if ('Records' in told) return eachVersion(told, context);
  return makeMachines(press, 'definition' in told ? await publishDefinition(press, told) : told);
}).use(parser({ schema: event }));
