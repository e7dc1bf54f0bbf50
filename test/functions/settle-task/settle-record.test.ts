import { describe, expect, it } from 'vitest';
import { lambdaErrorMessage } from '../../../core/agents/index.ts';
import { ConflictError, UnavailableError } from '../../../core/errors/index.ts';
import type { Json } from '../../../core/json/index.ts';
import { settleRecord } from '../../../functions/settle-task/settle-record.ts';
import { openMailbox } from '../../makers/agent-calls.ts';
import { createFakeRuntime } from '../fake-runtime.ts';

const record = (condition: string, responsePayload?: Json, handle = 'hdl_1') =>
  JSON.stringify({
    version: '1.0',
    requestContext: { requestId: 'r', functionArn: 'f', condition, approximateInvokeCount: 1 },
    requestPayload: { v: 1, handle, task: {} },
    responseContext: { statusCode: 200 },
    ...(responsePayload !== undefined && { responsePayload }),
  });

function open(refuse?: () => Error) {
  const mailbox = openMailbox(refuse);
  return { mailbox, ...createFakeRuntime({ answers: mailbox }) };
}

describe('settleRecord', () => {
  it.each([[{ files: 2 }], ['text'], [null], [[1, { deep: true }]]])(
    'completes the attempt with %j',
    async (output) => {
      const { runtime, mailbox, tenants } = open();

      await settleRecord(runtime, record('Success', output));

      expect(mailbox.answers).toEqual([{ handle: 'hdl_1', output }]);
      expect(tenants).toEqual(['acme']);
    },
  );

  it('takes what the agent says it has used, and the answer without it where that is none', async () => {
    const { runtime, mailbox } = open();
    const usage = { usd: 0.02, tokens: 7 };
    const errorMessage = lambdaErrorMessage('no', { usage });

    await settleRecord(runtime, record('Success', { $skein: 1, output: [1], usage }));
    await settleRecord(runtime, record('RetriesExhausted', { errorType: 'Broken', errorMessage }));
    await settleRecord(runtime, record('Success', { $skein: 1, output: [2], usage: { usd: -1 } }));
    await settleRecord(runtime, record('Success', { $skein: 1, output: [3] }));

    expect(mailbox.answers).toEqual([
      { handle: 'hdl_1', output: [1], usage },
      { handle: 'hdl_1', error: { name: 'Broken', message: 'no' }, usage },
      { handle: 'hdl_1', output: [2] },
      { handle: 'hdl_1', output: { $skein: 1, output: [3] } },
    ]);
  });

  it('takes an answer that says nothing for null', async () => {
    const { runtime, mailbox } = open();

    await settleRecord(runtime, record('Success'));

    expect(mailbox.answers).toEqual([{ handle: 'hdl_1', output: null }]);
  });

  it('fails the attempt with what the function threw', async () => {
    const { runtime, mailbox } = open();
    const errorMessage = lambdaErrorMessage('slow down', { retryable: true, retryAfter: 30 });

    await settleRecord(runtime, record('RetriesExhausted', { errorType: 'ModelBusy', errorMessage, trace: [] }));

    const error = { name: 'ModelBusy', message: 'slow down', retryable: true, retryAfter: 30 };
    expect(mailbox.answers).toEqual([{ handle: 'hdl_1', error }]);
  });

  it.each(['EventAgeExceeded', 'RetriesExhausted'])(
    'fails the attempt as AgentUnavailable when the function never ran: %s',
    async (condition) => {
      const { runtime, mailbox } = open();

      await settleRecord(runtime, record(condition));

      const message = `Lambda did not run the agent's function (${condition}).`;
      expect(mailbox.answers).toEqual([{ handle: 'hdl_1', error: { name: 'AgentUnavailable', message } }]);
    },
  );

  it('refuses an answer that the engine could not walk through', async () => {
    const { runtime, mailbox } = open();
    let deep: Json = 1;
    for (let level = 0; level < 300; level += 1) deep = [deep];

    await settleRecord(runtime, record('Success', deep));

    expect(mailbox.answers).toMatchObject([{ error: { name: 'InvalidOutput' } }]);
  });

  it('forgets, and counts, an answer that comes too late or a second time', async () => {
    const { runtime, counted } = open(() => new ConflictError({ code: 'attempt_not_live', message: 'late' }));

    await settleRecord(runtime, record('Success', 1));

    expect(counted).toEqual({ AnswersLate: 1 });
  });

  it('forgets, and counts, an answer by a handle that is none of ours', async () => {
    const { runtime, counted, mailbox } = open();

    await settleRecord(runtime, record('Success', 1, 'stolen'));

    expect(counted).toEqual({ AnswersLate: 1 });
    expect(mailbox.answers).toEqual([]);
  });

  it('leaves an answer that could not be recorded to another try', async () => {
    const { runtime } = open(() => new UnavailableError({ code: 'database_unavailable', message: 'no' }));

    await expect(settleRecord(runtime, record('Success', 1))).rejects.toMatchObject({ code: 'database_unavailable' });
  });

  it.each(['no json', '[]', '{"requestContext":{"condition":"Success"},"requestPayload":{}}'])(
    'refuses %j, which becomes a dead letter',
    async (body) => {
      await expect(settleRecord(open().runtime, body)).rejects.toMatchObject({ code: 'bad_message' });
    },
  );
});
