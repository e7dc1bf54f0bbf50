import { DeleteMessageCommand, ReceiveMessageCommand, SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { LetterSource } from '../../core/execution/index.ts';
import { toEngineError } from './sdk-error.ts';
import { queueRefusals } from './sqs-refusals.ts';

/** A message of a dead-letter queue. */
export interface DeadLetter {
  readonly source: LetterSource;
  /** SQS's own, of this copy of the message. */
  readonly id: string;
  readonly body: string;
  /** Why EventBridge could not deliver it, where it was EventBridge. */
  readonly reason?: string;
}

/** Where the queues of a deployment are, by what was in their messages while somebody could deal with them. */
export type QueueUrls = { readonly [Source in LetterSource]?: string };

/** What the queues of a deployment have given up. */
export interface DeadLetterQueues {
  /** Takes each that is there now; one that is taken without an error is gone. Answers how many these were. */
  takeEach(
    take: (letter: DeadLetter) => Promise<void>,
    onError: (error: unknown, letter: DeadLetter) => void,
  ): Promise<number>;
}

export interface DeadLetterQueuesDeps {
  readonly client: Pick<SQSClient, 'send'>;
  readonly queues: QueueUrls;
}

/** Seconds that a message is nobody else's, once received. */
const VISIBILITY = 120;
/** Of one queue in one look; the rest has its turn with the next. */
const MOST_BATCHES = 10;
/** SQS's limit of one receiving. */
const BATCH = 10;

/** `timers=https://… answers=https://…`, as a template can say it. */
export function readQueueUrls(text: string): QueueUrls {
  return Object.fromEntries(
    text.split(' ').map((entry) => {
      const at = entry.indexOf('=');
      return [entry.slice(0, at), entry.slice(at + 1)];
    }),
  );
}

export function createSqsDeadLetters({ client, queues }: DeadLetterQueuesDeps): DeadLetterQueues {
  const receive = async (url: string) => {
    const command = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: BATCH,
      VisibilityTimeout: VISIBILITY,
      MessageAttributeNames: ['ERROR_CODE', 'ERROR_MESSAGE'],
    });
    return (await sent(url, () => client.send(command))).Messages ?? [];
  };
  return {
    async takeEach(take, onError) {
      let taken = 0;
      for (const [source, url] of Object.entries(queues)) {
        for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
          const messages = await receive(url);
          for (const { MessageId = '', Body = '', ReceiptHandle, MessageAttributes = {} } of messages) {
            const reason =
              MessageAttributes['ERROR_MESSAGE']?.StringValue ?? MessageAttributes['ERROR_CODE']?.StringValue;
            // The queues are named by the stack, from the same list.
            const letter = {
              source: source as LetterSource,
              id: MessageId,
              body: Body,
              ...(reason !== undefined && { reason }),
            };
            try {
              await take(letter);
              await sent(url, () => client.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle })));
              taken += 1;
            } catch (error) {
              onError(error, letter);
            }
          }
          if (messages.length < BATCH) break;
        }
      }
      return taken;
    },
  };
}

/** Sends the body of a letter to the queue that it came from. False: letters of this source have none. */
export type SendAgain = (letter: {
  readonly source: LetterSource;
  readonly body: string;
  readonly tenant: string;
  /** The same for each try of one redrive. */
  readonly once: string;
}) => Promise<boolean>;

export function createSqsRedrive({ client, queues }: DeadLetterQueuesDeps): SendAgain {
  return async ({ source, body, tenant, once }) => {
    const url = queues[source];
    if (url === undefined) return false;
    const order = url.endsWith('.fifo') ? { MessageDeduplicationId: once } : {};
    const command = new SendMessageCommand({ QueueUrl: url, MessageBody: body, MessageGroupId: tenant, ...order });
    await sent(url, () => client.send(command));
    return true;
  };
}

async function sent<Answer>(url: string, send: () => Promise<Answer>): Promise<Answer> {
  try {
    return await send();
  } catch (error) {
    throw toEngineError(error, { code: 'dead_letters', name: `queue ${url}`, refusals: queueRefusals });
  }
}
