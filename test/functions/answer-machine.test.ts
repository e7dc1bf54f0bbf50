import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../core/errors/index.ts';
import { answerMachine, keysOfCall } from '../../functions/answer-machine.ts';
import { createFakeRuntime } from './fake-runtime.ts';

const payload = { v: 1, tenant: 'acme', execution: 'exec_1', task: 'lint', token: 'secret-token' };
const unavailable = new UnavailableError({ code: 'database_unavailable', message: 'no' });

describe('answerMachine', () => {
  it("asks the engine of the call's tenant", async () => {
    const calls: unknown[] = [];
    const { runtime, tenants } = createFakeRuntime({ dispatch: async (call) => void calls.push(call) });

    await answerMachine(runtime, 'dispatch')(payload);

    expect(tenants).toEqual(['acme']);
    expect(calls).toEqual([{ execution: 'exec_1', task: 'lint', rounds: [], token: 'secret-token' }]);
  });

  it("fails under a name that the state's Retry knows when trying again may help", async () => {
    const { runtime } = createFakeRuntime({ dispatch: () => Promise.reject(unavailable) });

    await expect(answerMachine(runtime, 'dispatch')(payload)).rejects.toMatchObject({
      name: 'Lambda.ServiceException',
      message: 'UnavailableError: no',
    });
  });

  it('fails for good for a call that it cannot read', async () => {
    const { runtime } = createFakeRuntime();

    for (const bad of [{}, 'text', { tenant: 'acme' }])
      await expect(answerMachine(runtime, 'conclude')(bad)).rejects.toMatchObject({
        message: expect.stringContaining('A machine called without') as string,
      });
  });

  it('never fails a state whose answer has gone out', async () => {
    const { runtime, answered, errors, counted } = createFakeRuntime({
      dispatch: async ({ token }) => {
        answered.add(token);
        throw unavailable;
      },
    });

    await expect(answerMachine(runtime, 'dispatch')(payload)).resolves.toEqual({});

    expect(errors).toMatchObject([{ name: 'Lambda.ServiceException' }]);
    expect(counted).toEqual({ FollowUpsFailed: 1 });
  });
});

describe('keysOfCall', () => {
  it('names execution, task and tenant, and never the token', () => {
    expect(keysOfCall(payload)).toEqual({ tenant: 'acme', execution: 'exec_1', task: 'lint' });
    expect(keysOfCall([])).toEqual({});
  });
});
