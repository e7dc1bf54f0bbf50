import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';
import { expectHolding, expectStatus, PATIENCE, publishWaiting, startRunning } from './workflows.ts';

const verbs = ['retry', 'skip', 'fail', 'complete'] as const;

export function recovery(bench: () => ApiBench): void {
  describe('POST /api/v1/executions/{id}/tasks/{task}/retry, skip, fail and complete', () => {
    const holding = async (task: object = {}) => {
      const { name } = bench();
      const tasks = [{ id: 'hold', wait: { event: `go.${name('never')}`, timeout: '10m' }, ...task }];
      const execution = await startRunning(bench(), await publishWaiting(bench(), { tasks }));
      await expectHolding(bench(), execution);
      return { execution, at: `/api/v1/executions/${execution}/tasks/hold` };
    };
    const factOf = async (execution: string) => {
      const { body } = await bench().ask(`GET /api/v1/executions/${execution}/events`);
      return (body as { events: { type: string; data: object }[] }).events.find(
        ({ type }) => type === 'task.intervened',
      );
    };

    it('settle a task in the name of who asks, and the execution goes on', async () => {
      const { ask } = bench();
      const { execution, at } = await holding();

      const { status, body } = await ask(`POST ${at}/complete`, {
        body: { output: { by: 'hand' }, reason: 'it came' },
      });
      await expectStatus(bench(), execution, 'succeeded');

      expect(status).toBe(200);
      expect(body).toEqual({
        execution_id: execution,
        task: 'hold',
        action: 'complete',
        by: 'ann',
        at: expect.any(String) as string,
      });
      expect(await factOf(execution)).toMatchObject({ data: { action: 'complete', by: 'ann', why: 'it came' } });
    });

    it('fail a task, and its execution with it', async () => {
      const { ask } = bench();
      const { execution, at } = await holding();

      const { status } = await ask(`POST ${at}/fail`, { body: { reason: 'hopeless' } });
      await expectStatus(bench(), execution, 'failed');

      expect(status).toBe(200);
    });

    it('act once for all repetitions of a request', async () => {
      const { ask, name } = bench();
      const { execution, at } = await holding({ allow_skip: true });
      const headers = { 'idempotency-key': name('key') };

      const first = await ask(`POST ${at}/skip`, { headers });
      await expectStatus(bench(), execution, 'succeeded');
      const again = await ask(`POST ${at}/skip`, { headers });
      const another = await ask(`POST ${at}/skip`);

      expect([first.status, again.text]).toEqual([200, first.text]);
      expect(another.body).toMatchObject({ status: 409, code: 'execution_stopped' });
    });

    it('have an attempt made anew that does not come back', async () => {
      const { ask, name } = bench();
      const type = name('people');
      await ask(`POST /api/v1/agents/${type}/register`, { body: { runtime: 'human' } });
      const change = { agents: { judge: { type } }, tasks: [{ id: 'judge', agent: 'judge' }] };
      const execution = await startRunning(bench(), await publishWaiting(bench(), change));
      const attempts = async () => {
        const { body } = await ask(`GET /api/v1/executions/${execution}/tasks`);
        return (body as { tasks: { attempts: number }[] }).tasks.map((task) => task.attempts);
      };
      await expect.poll(attempts, PATIENCE).toEqual([1]);

      const { status } = await ask(`POST /api/v1/executions/${execution}/tasks/judge/retry`);

      expect(status).toBe(200);
      await expect.poll(attempts, PATIENCE).toEqual([2]);
    });

    it.each(verbs)('answer what is wrong with a request to %s', async (verb) => {
      const { ask, name } = bench();
      const { execution, at } = await holding();
      const headers = { 'idempotency-key': name('key') };
      const body = verb === 'complete' ? { output: {} } : {};
      await ask(`POST ${at}/complete`, { body: { output: {} } });
      await expectStatus(bench(), execution, 'succeeded');

      const none = await ask(`POST /api/v1/executions/${name('none')}/tasks/hold/${verb}`, { body });
      const misfit = await ask(`POST ${at}/${verb}`, { body: { because: 1 } });
      const late = await ask(`POST ${at}/${verb}`, { body, headers });
      const reused = await ask(`POST ${at}/${verb}`, { body: { ...body, reason: 'another' }, headers });

      expect([none, misfit, late, reused].map(({ status }) => status)).toEqual([404, 400, 409, 422]);
    });

    it('answer 409 to what the states do not allow, and say why', async () => {
      const { ask } = bench();
      const { at } = await holding();

      const answers = [await ask(`POST ${at}/retry`), await ask(`POST ${at}/skip`)];

      expect(answers.map(({ body }) => body)).toMatchObject([
        { status: 409, code: 'nothing_to_retry' },
        { status: 409, code: 'skip_not_allowed' },
      ]);
    });

    it('answer 404 to what there is not, and 400 to a body that does not fit', async () => {
      const { ask, name } = bench();
      const { execution, at } = await holding();

      const none = await ask(`POST /api/v1/executions/${name('none')}/tasks/hold/retry`);
      const lost = await ask(`POST /api/v1/executions/${execution}/tasks/lost~child[1]/fail`);
      const misfit = await ask(`POST ${at}/complete`, { body: {} });
      const deep = await ask(`POST ${at}/complete`, { body: `{"output":${'['.repeat(9_000)}${']'.repeat(9_000)}}` });

      expect([none.body, lost.body]).toMatchObject([{ code: 'execution_not_found' }, { code: 'task_not_found' }]);
      expect([misfit.body, deep.body]).toMatchObject([
        { status: 400, code: 'body_invalid' },
        { status: 400, code: 'invalid_input' },
      ]);
    });

    it('answer 404 to another tenant', async () => {
      const { ask, server } = bench();
      const { at } = await holding();
      const token = await server.tokenFor({ tenant: 'two', scopes: ['admin'] });

      expect((await ask(`POST ${at}/fail`, { token })).status).toBe(404);
    });
  });
}
