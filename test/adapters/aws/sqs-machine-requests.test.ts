import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createSqsMachineRequests } from '../../../adapters/aws/index.ts';
import { awsError, sentCommands } from './sent-commands.ts';

const request = { tenant: 't', workflow: 'w', version: '1' };

describe('createSqsMachineRequests', () => {
  it('asks for the machines of a version, all in one line, twice the same way', async () => {
    const { client, sent } = sentCommands<SQSClient>();
    const requests = createSqsMachineRequests({ client, queueUrl: 'https://sqs/machines.fifo' });

    await requests.send(request);
    await requests.send({ ...request });
    await requests.send({ ...request, version: '2' });

    const ids = sent.map(({ input }) => input['MessageDeduplicationId']);
    expect(sent[0]?.input).toMatchObject({ MessageBody: JSON.stringify(request), MessageGroupId: request.tenant });
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });

  it('is heard again by who asks in another round, and once in each', async () => {
    const { client, sent } = sentCommands<SQSClient>();
    const requests = createSqsMachineRequests({ client, queueUrl: 'https://sqs/machines.fifo' });

    await requests.send(request);
    for (const round of [7, 7, 8]) await requests.send(request, round);

    const [first, seventh, again, eighth] = sent.map(({ input }) => input['MessageDeduplicationId']);
    expect(again).toBe(seventh);
    expect(new Set([first, seventh, eighth]).size).toBe(3);
    expect(sent[3]?.input).toMatchObject({ MessageBody: JSON.stringify(request) });
  });

  it('tells a queue without an order nothing of groups', async () => {
    const { client, sent } = sentCommands<SQSClient>();

    await createSqsMachineRequests({ client, queueUrl: 'https://sqs/machines' }).send(request);

    expect(Object.keys(sent[0]?.input ?? {})).toEqual(['QueueUrl', 'MessageBody']);
  });

  it('throws UnavailableError when the queue does not answer', async () => {
    const { client } = sentCommands<SQSClient>(() => {
      throw awsError('TimeoutError');
    });

    await expect(createSqsMachineRequests({ client, queueUrl: 'q' }).send(request)).rejects.toMatchObject({
      code: 'machine_queue_unavailable',
    });
  });
});
