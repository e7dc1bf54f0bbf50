import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';
import { expectStatus, PATIENCE, startRunning, waiting } from './workflows.ts';

/** Nobody listens there: every call fails at once. */
const CLOSED_PORT = 9;

/** An execution whose one effect cannot be undone: what its compensation should be told is not in the answer. */
async function leaveResidue(bench: ApiBench): Promise<string> {
  const { ask, name, server } = bench;
  const [workflow, lead, flaky] = [name('undoes'), name('lead'), name('flaky')];
  await ask(`POST /api/v1/agents/${lead}/register`, { body: { runtime: 'human', roles: ['lead'] } });
  await ask(`POST /api/v1/agents/${flaky}/register`, { body: { runtime: 'http', url: server.urlOfPort(CLOSED_PORT) } });
  const compensate = { agent: 'lead', input: { undo: '${ tasks.pay.output.receipt }' } };
  const tasks = [
    { id: 'pay', agent: 'lead', compensate },
    { id: 'ship', agent: 'flaky', depends_on: ['pay'], effect: 'none', retry_policy: 'none' },
  ];
  const agents = { lead: { type: lead }, flaky: { type: flaky } };
  const fault_tolerance = { saga_pattern: { compensation_enabled: true } };
  const { status } = await ask('POST /api/v1/workflows', {
    body: waiting(workflow, { agents, tasks, fault_tolerance, output: {} }),
  });
  expect(status).toBe(201);
  const execution = await startRunning(bench, workflow);
  const inbox = `GET /api/v1/approvals?execution_id=${execution}`;
  const asked = async () => ((await ask(inbox)).body as { approvals: { approval_id: string }[] }).approvals;
  await expect.poll(asked, PATIENCE).toHaveLength(1);
  const approval = (await asked())[0]?.approval_id ?? '';
  const paid = await ask(`POST /api/v1/approvals/${approval}/decision`, {
    body: { decision: 'approve', output: { paid: true } },
  });
  expect(paid.status).toBe(200);
  await expectStatus(bench, execution, 'compensation_failed');
  return execution;
}

export function compensations(bench: () => ApiBench): void {
  describe('/api/v1/executions/{id}/compensations', () => {
    it('show what could not be undone, and take an operator at his word', async () => {
      const { ask } = bench();
      const execution = await leaveResidue(bench());
      const at = `/api/v1/executions/${execution}/compensations`;
      const asked = { task: 'pay', action: 'done', reason: 'the bank has called it back' };

      const before = await ask(`GET ${at}`);
      const wrong = await ask(`POST ${at}`, { body: { ...asked, action: 'undo' } });
      const done = await ask(`POST ${at}`, { body: asked });
      await expectStatus(bench(), execution, 'compensated');
      const again = await ask(`POST ${at}`, { body: { ...asked, action: 'skip' } });

      const failed = { task: 'pay', status: 'compensation_failed', error: { name: 'InvalidInput' } };
      expect(before).toMatchObject({
        status: 200,
        body: { compensations: [{ ...failed, may: ['retry', 'done', 'skip'] }] },
      });
      expect(wrong.status).toBe(400);
      const resolution = { as: 'done', by: 'ann', reason: asked.reason };
      expect(done).toMatchObject({
        status: 200,
        body: { compensations: [{ task: 'pay', status: 'compensated', resolution }] },
      });
      expect(again).toMatchObject({ status: 409, body: { code: 'not_left' } });
    });

    it('belong to executions that there are', async () => {
      const { ask } = bench();
      const at = '/api/v1/executions/exec_00000000000000000000000000/compensations';

      expect((await ask(`GET ${at}`)).status).toBe(404);
      const body = { task: 'pay', action: 'skip', reason: 'nobody knows it' };
      expect((await ask(`POST ${at}`, { body })).status).toBe(404);
    });
  });
}
