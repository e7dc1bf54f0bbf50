import { describe, expect, it } from 'vitest';
import type { ApiBench } from './bench.ts';
import { expectStatus, letGo, publishWaiting, startRunning } from './workflows.ts';

interface Paused {
  readonly execution_id: string;
  readonly checkpoint_id: string;
  readonly resume_url: string;
}

export function control(bench: () => ApiBench): void {
  describe.each(['workflows', 'executions'] as const)('POST /api/v1/%s/{id}/pause, resume and cancel', (kind) => {
    const start = async () => {
      const workflow = await publishWaiting(bench());
      const execution = await startRunning(bench(), workflow);
      return { workflow, execution, at: `/api/v1/${kind}/${kind === 'workflows' ? workflow : execution}` };
    };

    it('pause with a checkpoint, and go on from there', async () => {
      const { ask, server } = bench();
      const { workflow, execution, at } = await start();

      const { status, body } = await ask(`POST ${at}/pause`, { body: { reason: 'lunch' } });
      const paused = body as Paused;
      const again = await ask(`POST ${at}/pause`);
      const shown = await ask(`GET /api/v1/executions/${execution}`);
      const checkpoints = await ask(`GET /api/v1/executions/${execution}/checkpoints`);
      const resumed = await ask(`POST ${paused.resume_url.replace(server.url, '')}`);
      await letGo(bench(), workflow);
      await expectStatus(bench(), execution, 'succeeded');

      expect(status).toBe(200);
      expect(paused).toEqual({
        execution_id: execution,
        status: 'paused',
        checkpoint_id: expect.stringMatching(/^chk_/) as string,
        resume_url: expect.stringMatching(/^https?:\/\/.*\/resume$/) as string,
      });
      expect(again.body).toMatchObject({ checkpoint_id: paused.checkpoint_id });
      expect(shown.body).toMatchObject({
        status: 'paused',
        paused: { by: 'ann', why: 'lunch', checkpoint_id: paused.checkpoint_id },
      });
      expect(checkpoints.body).toMatchObject({
        checkpoints: [
          {
            checkpoint_id: paused.checkpoint_id,
            state_snapshot: { tasks: [] },
            recovery_instructions: { url: expect.stringContaining('/resume') as string },
          },
        ],
      });
      expect(resumed.body).toEqual({ execution_id: execution, status: 'running' });
    });

    it('let an execution go on by the same address', async () => {
      const { ask } = bench();
      const { execution, at } = await start();
      await ask(`POST ${at}/pause`);

      const { status, body } = await ask(`POST ${at}/resume`);

      expect(status).toBe(200);
      expect(body).toEqual({ execution_id: execution, status: 'running' });
    });

    it('cancel, and answer 409 to what has ended', async () => {
      const { ask } = bench();
      const { execution, at } = await start();

      const cancelled = await ask(`POST ${at}/cancel`);
      await expectStatus(bench(), execution, 'cancelled');
      const after = [await ask(`POST ${at}/pause`), await ask(`POST ${at}/resume`), await ask(`POST ${at}/cancel`)];

      expect(cancelled.status).toBe(202);
      expect(cancelled.body).toMatchObject({ execution_id: execution });
      expect(after.map(({ status }) => status)).toEqual([409, 409, 409]);
      expect(after[0]?.body).toMatchObject({ code: 'cannot_pause' });
      expect(after[2]?.body).toMatchObject({ code: 'execution_ended' });
    });

    it('answer 404 to what there is not, and 400 to a body that does not fit', async () => {
      const { ask, name } = bench();
      const verbs = ['pause', 'resume', 'cancel'];

      const unknown = await Promise.all(verbs.map((verb) => ask(`POST /api/v1/${kind}/${name('none')}/${verb}`)));
      const misfits = await Promise.all(
        verbs.map((verb) => ask(`POST /api/v1/${kind}/any/${verb}`, { body: { because: 1 } })),
      );

      expect(unknown.map(({ status }) => status)).toEqual([404, 404, 404]);
      expect(misfits.map(({ status }) => status)).toEqual([400, 400, 400]);
    });
  });

  describe('POST /api/v1/workflows/{id}/pause', () => {
    it('answers 409 where nothing was ever executed', async () => {
      const { ask } = bench();
      const workflow = await publishWaiting(bench());

      const { body } = await ask(`POST /api/v1/workflows/${workflow}/pause`);

      expect(body).toMatchObject({ status: 409, code: 'not_executing' });
    });
  });
}
