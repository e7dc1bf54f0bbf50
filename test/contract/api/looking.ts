import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';
import {
  expectHolding,
  expectStatus,
  letGo,
  PATIENCE,
  publishWaiting,
  startRunning,
  type Started,
} from './workflows.ts';

async function runToEnd(bench: ApiBench, input?: object): Promise<{ workflow: string; execution: string }> {
  const workflow = await publishWaiting(bench);
  const execution = await startRunning(bench, workflow, input);
  await expectHolding(bench, execution);
  await letGo(bench, workflow);
  await expectStatus(bench, execution, 'succeeded');
  return { workflow, execution };
}

const views = ['tasks', 'events', 'timeline', 'explain', 'checkpoints', `artifacts/${'0'.repeat(64)}`];

export function looking(bench: () => ApiBench): void {
  describe('GET /api/v1/executions', () => {
    it('lists those that fit the filter, newest first, page by page', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());
      const started = [await startRunning(bench(), workflow), await startRunning(bench(), workflow)];
      const list = async (query: string) =>
        (await ask(`GET /api/v1/executions?workflow_id=${workflow}${query}`)).body as {
          executions: { execution_id: string; started_at: string }[];
          next_cursor?: string;
        };
      const idsAt = async (query: string) => (await list(query)).executions.map(({ execution_id }) => execution_id);

      await expect.poll(() => idsAt('&status=running'), PATIENCE).toEqual(started.toReversed());
      const first = await list('&limit=1');
      const second = await list(`&limit=1&cursor=${first.next_cursor ?? ''}`);
      const { started_at: newest = '' } = first.executions[0] ?? {};

      expect([...first.executions, ...second.executions].map((it) => it.execution_id)).toEqual(started.toReversed());
      expect(second.next_cursor).toBeUndefined();
      expect(await idsAt('&status=failed')).toEqual([]);
      expect(await idsAt(`&started_since=${newest}`)).toEqual([started[1]]);
      expect(await idsAt(`&started_before=${newest}`)).toEqual([started[0]]);
    });

    it('finds those of a tag, and those with a value in their input', async () => {
      const { ask, name } = bench();
      const tag = name('tag');
      const input = { type: 'object' };
      const tagged = await publishWaiting(bench(), { tags: [tag], input, output: null });
      const other = await publishWaiting(bench(), { input, output: null });
      const [customer, large] = [name('customer'), 'x'.repeat(300_000)];
      const ids = [
        await startRunning(bench(), tagged, { customer: { id: customer }, count: 7 }),
        await startRunning(bench(), tagged, { customer: { id: 'other' } }),
        await startRunning(bench(), other, { customer: { id: customer }, large }),
      ];
      const idsAt = async (query: string) => {
        const { body } = await ask(`GET /api/v1/executions?status=running&${query}`);
        return (body as { executions: { execution_id: string }[] }).executions.map(({ execution_id: id }) => id);
      };
      const ofCustomer = `input_field=customer.id&input_value=${customer}`;

      await expect.poll(() => idsAt(`tag=${tag}`), PATIENCE).toEqual([ids[1], ids[0]]);
      await expect.poll(() => idsAt(ofCustomer), PATIENCE).toEqual([ids[2], ids[0]]);
      expect(await idsAt(`tag=${tag}&${ofCustomer}`)).toEqual([ids[0]]);
      expect(await idsAt(`tag=${tag}&input_field=count&input_value=7`)).toEqual([ids[0]]);
      expect(await idsAt(`tag=${tag}&input_field=count.toString&input_value=7`)).toEqual([]);
      const { body } = await ask(`GET /api/v1/executions?tag=${tag}&limit=1`);
      const { next_cursor: cursor = '' } = body as { next_cursor?: string };
      expect(await idsAt(`tag=${tag}&limit=1&cursor=${cursor}`)).toEqual([ids[0]]);
    });

    it.each(['input_field=a', 'input_value=b', 'status=done', 'limit=101', 'started_since=yesterday', 'cursor=WzFd'])(
      'answers 400 to %s',
      async (query) => {
        const { ask } = bench();

        expect((await ask(`GET /api/v1/executions?${query}`)).status).toBe(400);
      },
    );
  });

  describe('GET /api/v1/executions/{id}', () => {
    it('can be read by who was just told of it', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());
      const { body } = await ask(`POST /api/v1/workflows/${workflow}/execute`, { body: { input_data: { text: 'x' } } });
      const { execution_id: id } = body as Started;

      const read = await ask(`GET /api/v1/executions/${id}`);

      expect(read.body).toMatchObject({ execution_id: id, workflow_id: workflow, version: '1', input: { text: 'x' } });
    });

    it.each(['', ...views.map((view) => `/${view}`)])(
      'answers 404 to %s of an execution that there is not',
      async (view) => {
        const { ask } = bench();

        const { body } = await ask(`GET /api/v1/executions/exec_00000000000000000000000000${view}`);

        expect(body).toMatchObject({ status: 404, code: 'execution_not_found' });
      },
    );
  });

  describe('the views of an execution', () => {
    it('tell its tasks, its history and when each task worked', async () => {
      const { ask } = bench();
      const { execution } = await runToEnd(bench());
      const at = (view: string) => ask(`GET /api/v1/executions/${execution}/${view}`);

      const tasks = await at('tasks');
      const events = await at('events');
      const timeline = await at('timeline');

      expect(tasks.body).toMatchObject({ tasks: [{ path: 'hold', status: 'succeeded', output: { source: 'ann' } }] });
      const { events: history } = events.body as { events: { type: string; lamport: number }[] };
      expect(history[0]).toMatchObject({ type: 'workflow.execution_started', n: 1 });
      expect(history.at(-1)).toMatchObject({ type: 'workflow.execution_completed' });
      expect(history.map(({ lamport }) => lamport)).toEqual(
        history.map(({ lamport }) => lamport).toSorted((a, b) => a - b),
      );
      expect(timeline.body).toMatchObject({ execution_id: execution, tasks: [{ path: 'hold', status: 'succeeded' }] });
    });

    it('come page by page', async () => {
      const { ask } = bench();
      const { execution } = await runToEnd(bench());
      const whole = (await ask(`GET /api/v1/executions/${execution}/events`)).body as { events: object[] };

      const first = await ask(`GET /api/v1/executions/${execution}/events?limit=2`);
      const { next_cursor: cursor = '' } = first.body as { next_cursor?: string };
      const rest = await ask(`GET /api/v1/executions/${execution}/events?cursor=${cursor}`);

      const paged = [first.body, rest.body] as { events: object[] }[];
      expect(paged.flatMap(({ events }) => events)).toEqual(whole.events);
      expect(rest.body).not.toHaveProperty('next_cursor');
      for (const view of ['tasks', 'events'])
        expect((await ask(`GET /api/v1/executions/${execution}/${view}?cursor=W10`)).status).toBe(400);
    });

    it('explain what an execution waits for, and who can make it happen', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());
      const execution = await startRunning(bench(), workflow);
      const look = (task: string) => ask(`GET /api/v1/executions/${execution}/explain?task=${task}`);

      await expect.poll(async () => (await look('hold')).body, PATIENCE).toMatchObject({ next: { who: 'publisher' } });
      const whole = await ask(`GET /api/v1/executions/${execution}/explain`);

      expect(whole.body).toMatchObject({ next: { who: 'publisher' } });
      expect((await look('nobody')).status).toBe(404);
      expect((await look('x'.repeat(501))).status).toBe(400);
    });

    it('give large values by their digest', async () => {
      const { ask } = bench();
      const text = 'ä'.repeat(150_000);
      const { execution } = await runToEnd(bench(), { text });

      const { body } = await ask(`GET /api/v1/executions/${execution}`);
      const { output_reference: reference } = body as { output_reference: { digest: string; bytes: number } };
      const artifact = await ask(`GET /api/v1/executions/${execution}/artifacts/${reference.digest}`);

      expect(reference.bytes).toBeGreaterThan(300_000);
      expect(artifact.body).toEqual({ text });
    });
  });

  describe('the server', () => {
    it('says that it lives, is ready, and has room', async () => {
      const { ask } = bench();

      const health = await ask('GET /health', { token: null });
      const ready = await ask('GET /ready', { token: null });
      const capacity = await ask('GET /workflow-capacity');

      expect(health.body).toMatchObject({ status: 'ok' });
      expect(ready.body).toMatchObject({ status: 'ready' });
      const {
        max_concurrent_workflows: most,
        active_workflows: active,
        available_capacity: free,
      } = capacity.body as {
        max_concurrent_workflows: number;
        active_workflows: number;
        available_capacity: number;
      };
      expect(active + free).toBe(most);
    });

    it('tells which patterns it executes', async () => {
      const { ask } = bench();

      const { body } = await ask('GET /api/v1/patterns/available');

      expect(body).toMatchObject({ patterns: [{ name: 'graph' }] });
    });

    it('answers 404 and 405 with problems to what is no route', async () => {
      const { ask } = bench();

      const path = await ask('GET /api/v1/nowhere');
      const method = await ask('DELETE /api/v1/workflows');
      const long = await ask(`GET /api/v1/executions/${'x'.repeat(300)}`);

      expect([path.body, method.body, long.body]).toMatchObject([
        { status: 404, code: 'no_such_route' },
        { status: 405, code: 'method_not_allowed' },
        { status: 404, code: 'no_such_route' },
      ]);
      expect(method.headers.get('allow')).toBe('POST, GET');
    });
  });
}
