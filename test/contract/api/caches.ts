import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';
import { PATIENCE, startRunning, waiting } from './workflows.ts';

interface Cache {
  readonly workflow_id: string;
  readonly answers: Readonly<Record<string, number>>;
}

export function caches(bench: () => ApiBench): void {
  describe('/api/v1/caches', () => {
    /** A workflow that has asked somebody, whose answer is kept. */
    const answered = async (): Promise<string> => {
      const { ask, name } = bench();
      const [workflow, lead] = [name('keeps'), name('lead')];
      await ask(`POST /api/v1/agents/${lead}/register`, { body: { runtime: 'human', roles: ['lead'] } });
      const tasks = [{ id: 'look', agent: 'lead', cache: { ttl: '1h' } }];
      const definition = waiting(workflow, { agents: { lead: { type: lead } }, tasks, output: {} });
      await ask('POST /api/v1/workflows', { body: definition });
      const execution = await startRunning(bench(), workflow);
      const inbox = `GET /api/v1/approvals?execution_id=${execution}`;
      const asked = async () => ((await ask(inbox)).body as { approvals: { approval_id: string }[] }).approvals;
      await expect.poll(asked, PATIENCE).toHaveLength(1);
      const approval = (await asked())[0]?.approval_id ?? '';
      await ask(`POST /api/v1/approvals/${approval}/decision`, { body: { decision: 'approve', output: { seen: 1 } } });
      return workflow;
    };
    const cacheOf = async (workflow: string): Promise<Cache | undefined> => {
      const { body } = await bench().ask('GET /api/v1/caches');
      return (body as { caches: readonly Cache[] }).caches.find(({ workflow_id: id }) => id === workflow);
    };

    it('show how many answers are kept, and clear them', async () => {
      const { ask } = bench();
      const workflow = await answered();
      await expect.poll(() => cacheOf(workflow), PATIENCE).toEqual({ workflow_id: workflow, answers: { look: 1 } });
      const clear = `POST /api/v1/caches/${workflow}/clear`;

      expect((await ask(clear, { body: { task: 'other' } })).body).toMatchObject({ task: 'other', cleared: 0 });
      expect(await ask(clear, { body: {} })).toMatchObject({
        status: 200,
        body: { workflow_id: workflow, cleared: 1 },
      });
      expect((await ask(clear, { body: {} })).body).toMatchObject({ cleared: 0 });
      expect((await cacheOf(workflow))?.answers ?? {}).toEqual({});
    });

    it('belong to workflows that there are', async () => {
      const { ask, name } = bench();

      const unknown = await ask(`POST /api/v1/caches/${name('nothing')}/clear`, { body: {} });

      expect(unknown).toMatchObject({ status: 404, body: { code: 'workflow_not_found' } });
      expect((await ask(`POST /api/v1/caches/${name('nothing')}/clear`, { body: { task: 7 } })).status).toBe(400);
    });
  });
}
