import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createSqsTimers, timerMessage } from '../../../adapters/aws/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import { parseJson } from '../../../core/json/index.ts';
import type { Timer } from '../../../core/ports/index.ts';
import { timersContract } from '../../contract/timers.contract.ts';
import { createSimulatedClock } from '../../makers/simulated-clock.ts';
import { awsError, sentCommands } from './sent-commands.ts';

const queueUrl = 'https://sqs/timers';
const SECOND = 1_000;

/** A queue whose messages come after their delay, in the order of their sending where that is the same; early ones are sent on. */
timersContract(
  'createSqsTimers',
  (deliver) => {
    const clock = createSimulatedClock();
    let waiting: { readonly body: string; readonly at: number }[] = [];
    const { client } = sentCommands<SQSClient>(({ MessageBody, DelaySeconds }) => {
      waiting = [...waiting, { body: String(MessageBody), at: clock.now() + Number(DelaySeconds) * SECOND }];
      return {};
    });
    const timers = createSqsTimers({ client, queueUrl, tenant: 't', clock });
    const receive = async (body: string): Promise<void> => {
      const { timer, at } = timerMessage.parse(parseJson(body));
      await (clock.now() >= at ? deliver(timer) : timers.schedule(timer, at));
    };
    const advanceBy = async (milliseconds: number): Promise<void> => {
      const end = clock.now() + milliseconds;
      for (;;) {
        const [next] = waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (!next) break;
        waiting = waiting.filter((message) => message !== next);
        clock.advanceTo(next.at);
        await receive(next.body);
      }
      clock.advanceTo(end);
    };
    return { timers, now: () => clock.now(), advanceBy };
  },
  SECOND,
);

const execution = executionId('exec_1');
const path = taskPath('refine[1]/scan[2]');

function open(answer?: () => unknown) {
  const clock = createSimulatedClock();
  const { client, sent } = sentCommands<SQSClient>(answer);
  return { clock, sent, timers: createSqsTimers({ client, queueUrl, tenant: 'acme', clock }) };
}

describe('createSqsTimers', () => {
  it.each<Timer>([
    { kind: 'attempt_timeout', execution, path, attempt: 2 },
    { kind: 'heartbeat', execution, path, attempt: 2 },
    { kind: 'wake', execution, path, parking: 3 },
    { kind: 'execution_timeout', execution },
    { kind: 'grace', execution },
  ])('sends $kind with its tenant and time, so that it can be read again', async (timer) => {
    const { timers, clock, sent } = open();

    await timers.schedule(timer, clock.now() + 2_000);

    const [message] = sent;
    expect(message?.input).toMatchObject({ QueueUrl: queueUrl, DelaySeconds: 2 });
    const read = timerMessage.parse(parseJson(String(message?.input['MessageBody'])));
    expect(read).toEqual({ v: 1, tenant: 'acme', timer, sent: clock.now(), at: clock.now() + 2_000 });
  });

  it.each([
    [-5_000, 0],
    [0, 0],
    [1, 1],
    [1_001, 2],
    [900_000, 900],
    [900_001, 900],
    [86_400_000, 900],
  ])('delays what is due in %i ms by %i s', async (wait, seconds) => {
    const { timers, clock, sent } = open();

    await timers.schedule({ kind: 'grace', execution }, clock.now() + wait);

    expect(sent[0]?.input).toMatchObject({ DelaySeconds: seconds });
  });

  it.each([
    ['RequestThrottled', { name: 'UnavailableError', code: 'timers_unavailable' }],
    ['TimeoutError', { name: 'UnavailableError', code: 'timers_unavailable' }],
    ['QueueDoesNotExist', { name: 'InvariantError', code: 'timers_refused' }],
    ['AccessDenied', { name: 'InvariantError', code: 'timers_refused' }],
  ])('says what %s means, and lets no error of the SDK out', async (name, expected) => {
    const { timers, clock } = open(() => {
      throw awsError(name);
    });

    await expect(timers.schedule({ kind: 'grace', execution }, clock.now())).rejects.toMatchObject(expected);
  });
});

describe('timerMessage', () => {
  it.each([
    { v: 2, tenant: 't', timer: { kind: 'grace', execution }, at: 0 },
    { v: 1, timer: { kind: 'grace', execution }, at: 0 },
    { v: 1, tenant: 't', timer: { kind: 'party', execution }, at: 0 },
    { v: 1, tenant: 't', timer: { kind: 'wake', execution, path }, at: 0 },
  ])('refuses %j', (message) => {
    expect(timerMessage.safeParse(message).success).toBe(false);
  });
});
