import type { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { createSqsTimers } from '../../../adapters/aws/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import { createSimulatedClock } from '../../makers/simulated-clock.ts';
import { sentCommands } from './sent-commands.ts';

/** Messages that are dealt with at once, each for a second. */
const AT_ONCE = 20;
/** Messages of tenant B in a second; A sends a hundred times as many, five times as many as are dealt with. */
const OF_B = 1;
const SECONDS = 60;

interface Message {
  readonly group: string | undefined;
  readonly tenant: string;
  readonly at: number;
}

/**
 * What SQS says of fair queues: among messages that could be given out, those of a group that has many of them under way, or waiting, come
 * after those of other groups. Messages without a group are one group.
 */
function takeFairly(waiting: Message[], taken: Map<string | undefined, number>): Message | undefined {
  const first = waiting.reduce<Message | undefined>((best, message) => {
    const [mine, others] = [taken.get(message.group) ?? 0, best ? (taken.get(best.group) ?? 0) : Infinity];
    return mine < others ? message : best;
  }, undefined);
  if (first) {
    waiting.splice(waiting.indexOf(first), 1);
    taken.set(first.group, (taken.get(first.group) ?? 0) + 1);
  }
  return first;
}

/** Seconds from the sending of B's messages until they are dealt with, on average, in simulated time. */
async function waitOfB(loadOfA: number, withGroups: boolean): Promise<number> {
  const clock = createSimulatedClock(0);
  const waiting: Message[] = [];
  const { client } = sentCommands<SQSClient>(({ MessageBody, MessageGroupId }) => {
    const { tenant } = JSON.parse(String(MessageBody)) as { tenant: string };
    waiting.push({ group: withGroups ? String(MessageGroupId) : undefined, tenant, at: clock.now() });
    return {};
  });
  const timersOf = (tenant: string) => createSqsTimers({ client, queueUrl: 'https://sqs/timers', tenant, clock });
  const [a, b] = [timersOf('a'), timersOf('b')];
  const wake = { kind: 'wake', execution: executionId('exec_1'), path: taskPath('one'), parking: 1 } as const;
  const waits: number[] = [];
  for (let second = 0; second < SECONDS; second += 1) {
    for (let sent = 0; sent < loadOfA; sent += 1) await a.schedule(wake, clock.now());
    for (let sent = 0; sent < OF_B; sent += 1) await b.schedule(wake, clock.now());
    const taken = new Map<string | undefined, number>();
    for (let slot = 0; slot < AT_ONCE; slot += 1) {
      const message = takeFairly(waiting, taken);
      if (message?.tenant === 'b') waits.push((clock.now() - message.at) / 1_000 + 1);
    }
    clock.advanceBy(1_000);
  }
  const left = waiting.filter(({ tenant }) => tenant === 'b').map(({ at }) => (clock.now() - at) / 1_000);
  return [...waits, ...left].reduce((sum, wait) => sum + wait, 0) / (waits.length + left.length);
}

describe('the queue of timers, which all tenants share', () => {
  it('makes a tenant wait no more than a fifth longer when another one has a hundred times its load', async () => {
    const alone = await waitOfB(0, true);
    const beside = await waitOfB(100 * OF_B, true);

    expect(beside / alone).toBeLessThanOrEqual(1.2);
  });

  it('would make it wait many times as long if messages did not say whose they are', async () => {
    const alone = await waitOfB(0, false);
    const beside = await waitOfB(100 * OF_B, false);

    expect(beside / alone).toBeGreaterThan(10);
  });
});
