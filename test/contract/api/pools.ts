import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';
import { PATIENCE, waiting } from './workflows.ts';

interface ShownPool {
  readonly pool: string;
  readonly slots: readonly { readonly slot: number; readonly instance: number }[];
}

/** Three tasks of a person who takes one at a time, in a pool of two instances with one slot each; and one more who is asked once an hour. */
async function occupied(bench: ApiBench): Promise<{ pool: string; execution: string; rated: string }> {
  const { ask, name } = bench;
  const [workflow, person, rated] = [name('pooled'), name('person'), name('rated')];
  for (const agent of [person, rated])
    await ask(`POST /api/v1/agents/${agent}/register`, { body: { runtime: 'human' } });
  const agents = {
    clerk: { type: person, count: 2, max_concurrent_tasks: 1 },
    judge: { type: rated, rate_limit: { calls: 1, per: '1h' } },
  };
  const tasks = [
    ...['a', 'b', 'c'].map((id) => ({ id, agent: 'clerk', timeout: '1h', queue_timeout: '1h' })),
    ...['d', 'e'].map((id) => ({ id, agent: 'judge', timeout: '1h', queue_timeout: '1h' })),
  ];
  await ask('POST /api/v1/workflows', { body: waiting(workflow, { agents, tasks }) });
  const { body } = await ask(`POST /api/v1/workflows/${workflow}/execute`, { body: { input_data: { text: 'hi' } } });
  const { execution_id: execution } = body as { execution_id: string };
  const pool = `${workflow}.clerk`;
  await expect
    .poll(async () => (await ask(`GET /api/v1/pools/${pool}`)).body, PATIENCE)
    .toMatchObject({ held: 2, waiting: 1 });
  await expect.poll(async () => (await rateOf(bench, rated))?.waiting, PATIENCE).toBe(1);
  return { pool, execution, rated };
}

async function rateOf({ ask }: ApiBench, agent: string) {
  const { rates } = (await ask('GET /api/v1/pools')).body as { rates: { agent: string; waiting: number }[] };
  return rates.find((it) => it.agent === agent);
}

export function pools(bench: () => ApiBench): void {
  describe('/api/v1/pools', () => {
    it('shows who has the slots of a pool, who waits, and how often an agent is called', async () => {
      const { ask } = bench();
      const { pool, execution, rated } = await occupied(bench());

      const shown = (await ask(`GET /api/v1/pools/${pool}`)).body as ShownPool;
      const { pools: listed } = (await ask('GET /api/v1/pools')).body as { pools: ShownPool[] };

      expect(shown).toMatchObject({
        pool,
        capacity: 2,
        strategy: 'least_loaded',
        slots: [0, 1].map((slot) => ({ slot, instance: slot, token: 1, execution_id: execution, attempt: 1 })),
        instances: [0, 1].map((instance) => ({ instance, status: 'busy', slots: 1, held: 1 })),
        queue: [{ execution_id: execution }],
      });
      expect(listed.find((it) => it.pool === pool)).toEqual(shown);
      expect(await rateOf(bench(), rated)).toMatchObject({ calls: 1, per: 3600, free: 0, waiting: 1 });
    });

    it('drains an instance, and opens it again', async () => {
      const { ask } = bench();
      const { pool, execution } = await occupied(bench());

      const drained = await ask(`POST /api/v1/pools/${pool}/instances/1/drain`);
      expect(drained).toMatchObject({
        status: 200,
        body: {
          instances: [
            { instance: 0, status: 'busy' },
            { instance: 1, status: 'draining' },
          ],
        },
      });
      expect((await ask(`POST /api/v1/pools/${pool}/instances/1/drain`)).body).toEqual(drained.body);
      await ask(`POST /api/v1/executions/${execution}/cancel`);
      await expect
        .poll(async () => (await ask(`GET /api/v1/pools/${pool}`)).body, PATIENCE)
        .toMatchObject({
          held: 0,
          instances: [
            { instance: 0, status: 'idle' },
            { instance: 1, status: 'offline' },
          ],
        });

      const opened = await ask(`POST /api/v1/pools/${pool}/instances/1/open`);

      expect(opened.body).toMatchObject({ instances: [{ status: 'idle' }, { status: 'idle' }] });
    });

    it('knows nothing of pools that nobody has used, and of instances that they do not have', async () => {
      const { ask, name } = bench();
      const { pool } = await occupied(bench());

      expect(await ask(`GET /api/v1/pools/${name('none')}`)).toMatchObject({
        status: 404,
        body: { code: 'pool_not_found' },
      });
      for (const instance of ['2', 'x', '-1']) {
        const path = `/api/v1/pools/${pool}/instances/${instance}` as const;
        expect(await ask(`POST ${path}/drain`)).toMatchObject({ status: 404, body: { code: 'instance_not_found' } });
        expect(await ask(`POST ${path}/open`)).toMatchObject({ status: 404, body: { code: 'instance_not_found' } });
      }
      expect((await ask(`POST /api/v1/pools/${name('none')}/instances/0/drain`)).status).toBe(404);
    });

    it('is each tenant’s own', async () => {
      const { ask, server } = bench();
      const { pool } = await occupied(bench());
      const token = await server.tokenFor({ tenant: 'two', scopes: ['admin'] });

      expect((await ask(`GET /api/v1/pools/${pool}`, { token })).status).toBe(404);
      expect((await ask(`POST /api/v1/pools/${pool}/instances/0/drain`, { token })).status).toBe(404);
    });
  });
}
