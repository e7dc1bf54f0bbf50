import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';
import { expectStatus, PATIENCE, startRunning, waiting } from './workflows.ts';

interface Open {
  readonly approval_id: string;
  readonly requested_at: string;
}

/** An execution that waits for somebody with the role `lead`. */
async function askPeople(bench: ApiBench): Promise<{ execution: string; approval: string }> {
  const { ask, name } = bench;
  const [workflow, type] = [name('asks'), name('lead')];
  const output = { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } };
  await ask(`POST /api/v1/agents/${type}/register`, { body: { runtime: 'human', roles: ['lead'], output } });
  const tasks = [
    { id: 'sign', agent: 'lead', description: 'Sign it.', timeout: '10m', input: { text: '${ input.text }' } },
  ];
  const definition = waiting(workflow, { agents: { lead: { type } }, output: '${ tasks.sign.output }', tasks });
  await ask('POST /api/v1/workflows', { body: definition });
  const execution = await startRunning(bench, workflow);
  const open = async () =>
    ((await ask(`GET /api/v1/approvals?execution_id=${execution}`)).body as { approvals: Open[] }).approvals;
  await expect.poll(open, PATIENCE).toHaveLength(1);
  return { execution, approval: (await open())[0]?.approval_id ?? '' };
}

export function approvals(bench: () => ApiBench): void {
  describe('GET /api/v1/approvals', () => {
    it('shows what is to be decided, to those who are asked', async () => {
      const { ask, server } = bench();
      const { execution, approval } = await askPeople(bench());
      const list = async (roles: string[]) => {
        const token = await server.tokenFor({ subject: 'bob', scopes: ['approval:decide'], roles });
        return (await ask(`GET /api/v1/approvals?execution_id=${execution}`, { token })).body;
      };

      expect(await list(['lead', 'clerk'])).toMatchObject({
        approvals: [
          {
            approval_id: approval,
            execution_id: execution,
            task: 'sign',
            agent: 'lead',
            description: 'Sign it.',
            input: { text: 'hi' },
            roles: ['lead'],
          },
        ],
      });
      expect(await list(['clerk'])).toEqual({ approvals: [] });
    });

    it('comes page by page', async () => {
      const { ask } = bench();
      const wanted = [await askPeople(bench()), await askPeople(bench())].map(({ approval }) => approval);
      const found: string[] = [];

      let cursor = '';
      do {
        const { body } = await ask(`GET /api/v1/approvals?limit=1${cursor}`);
        const page = body as { approvals: Open[]; next_cursor?: string };
        found.push(...page.approvals.map(({ approval_id: id }) => id));
        cursor = page.next_cursor === undefined ? '' : `&cursor=${page.next_cursor}`;
      } while (cursor !== '');

      expect(found.filter((id) => wanted.includes(id))).toEqual(wanted);
      expect((await ask('GET /api/v1/approvals?cursor=x')).status).toBe(400);
    });
  });

  describe('POST /api/v1/approvals/{id}/decision', () => {
    it('gives the task its output', async () => {
      const { ask } = bench();
      const { execution, approval } = await askPeople(bench());
      const at = `POST /api/v1/approvals/${approval}/decision`;

      const misfit = await ask(at, { body: { decision: 'approve', output: { ok: 'yes' } } });
      const decided = await ask(at, { body: { decision: 'approve', output: { ok: true } } });
      await expectStatus(bench(), execution, 'succeeded');
      const again = await ask(at, { body: { decision: 'approve', output: { ok: true } } });
      const late = await ask(at, { body: { decision: 'reject' } });
      const unknown = await ask('POST /api/v1/approvals/apr_none/decision', { body: { decision: 'reject' } });
      const { body } = await ask(`GET /api/v1/executions/${execution}`);

      expect(unknown.body).toMatchObject({ status: 404, code: 'approval_not_found' });
      expect(misfit.body).toMatchObject({ status: 400, code: 'invalid_input' });
      expect(decided.body).toEqual({ approval_id: approval, decision: 'approve', decided_by: 'ann' });
      expect(again).toMatchObject({ status: 200, body: decided.body });
      expect(late.body).toMatchObject({
        status: 409,
        code: 'attempt_not_live',
        detail: expect.stringContaining('ann has approved it') as string,
      });
      expect(body).toMatchObject({ output: { ok: true } });
    });

    it('lets the task fail with the reason', async () => {
      const { ask } = bench();
      const { execution, approval } = await askPeople(bench());

      const { status } = await ask(`POST /api/v1/approvals/${approval}/decision`, {
        body: { decision: 'reject', reason: 'not like this' },
      });
      await expectStatus(bench(), execution, 'failed');
      const { body } = await ask(`GET /api/v1/executions/${execution}/tasks`);

      expect(status).toBe(200);
      expect(body).toMatchObject({
        tasks: [{ error: { message: expect.stringContaining('not like this') as string } }],
      });
    });

    it('takes no decision of who is not asked', async () => {
      const { ask, server } = bench();
      const { approval } = await askPeople(bench());
      const token = await server.tokenFor({ subject: 'bob', scopes: ['approval:decide'], roles: ['clerk'] });

      const { body } = await ask(`POST /api/v1/approvals/${approval}/decision`, {
        body: { decision: 'reject' },
        token,
      });

      expect(body).toMatchObject({ status: 403, code: 'not_asked' });
    });

    it.each([{}, { decision: 'maybe' }, { decision: 'approve' }, { decision: 'reject', output: 1 }])(
      'answers 400 to the body %j',
      async (body) => {
        const { ask } = bench();

        expect((await ask('POST /api/v1/approvals/any/decision', { body })).status).toBe(400);
      },
    );

    it('lets one of two decisions at once count', async () => {
      const { ask } = bench();
      const { approval } = await askPeople(bench());
      const bodies = [{ decision: 'approve', output: { ok: true } }, { decision: 'reject' }];

      const both = await Promise.all(
        bodies.map((body) => ask(`POST /api/v1/approvals/${approval}/decision`, { body })),
      );

      expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
    });
  });
}
