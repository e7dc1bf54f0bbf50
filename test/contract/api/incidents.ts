import { describe, expect, it } from 'vitest';
import type { LetterSource } from '../../../core/execution/index.ts';
import { executionId } from '../../../core/ids/index.ts';
import type { ApiBench } from './bench.ts';
import { publishWaiting, startRunning } from './workflows.ts';

interface Shown {
  readonly incident_id: string;
  readonly status: string;
}

export function incidents(bench: () => ApiBench): void {
  describe('/api/v1/incidents', () => {
    const giveUp = async (source: LetterSource): Promise<{ at: string; execution: string; id: string }> => {
      const execution = await startRunning(bench(), await publishWaiting(bench()));
      const id = await bench().server.giveUp(source, executionId(execution));
      return { at: `/api/v1/incidents/${id}`, execution, id };
    };
    const listed = async (query: string): Promise<readonly Shown[]> => {
      const { status, body } = await bench().ask(`GET /api/v1/incidents${query}`);
      expect(status).toBe(200);
      return (body as { incidents: readonly Shown[] }).incidents;
    };

    it('show what was given up, and send it on its way once', async () => {
      const { ask } = bench();
      const { at, execution, id } = await giveUp('timers');
      const open = { incident_id: id, source: 'timers', status: 'open', letters: 1, execution_id: execution, acts: [] };

      expect(await ask(`GET ${at}`)).toMatchObject({ status: 200, body: open });
      expect(await listed('?status=open&limit=200')).toContainEqual(expect.objectContaining(open));

      const redriven = await ask(`POST ${at}/redrive`);

      expect(redriven).toMatchObject({
        status: 200,
        body: { status: 'redriven', acts: [{ did: 'redriven', by: 'ann' }] },
      });
      expect((await ask(`POST ${at}/redrive`)).body).toEqual(redriven.body);
      expect(await listed('?status=open&limit=200')).not.toContainEqual(expect.objectContaining({ incident_id: id }));
    });

    it('are closed with a reason, and not sent after that', async () => {
      const { ask } = bench();
      const { at } = await giveUp('timers');

      const closed = await ask(`POST ${at}/close`, { body: { why: 'nobody waits for it' } });

      const acts = [{ did: 'closed', by: 'ann', why: 'nobody waits for it' }];
      expect(closed).toMatchObject({ status: 200, body: { status: 'closed', acts } });
      expect(await ask(`POST ${at}/redrive`)).toMatchObject({ status: 409, body: { code: 'incident_closed' } });
    });

    it('are refused where nothing could be sent', async () => {
      const { at } = await giveUp('sweeps');

      const { status, body } = await bench().ask(`POST ${at}/redrive`);

      expect([status, body]).toMatchObject([409, { code: 'not_redrivable' }]);
    });

    it('are known by their ids, and asked for as the document says', async () => {
      const { ask } = bench();
      const at = '/api/v1/incidents/inc_00000000000000000000000000';

      for (const request of [`GET ${at}`, `POST ${at}/redrive`, `POST ${at}/close`]) {
        const { status, body } = await ask(request, request.endsWith('close') ? { body: {} } : {});
        expect([request, status, body]).toMatchObject([request, 404, { code: 'incident_not_found' }]);
      }
      expect((await ask('GET /api/v1/incidents?status=lost')).status).toBe(400);
      expect((await ask(`POST ${at}/close`, { body: { why: '' } })).status).toBe(400);
    });
  });
}
