import { describe, expect, it } from 'vitest';
import { createMemoryIdempotencyStore, createSeededIds } from '../../adapters/embedded/index.ts';
import { answerOnce } from '../../api/answer-once.ts';
import type { ApiAnswer, Caller } from '../../api/route.ts';
import { UnavailableError } from '../../core/errors/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import { createSimulatedClock } from '../makers/simulated-clock.ts';

function openBench() {
  const clock = createSimulatedClock();
  const services = { clock, ids: createSeededIds(3), idempotency: createMemoryIdempotencyStore() };
  const made: ExecutionId[] = [];
  const ask = (
    given: Partial<{ key: string; asked: string; subject: string; operation: string }> = {},
    answer: (id: ExecutionId) => Promise<ApiAnswer> = async (id) => {
      made.push(id);
      return { status: 202, body: { id }, headers: { location: `/${id}` } };
    },
  ) => {
    const { key = 'k', asked = '{}', subject = 'ann', operation = 'execute' } = given;
    // What answerOnce uses of a caller; the rest is never looked at.
    const caller = { services, principal: { subject } } as unknown as Caller;
    return answerOnce({ route: { operation }, caller, key, asked, answer });
  };
  return { ask, made, clock };
}

const lost = new UnavailableError({ code: 'table_silent', message: 'Nobody knows whether it was written.' });

describe('answerOnce', () => {
  it('answers a repetition as it answered first', async () => {
    const { ask, made } = openBench();
    const first = await ask();

    const again = await ask();

    expect(made).toHaveLength(1);
    expect(again).toEqual({
      status: 202,
      text: { type: 'application/json', content: JSON.stringify(first.body) },
      headers: { location: `/${made[0]}`, 'idempotency-replayed': 'true' },
    });
  });

  it('keeps senders, operations and keys apart', async () => {
    const { ask, made } = openBench();

    for (const given of [{}, { subject: 'bob' }, { operation: 'publish' }, { key: 'l' }]) await ask(given);

    expect(new Set(made).size).toBe(4);
  });

  it('refuses another request with the key', async () => {
    const { ask } = openBench();
    await ask();

    await expect(ask({ asked: '{"a":1}' })).rejects.toMatchObject({ problem: { status: 422, code: 'key_reused' } });
  });

  it('refuses a repetition while the first is being answered, and takes it up a minute later under the same id', async () => {
    const { ask, made, clock } = openBench();
    const hanging = new Promise<ApiAnswer>(() => undefined);
    void ask({}, (id) => {
      made.push(id);
      return hanging;
    });
    clock.advanceBy(59_999);

    await expect(ask()).rejects.toMatchObject({ problem: { status: 409, code: 'still_working' } });
    clock.advanceBy(1);
    await ask();

    expect(made).toHaveLength(2);
    expect(new Set(made).size).toBe(1);
  });

  it('goes on under the same id, at once, when nobody knows what the first try has done', async () => {
    const { ask, made } = openBench();
    const dies = async (id: ExecutionId): Promise<ApiAnswer> => {
      made.push(id);
      throw lost;
    };

    await expect(ask({}, dies)).rejects.toBe(lost);
    await ask();

    expect(made).toHaveLength(2);
    expect(new Set(made).size).toBe(1);
  });

  it('answers a long answer anew, under the same id', async () => {
    const { ask, made } = openBench();
    const long = async (id: ExecutionId): Promise<ApiAnswer> => {
      made.push(id);
      return { status: 200, body: 'x'.repeat(100_001) };
    };

    const answers = [await ask({}, long), await ask({}, long)];

    expect(answers.map(({ body }) => body)).toEqual(['x'.repeat(100_001), 'x'.repeat(100_001)]);
    expect(new Set(made).size).toBe(1);
  });

  it('forgets after a day', async () => {
    const { ask, made, clock } = openBench();
    await ask();
    clock.advanceBy(86_400_000 - 1);
    await ask();
    expect(made).toHaveLength(1);

    clock.advanceBy(1);
    await ask({ asked: '{"a":1}' });

    expect(new Set(made).size).toBe(2);
  });

  it.each(['', 'a b', 'ü', 'x'.repeat(256)])('refuses the key %j', async (key) => {
    const { ask } = openBench();

    await expect(ask({ key })).rejects.toMatchObject({ problem: { status: 400, code: 'key_invalid' } });
  });
});
