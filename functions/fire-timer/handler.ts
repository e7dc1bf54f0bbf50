import * as z from 'zod';
import { timerMessage } from '../../adapters/aws/index.ts';
import { eachMessage } from '../batch.ts';
import { engineRuntime, environmentOf } from '../compose.ts';
import { observed } from '../observed.ts';
import { readMessage } from '../read-message.ts';
import { fireTimer } from './fire-timer.ts';

const runtime = engineRuntime(environmentOf('fire-timer'));

const about = z
  .object({ tenant: z.string(), timer: z.object({ kind: z.string(), execution: z.string() }) })
  .transform(({ tenant, timer: { kind, execution } }) => ({ tenant, execution, timer: kind }));

/** Timers, from their queue: due ones, and such as are farther away than SQS can delay. */
export const handler = observed(
  eachMessage(runtime.report, { take: (body) => fireTimer(runtime, readMessage(timerMessage, body)), about }),
  { background: runtime.background },
);
