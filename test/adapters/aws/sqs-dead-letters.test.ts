import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createSqsDeadLetters, createSqsRedrive, readQueueUrls, type DeadLetter } from '../../../adapters/aws/index.ts';
import { awsError, sentCommands } from './sent-commands.ts';

const queues = readQueueUrls('timers=https://sqs/timers-dead?a=b machines=https://sqs/machines-dead.fifo');
const message = (id: string, attributes?: object) => ({
  MessageId: id,
  Body: `{"n":"${id}"}`,
  ReceiptHandle: `receipt-${id}`,
  ...(attributes && { MessageAttributes: attributes }),
});

/** Queues that hand out these messages once. */
function openQueues(held: Record<string, object[][]>) {
  return sentCommands<SQSClient>((input) =>
    'MaxNumberOfMessages' in input ? { Messages: held[String(input['QueueUrl'])]?.shift() } : {},
  );
}

describe('readQueueUrls', () => {
  it('reads what a template says', () => {
    expect(queues).toEqual({ timers: 'https://sqs/timers-dead?a=b', machines: 'https://sqs/machines-dead.fifo' });
  });
});

describe('createSqsDeadLetters', () => {
  it('takes each message of each queue, and throws away what was taken', async () => {
    const full = Array.from({ length: 10 }, (_, at) => message(`t${at}`));
    const { client, sent } = openQueues({
      'https://sqs/timers-dead?a=b': [full, [message('t10')]],
      'https://sqs/machines-dead.fifo': [[message('m', { ERROR_MESSAGE: { StringValue: 'no such queue' } })]],
    });
    const letters: DeadLetter[] = [];

    const taken = await createSqsDeadLetters({ client, queues }).takeEach(
      async (letter) => void letters.push(letter),
      () => undefined,
    );

    expect(taken).toBe(12);
    expect(letters.map(({ id }) => id)).toEqual([...full.map(({ MessageId }) => MessageId), 't10', 'm']);
    expect(letters.at(-1)).toEqual({ source: 'machines', id: 'm', body: '{"n":"m"}', reason: 'no such queue' });
    expect(sent.filter(({ name }) => name === 'DeleteMessageCommand')).toHaveLength(12);
  });

  it('leaves in the queue what could not be recorded, and goes on with the others', async () => {
    const { client, sent } = openQueues({ 'https://sqs/timers-dead?a=b': [[message('a'), message('b')]] });
    const failed: string[] = [];

    const taken = await createSqsDeadLetters({ client, queues }).takeEach(
      async ({ id }) => {
        if (id === 'a') throw new Error('the table is gone');
      },
      (_error, { id }) => void failed.push(id),
    );

    expect([taken, failed]).toEqual([1, ['a']]);
    const deleted = sent.filter(({ name }) => name === 'DeleteMessageCommand');
    expect(deleted.map(({ input }) => input['ReceiptHandle'])).toEqual(['receipt-b']);
  });
});

describe('createSqsRedrive', () => {
  const letter = { source: 'timers', body: '{"v":1}', tenant: 'acme', once: 'inc_1-1' } as const;

  it('sends a body as it was to the queue that it came from, to an ordered one once', async () => {
    const { client, sent } = sentCommands<SQSClient>();
    const send = createSqsRedrive({ client, queues });

    expect(await send(letter)).toBe(true);
    await send({ ...letter, source: 'machines' });

    expect(sent.map(({ input }) => input)).toEqual([
      { QueueUrl: 'https://sqs/timers-dead?a=b', MessageBody: '{"v":1}', MessageGroupId: 'acme' },
      {
        QueueUrl: 'https://sqs/machines-dead.fifo',
        MessageBody: '{"v":1}',
        MessageGroupId: 'acme',
        MessageDeduplicationId: 'inc_1-1',
      },
    ]);
  });

  it('knows no queue of what has none', async () => {
    const { client, sent } = sentCommands<SQSClient>();

    expect(await createSqsRedrive({ client, queues })({ ...letter, source: 'projections' })).toBe(false);

    expect(sent).toEqual([]);
  });

  it('throws UnavailableError when the queue does not answer', async () => {
    const { client } = sentCommands<SQSClient>(() => {
      throw awsError('TimeoutError');
    });

    await expect(createSqsRedrive({ client, queues })(letter)).rejects.toMatchObject({
      code: 'dead_letters_unavailable',
    });
  });
});
