import { describe, expect, it } from 'vitest';
import type { DeadLetter, DeadLetterQueues } from '../../../adapters/aws/index.ts';
import type { LetterSource } from '../../../core/execution/index.ts';
import { recordLetter, listIncidents } from '../../../engine/index.ts';
import { recordDeadLetter, recordDeadLetters } from '../../../functions/sweep/record-letter.ts';
import { createFakeRuntime } from '../fake-runtime.ts';

function open() {
  const fake: ReturnType<typeof createFakeRuntime> = createFakeRuntime({
    recordLetter: (letter) => recordLetter({ ...fake.stores, clock: fake.clock }, letter),
  });
  const record = (source: LetterSource, body: object | string, more: Partial<DeadLetter> = {}) =>
    recordDeadLetter(fake.runtime, {
      source,
      id: 'message-1',
      body: typeof body === 'string' ? body : JSON.stringify(body),
      ...more,
    });
  return { ...fake, record, incidents: () => listIncidents(fake.stores) };
}

const timer = { kind: 'attempt_timeout', execution: 'exec_1', path: 'lint', attempt: 1 };
const handle = 'hdl_secret';

describe('recordDeadLetter', () => {
  it.each<[LetterSource, object, object]>([
    ['timers', { v: 1, tenant: 'acme', timer, at: 5 }, { execution: 'exec_1', task: 'lint' }],
    [
      'answers',
      { requestPayload: { handle, task: { path: 'lint' }, context: { execution: 'exec_1' } } },
      { execution: 'exec_1', task: 'lint' },
    ],
    ['machines', { tenant: 'acme', workflow: 'review', version: '1' }, { source: 'machines' }],
    [
      'projections',
      {
        requestContext: { condition: 'RetryAttemptsExhausted' },
        DDBStreamBatchInfo: { shardId: 's', startSequenceNumber: '1' },
      },
      { reason: 'RetryAttemptsExhausted' },
    ],
    [
      'sweeps',
      { requestContext: { condition: 'RetriesExhausted' }, responsePayload: { errorMessage: 'No table.' } },
      { reason: 'No table.' },
    ],
    ['resources', { requestContext: { condition: 'EventAgeExceeded' } }, { reason: 'EventAgeExceeded' }],
  ])('makes one of %s an incident that says what it was about', async (source, body, incident) => {
    const { record, incidents } = open();

    await record(source, body);

    expect(await incidents()).toMatchObject([{ source, status: 'open', body: { inline: body }, ...incident }]);
  });

  it('keeps what cannot be read for the operator of the stage, as it is', async () => {
    const { record, incidents, tenants } = open();

    await record('timers', 'not { json');

    expect(tenants).toEqual(['default']);
    expect(await incidents()).toMatchObject([{ reason: 'It cannot be read.', body: { inline: 'not { json' } }]);
  });

  it('says why EventBridge could not deliver it', async () => {
    const { record, incidents } = open();

    await record('endings', { detail: { name: 'exec_1' } }, { reason: 'no permission' });

    expect(await incidents()).toMatchObject([{ reason: 'no permission', execution: 'exec_1' }]);
  });

  it('counts another message about the same, and not the same message again', async () => {
    const { record, incidents } = open();
    const body = { v: 1, tenant: 'acme', timer, at: 5 };

    await record('timers', body);
    await record('timers', body);
    await record('timers', { ...body, at: 9 }, { id: 'message-2' });

    expect(await incidents()).toMatchObject([{ letters: 2 }]);
  });
});

describe('recordDeadLetters', () => {
  it('counts what it has recorded, and reports what it has not', async () => {
    const { runtime, counted, errors } = open();
    const letters: readonly DeadLetter[] = [
      { source: 'timers', id: '1', body: '{}' },
      { source: 'timers', id: '2', body: '{}' },
    ];
    const queues: DeadLetterQueues = {
      takeEach: async (take, onError) => {
        await take(letters[0]!);
        onError(new Error('the table is gone'), letters[1]!);
        return 1;
      },
    };

    expect(await recordDeadLetters(runtime, queues)).toBe(1);

    expect(counted).toEqual({ DeadLetters: 1 });
    expect(errors).toMatchObject([{ message: 'the table is gone' }]);
  });
});
