import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';
import { expectStatus, waiting } from './workflows.ts';

/** Nobody listens there: every call fails at once. */
const CLOSED_PORT = 9;

/** An agent type whose breaker has opened with its first call. */
async function openBreaker(bench: ApiBench): Promise<string> {
  const { ask, name, server } = bench;
  const [workflow, agent] = [name('breaks'), name('flaky')];
  await ask(`POST /api/v1/agents/${agent}/register`, { body: { runtime: 'http', url: server.urlOfPort(CLOSED_PORT) } });
  const circuit_breaker = { failure_threshold: 1, timeout_seconds: '1h' };
  const tasks = [{ id: 'call', agent: 'flaky', retry_policy: 'none', continue_on_failure: true }];
  const agents = { flaky: { type: agent, circuit_breaker } };
  await ask('POST /api/v1/workflows', { body: waiting(workflow, { agents, tasks }) });
  const { status, body } = await ask(`POST /api/v1/workflows/${workflow}/execute`, {
    body: { input_data: { text: 'hi' } },
  });
  expect(status).toBe(202);
  await expectStatus(bench, (body as { execution_id: string }).execution_id, 'succeeded');
  return agent;
}

export function breakers(bench: () => ApiBench): void {
  describe('/api/v1/breakers', () => {
    it('shows a breaker that has opened, and closes it on demand', async () => {
      const { ask } = bench();
      const agent = await openBreaker(bench());
      const open = { agent, status: 'open', epoch: 1, opened: 1, last_error: 'AgentUnavailable' };

      expect((await ask(`GET /api/v1/breakers/${agent}`)).body).toMatchObject(open);
      const { breakers: listed } = (await ask('GET /api/v1/breakers')).body as { breakers: { agent: string }[] };
      expect(listed.filter((it) => it.agent === agent)).toMatchObject([open]);

      const reset = await ask(`POST /api/v1/breakers/${agent}/reset`);

      expect(reset).toMatchObject({ status: 200, body: { agent, status: 'closed', epoch: 2, failures: 0 } });
      expect((await ask(`POST /api/v1/breakers/${agent}/reset`)).body).toEqual(reset.body);
    });

    it('shows one of which nothing is recorded as closed', async () => {
      const { ask, name } = bench();
      const agent = name('calm');
      await ask(`POST /api/v1/agents/${agent}/register`, { body: { runtime: 'human' } });

      const { status, body } = await ask(`GET /api/v1/breakers/${agent}`);

      expect([status, body]).toEqual([200, { agent, status: 'closed', epoch: 0, failures: 0 }]);
    });

    it('knows nothing of agent types that there are not', async () => {
      const { ask, name } = bench();
      const agent = name('nobody');

      expect(await ask(`GET /api/v1/breakers/${agent}`)).toMatchObject({
        status: 404,
        body: { code: 'breaker_not_found' },
      });
      expect((await ask(`POST /api/v1/breakers/${agent}/reset`)).status).toBe(404);
    });

    it('is each tenant’s own', async () => {
      const { ask, server } = bench();
      const agent = await openBreaker(bench());
      const token = await server.tokenFor({ tenant: 'two', scopes: ['admin'] });

      expect((await ask(`GET /api/v1/breakers/${agent}`, { token })).status).toBe(404);
      expect((await ask(`POST /api/v1/breakers/${agent}/reset`, { token })).status).toBe(404);
      expect((await ask(`GET /api/v1/breakers/${agent}`)).body).toMatchObject({ status: 'open' });
    });
  });
}
