import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';
import { expectStatus, letGo, publishWaiting, startRunning, waiting, type Started } from './workflows.ts';

export function executing(bench: () => ApiBench): void {
  describe('POST /api/v1/workflows/{id}/execute', () => {
    it('accepts an execution, which ends with its output', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());

      const { status, headers, body } = await ask(`POST /api/v1/workflows/${workflow}/execute`, {
        body: { input_data: { text: 'hello' } },
      });
      const started = body as Started;
      await expectStatus(bench(), started.execution_id, 'running');
      await letGo(bench(), workflow);
      await expectStatus(bench(), started.execution_id, 'succeeded');
      const ended = await ask(`GET /api/v1/executions/${started.execution_id}`);

      expect(status).toBe(202);
      expect(headers.get('location')).toBe(started.execution_url);
      expect(body).toEqual({
        execution_id: expect.stringMatching(/^exec_[0-9A-Z]{26}$/) as string,
        status: 'planning',
        allocated_agents: [],
        execution_url: expect.stringMatching(/^https?:.*\/api\/v1\/executions\/exec_/) as string,
      });
      expect(ended.body).toMatchObject({ output: { text: 'hello' }, input: { text: 'hello' }, workflow_id: workflow });
    });

    it('names the agents that get the tasks', async () => {
      const { ask, name } = bench();
      const [workflow, type] = [name('asks'), name('people')];
      await ask(`POST /api/v1/agents/${type}/register`, { body: { runtime: 'human' } });
      const agents = { judge: { type, count: 2 }, idler: { type } };
      const tasks = [{ id: 'judge', agent: 'judge' }];
      await ask('POST /api/v1/workflows', { body: waiting(workflow, { agents, tasks }) });

      const { body } = await ask(`POST /api/v1/workflows/${workflow}/execute`, {
        body: { input_data: { text: '' }, execution_options: { timeout: 60 } },
      });

      expect(body).toMatchObject({
        allocated_agents: [{ agent: 'judge', agent_type: type, instances: 2, tasks: ['judge'] }],
      });
    });

    it('starts nothing in a dry run', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());

      const { status, body } = await ask(`POST /api/v1/workflows/${workflow}/execute`, {
        body: { input_data: { text: '' }, execution_options: { dry_run: true } },
      });
      const after = await ask(`GET /api/v1/workflows/${workflow}/status`);

      expect(status).toBe(200);
      expect(body).toMatchObject({ status: 'dry_run', allocated_agents: [] });
      expect(after.body).toMatchObject({ status: 404, code: 'never_executed' });
    });

    it('answers 404 to a workflow or version that is not published', async () => {
      const { ask, name } = bench();
      const workflow = await publishWaiting(bench());

      const answers = [
        await ask(`POST /api/v1/workflows/${name('none')}/execute`, { body: { input_data: {} } }),
        await ask(`POST /api/v1/workflows/${workflow}/execute`, { body: { input_data: { text: '' }, version: '7' } }),
      ];

      expect(answers.map(({ body }) => body)).toMatchObject([
        { status: 404, code: 'workflow_not_found' },
        { status: 404, code: 'version_not_found' },
      ]);
    });

    it('answers 422 to an input that does not fit', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());
      const execute = (body: unknown) => ask(`POST /api/v1/workflows/${workflow}/execute`, { body });

      const wrong = await execute({ input_data: { text: 1 } });
      const deep = await execute(`{"input_data":{"text":"","deep":${'['.repeat(9_000)}${']'.repeat(9_000)}}}`);

      expect([wrong.body, deep.body]).toMatchObject([
        { status: 422, code: 'input_invalid' },
        { status: 422, code: 'input_invalid' },
      ]);
    });

    it.each([
      [{}, '/input_data'],
      [{ input_data: {}, inputs: {} }, ''],
      [{ input_data: {}, execution_options: { timeout: 0 } }, '/execution_options/timeout'],
      [{ input_data: {}, execution_options: { retry_policy: 'sometimes' } }, '/execution_options/retry_policy'],
      [{ input_data: {}, execution_options: { constructor: 1 } }, '/execution_options'],
    ])('answers 400 to the body %j', async (given, pointer) => {
      const { ask } = bench();

      const { status, body } = await ask('POST /api/v1/workflows/any/execute', { body: given });

      expect(status).toBe(400);
      expect(body).toMatchObject({ code: 'body_invalid', errors: [{ pointer }] });
    });

    it('answers 507 when the agents may need more than was allowed', async () => {
      const { ask, name } = bench();
      const [workflow, type] = [name('big'), name('people')];
      await ask(`POST /api/v1/agents/${type}/register`, { body: { runtime: 'human' } });
      const agents = { judge: { type, count: 3, resources: { cpu: 2, memory: '4GB' } } };
      const tasks = [{ id: 'judge', agent: 'judge', parallel: true }];
      await ask('POST /api/v1/workflows', { body: waiting(workflow, { agents, tasks }) });
      const under = async (resource_constraints: object) => {
        const body = { input_data: { text: '' }, execution_options: { resource_constraints, dry_run: true } };
        return (await ask(`POST /api/v1/workflows/${workflow}/execute`, { body })).body;
      };

      expect(await under({ cores: 5 })).toMatchObject({
        status: 507,
        code: 'allocation_failed',
        details: { needed: 6 },
      });
      expect(await under({ instances: 2 })).toMatchObject({ status: 507, details: { resource: 'instances' } });
      expect(await under({ memory_bytes: 11e9 })).toMatchObject({ status: 507, details: { resource: 'memory' } });
      expect(await under({ cores: 6, instances: 3, memory_bytes: 12e9 })).toMatchObject({ status: 'dry_run' });
    });

    it('answers 409 to who wants to be alone while another execution goes on', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());
      const running = await startRunning(bench(), workflow);
      const body = { input_data: { text: '' }, execution_options: { exclusive: true } };

      const refused = await ask(`POST /api/v1/workflows/${workflow}/execute`, { body });
      await letGo(bench(), workflow);
      await expectStatus(bench(), running, 'succeeded');
      const accepted = await ask(`POST /api/v1/workflows/${workflow}/execute`, { body });

      expect(refused.body).toMatchObject({
        status: 409,
        code: 'already_executing',
        details: { execution_id: running },
      });
      expect(accepted.status).toBe(202);
    });

    it('queues what max_executions has no place for, says so everywhere, and begins it when the other has ended', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench(), { concurrency: { max_executions: 1 } });
      const first = await startRunning(bench(), workflow);

      const second = await ask(`POST /api/v1/workflows/${workflow}/execute`, { body: { input_data: { text: 'b' } } });
      const { execution_id: id } = second.body as Started;
      await expectStatus(bench(), id, 'queued');
      const { body } = await ask(`GET /api/v1/executions/${id}`);
      const explained = await ask(`GET /api/v1/executions/${id}/explain`);
      await letGo(bench(), workflow);
      await expectStatus(bench(), first, 'succeeded');
      await expectStatus(bench(), id, 'succeeded');

      expect(second).toMatchObject({ status: 202, body: { status: 'queued' } });
      expect(body).toMatchObject({
        queue: { limit: 'max_executions', size: 1, position: 1, executions: [first] },
      });
      expect(explained.body).toMatchObject({ next: { command: `skein explain ${first}` } });
      expect((explained.body as { sentence: string }).sentence).toContain(
        `as the next one: \`max_executions\` allows 1 at once: \`${first}\``,
      );
    });

    it('refuses a second execution of a key where nobody waits, and an input that has no key', async () => {
      const { ask } = bench();
      const concurrency = { key: '${ input.customer }', on_limit: 'reject' };
      const workflow = await publishWaiting(bench(), { concurrency, input: { type: 'object' } });
      const execute = (input_data: object) =>
        ask(`POST /api/v1/workflows/${workflow}/execute`, { body: { input_data } });
      const first = await startRunning(bench(), workflow, { customer: 'a', text: '' });

      const [again, other, none] = [
        await execute({ customer: 'a', text: '' }),
        await execute({ customer: 'b', text: '' }),
        await execute({ text: '' }),
      ];

      expect(again.body).toMatchObject({
        status: 409,
        code: 'too_many_executions',
        details: { limit: 'key', executions: [first] },
      });
      expect(other.status).toBe(202);
      expect(none.body).toMatchObject({
        status: 422,
        code: 'key_invalid',
        details: { place: 'workflow.concurrency.key' },
      });
    });

    it('starts one execution for all repetitions of a request', async () => {
      const { ask, name } = bench();
      const workflow = await publishWaiting(bench());
      const headers = { 'idempotency-key': name('key') };
      const execute = (text: string) =>
        ask(`POST /api/v1/workflows/${workflow}/execute`, { body: { input_data: { text } }, headers });

      const first = await execute('a');
      const again = await execute('a');
      const other = await execute('b');

      expect(again.text).toBe(first.text);
      expect([first.status, other.status]).toEqual([202, 422]);
    });

    it.each(['a b', 'x'.repeat(256)])('answers 400 to the idempotency key %j', async (key) => {
      const { ask } = bench();

      const { status } = await ask('POST /api/v1/events', {
        body: { type: 'x', data: 1 },
        headers: { 'idempotency-key': key },
      });

      expect(status).toBe(400);
    });
  });

  describe('GET /api/v1/workflows/{id}/status', () => {
    it('tells how far the newest execution is', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());
      const execution = await startRunning(bench(), workflow);

      const { status, body } = await ask(`GET /api/v1/workflows/${workflow}/status`);

      expect(status).toBe(200);
      expect(body).toEqual({
        workflow_id: workflow,
        execution_id: execution,
        status: 'running',
        current_phase: expect.any(String) as string,
        agents: [],
        performance_metrics: {
          elapsed_seconds: expect.any(Number) as number,
          tasks: expect.any(Object) as object,
          attempts: 0,
          retries: 0,
          progress: 0,
        },
      });
    });

    it('has the error of an execution that failed', async () => {
      const { ask, name } = bench();
      const workflow = name('fails');
      const tasks = [{ id: 'hold', wait: { event: `never.${workflow}`, timeout: 0.2 } }];
      await ask('POST /api/v1/workflows', { body: waiting(workflow, { tasks }) });
      const { body } = await ask(`POST /api/v1/workflows/${workflow}/execute`, { body: { input_data: { text: '' } } });
      await expectStatus(bench(), (body as Started).execution_id, 'failed');

      const failed = await ask(`GET /api/v1/workflows/${workflow}/status`);

      expect(failed.body).toMatchObject({
        status: 'failed',
        error_details: { name: expect.any(String) as string, message: expect.any(String) as string, task: 'hold' },
      });
    });

    it('answers 404 to a workflow that is not published', async () => {
      const { ask, name } = bench();

      const { body } = await ask(`GET /api/v1/workflows/${name('none')}/status`);

      expect(body).toMatchObject({ status: 404, code: 'workflow_not_found' });
    });
  });

  describe('POST /api/v1/events', () => {
    it('publishes an event once for each id', async () => {
      const { ask, name } = bench();
      const id = name('evt');

      const first = await ask('POST /api/v1/events', { body: { type: 'build.finished', data: null, id } });
      const again = await ask('POST /api/v1/events', { body: { type: 'build.finished', data: 2, id } });
      const own = await ask('POST /api/v1/events', { body: { type: 'build.finished', data: {} } });

      expect([first.body, again.body]).toEqual([{ event_id: id }, { event_id: id }]);
      expect(own.body).toEqual({ event_id: expect.stringMatching(/^evt_/) as string });
    });

    it('gives all repetitions of a request the same id', async () => {
      const { ask, name } = bench();
      const headers = { 'idempotency-key': name('key') };

      const first = await ask('POST /api/v1/events', { body: { type: 'x', data: 1 }, headers });
      const again = await ask('POST /api/v1/events', { body: { type: 'x', data: 1 }, headers });
      const other = await ask('POST /api/v1/events', { body: { type: 'x', data: 2 }, headers });

      expect(again.text).toBe(first.text);
      expect(other.status).toBe(422);
    });
  });
}
