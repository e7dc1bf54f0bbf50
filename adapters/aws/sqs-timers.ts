import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import { executionId, taskPath } from '../../core/ids/index.ts';
import type { Clock, Timer, Timers } from '../../core/ports/index.ts';
import { toEngineError } from './sdk-error.ts';
import { queueRefusals } from './sqs-refusals.ts';

export interface SqsTimersDeps {
  readonly client: Pick<SQSClient, 'send'>;
  readonly queueUrl: string;
  readonly tenant: string;
  readonly clock: Clock;
}

/** A timer on its way. `v` lets it outlive deployments of the engine. */
export interface TimerMessage {
  readonly v: 1;
  readonly tenant: string;
  readonly timer: Timer;
  /** When it was sent: what was due before that is not late for it. Epoch milliseconds. */
  readonly sent?: number | undefined;
  /** Epoch milliseconds. A message may arrive before: SQS delays by 900 seconds at the most. */
  readonly at: number;
}

/** Seconds (SQS's limit). A timer that is farther away is sent on by who receives it early. */
const LONGEST_DELAY = 900;

/**
 * Timers as delayed messages: delivered at least once, never before their time, and up to a second after it, because SQS
 * delays by whole seconds. EventBridge Scheduler would know far times too, with a precision of a minute.
 */
export function createSqsTimers({ client, queueUrl, tenant, clock }: SqsTimersDeps): Timers {
  return {
    async schedule(timer, at) {
      const message: TimerMessage = { v: 1, tenant, timer, at, sent: clock.now() };
      const seconds = Math.ceil((at - clock.now()) / 1000);
      const command = new SendMessageCommand({
        QueueUrl: queueUrl,
        MessageBody: JSON.stringify(message),
        // A fair queue: one tenant's many messages do not hold up those of others.
        MessageGroupId: tenant,
        DelaySeconds: Math.min(LONGEST_DELAY, Math.max(0, seconds)),
      });
      try {
        await client.send(command);
      } catch (error) {
        throw toEngineError(error, { code: 'timers', name: `queue ${queueUrl}`, refusals: queueRefusals });
      }
    },
  };
}

const execution = z.string().transform(executionId);
const path = z.string().transform(taskPath);
const attempt = z.int();

/** The body of a timer's message. */
export const timerMessage: z.ZodType<TimerMessage> = z.object({
  v: z.literal(1),
  tenant: z.string(),
  timer: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('attempt_timeout'), execution, path, attempt }),
    z.object({ kind: z.literal('heartbeat'), execution, path, attempt }),
    z.object({ kind: z.literal('wake'), execution, path, parking: z.int() }),
    z.object({ kind: z.literal('execution_timeout'), execution }),
    z.object({ kind: z.literal('grace'), execution }),
  ]),
  at: z.number(),
  sent: z.number().optional(),
});
