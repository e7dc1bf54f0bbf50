import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { approvalIdOf, type Decision } from '../../core/execution/index.ts';
import { taskPath, type ApprovalId, type ExecutionId } from '../../core/ids/index.ts';
import type { CheckpointTask, PlannedApproval } from '../../core/plan/index.ts';
import { createEngineHarness, type EngineHarness, type HarnessOptions } from '../makers/engine-harness.ts';

const form = { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } };
const approve: PlannedApproval = { roles: ['lead'], timeout: 86_400, onTimeout: 'reject', form };
const checkpoint = (asks?: PlannedApproval): CheckpointTask => ({
  id: 'build.checkpoint',
  kind: 'checkpoint',
  of: 'build',
  dependsOn: [{ task: 'build', on: 'success' }],
  join: 'any_success',
  continueOnFailure: false,
  ...(asks && { approve: asks }),
});
const publish = { id: 'publish', dependsOn: [{ task: 'build.checkpoint', on: 'success' as const }] };
const releaseOf = (asks?: PlannedApproval) => ({
  timeout: 604_800,
  tasks: [{ id: 'build' }, checkpoint(asks), publish],
});

const says = (ok: unknown, by = 'ann') => ({ kind: 'approve', output: { ok } as never, by }) satisfies Decision;
const no = (by = 'bob', reason = 'not yet') => ({ kind: 'reject', reason, by }) satisfies Decision;

interface Release extends EngineHarness {
  readonly execution: ExecutionId;
  readonly approval: ApprovalId;
}

/** A release whose build has succeeded: its machine has come to the checkpoint. */
async function built(asks?: PlannedApproval, options: HarnessOptions = {}): Promise<Release> {
  const harness = await createEngineHarness(releaseOf(asks), options);
  const execution = await harness.begin();
  await harness.dispatch(execution, 'build');
  await harness.answer(execution, 'build', { artifact: 'a1' });
  await harness.dispatch(execution, 'build.checkpoint');
  await harness.dispatch(execution, 'publish');
  const approval = approvalIdOf({ execution, path: taskPath('build.checkpoint'), attempt: 1 });
  return { ...harness, execution, approval };
}

const task = (release: Release, path: string) => release.task(release.execution, path);
const typesAt = async ({ ledger, execution }: Release, path: string) =>
  (await ledger.listEvents(execution)).filter((event) => event.path === path).map(({ type }) => type);

describe('a checkpoint after a task', () => {
  it('records what has settled and how to go on, and lets the next task run', async () => {
    const release = await built();

    const [made] = (await release.ledger.listEvents(release.execution)).filter(
      ({ type }) => type === 'workflow.checkpoint_created',
    );
    expect(made?.data).toEqual({
      checkpoint: expect.stringMatching(/^chk_/) as string,
      task: 'build.checkpoint',
      snapshot: { inline: { tasks: [{ path: 'build', status: 'succeeded', output: { inline: { artifact: 'a1' } } }] } },
      settled: 1,
      recovery: expect.objectContaining({ command: `skein resume ${release.execution}` }) as object,
    });
    expect(await task(release, 'build.checkpoint')).toMatchObject({ status: 'succeeded', output: { inline: null } });
    expect(await task(release, 'publish')).toMatchObject({ status: 'running' });
  });

  it('is made once, before what depends on it, however often the machine comes to it', async () => {
    const release = await built(approve);

    await release.dispatch(release.execution, 'build.checkpoint', 'again');

    const types = await typesAt(release, '');
    expect(types.filter((type) => type === 'workflow.checkpoint_created')).toHaveLength(1);
    expect(await task(release, 'build.checkpoint')).toMatchObject({ status: 'parked', token: 'again', parking: 1 });
    expect(await task(release, 'publish')).toMatchObject({ status: 'parked', cause: { kind: 'dependency' } });
  });

  it.each([
    ['failed', 'upstream_failed'],
    ['skipped', 'skipped'],
  ])('is none after a task that %s', async (_what, status) => {
    const build = status === 'skipped' ? { id: 'build', when: 'false' } : { id: 'build' };
    const harness = await createEngineHarness({
      tasks: [build, checkpoint(approve), publish],
      onFailure: 'continue',
    });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'build');
    if (status !== 'skipped') await harness.fail(execution, 'build');
    await harness.dispatch(execution, 'build.checkpoint');

    expect(await harness.task(execution, 'build.checkpoint')).toMatchObject({ status });
    expect(await harness.engine.listApprovals()).toEqual([]);
  });
});

describe('a checkpoint that asks', () => {
  it('stands in the inbox with the answer of its task, its form, who may decide, and until when', async () => {
    const { engine, execution, approval, clock } = await built(approve);

    expect(await engine.listApprovals()).toEqual([
      {
        id: approval,
        about: 'task',
        execution,
        path: 'build.checkpoint',
        workflow: 'sketch',
        version: '1',
        description: 'May it go on after build?',
        input: { task: 'build', output: { artifact: 'a1' } },
        form,
        roles: ['lead'],
        requestedAt: clock.now(),
        deadline: clock.now() + 86_400_000,
      },
    ]);
  });

  it('lets the next task run once somebody has approved it, and says who', async () => {
    const release = await built(approve);

    await release.engine.decide(release.approval, says(true));
    await release.quiet();

    expect(await task(release, 'build.checkpoint')).toMatchObject({
      status: 'succeeded',
      output: { inline: { ok: true } },
      decided: { approval: release.approval, verdict: 'approved', by: 'ann' },
    });
    expect(await task(release, 'publish')).toMatchObject({ status: 'running' });
    expect(await typesAt(release, 'build.checkpoint')).toEqual([
      'approval.requested',
      'task.parked',
      'approval.decided',
      'task.completed',
    ]);
    expect(await release.engine.listApprovals()).toEqual([]);
  });

  it('fails with `Rejected` when somebody rejects it, which the execution takes like any failure', async () => {
    const release = await built(approve);

    await release.engine.decide(release.approval, no());
    await release.quiet();

    expect(await task(release, 'build')).toMatchObject({ status: 'succeeded' });
    expect(await task(release, 'build.checkpoint')).toMatchObject({
      status: 'failed',
      error: { name: 'Rejected', message: 'Rejected by bob: not yet' },
      decided: { verdict: 'rejected', by: 'bob', reason: 'not yet' },
    });
    expect(await release.ledger.findExecution(release.execution)).toMatchObject({
      status: 'stopping',
      stopping: { reason: 'failure', task: 'build.checkpoint' },
    });
    expect(release.calls.map(({ path }) => path)).toEqual(['build']);
  });

  it.each([
    ['reject', 'failed'],
    ['approve', 'succeeded'],
  ] as const)('is decided by its deadline: on_timeout %s', async (onTimeout, status) => {
    const release = await built({ ...approve, onTimeout });

    await release.pass(86_399_999);
    const before = await task(release, 'build.checkpoint');
    await release.pass(1);
    await release.quiet();

    expect(before).toMatchObject({ status: 'parked' });
    const after = await task(release, 'build.checkpoint');
    expect(after).toMatchObject({ status, decided: { verdict: onTimeout === 'approve' ? 'approved' : 'rejected' } });
    expect(after?.decided).not.toHaveProperty('by');
    const late = release.engine.decide(release.approval, says(true));
    await expect(late).rejects.toMatchObject({
      code: 'attempt_not_live',
      message: expect.stringContaining('nobody had decided by the deadline') as string,
    });
  });

  it('tells the decider what does not fit its form, and goes on waiting', async () => {
    const release = await built(approve);

    const deciding = release.engine.decide(release.approval, says('yes'));

    await expect(deciding).rejects.toMatchObject({ code: 'invalid_input' });
    expect(await task(release, 'build.checkpoint')).toMatchObject({ status: 'parked' });
  });

  it('takes the same decision of the same person as a repeat, and tells everybody else who was first', async () => {
    const release = await built(approve);
    const { engine, approval, ledger, execution } = release;
    await engine.decide(approval, says(true));
    await release.quiet();
    const events = await ledger.listEvents(execution);

    await engine.decide(approval, says(true));
    const others = [says(false), says(true, 'bob'), no('ann'), no('bob')].map((other) =>
      engine.decide(approval, other),
    );

    for (const other of others)
      await expect(other).rejects.toMatchObject({
        code: 'attempt_not_live',
        message: expect.stringContaining('ann has approved it') as string,
        details: { by: 'ann', verdict: 'approved', status: 'succeeded' },
      });
    expect(await ledger.listEvents(execution)).toEqual(events);
  });

  it('can be decided while its execution is paused: what comes next is kept back', async () => {
    const release = await built(approve);
    await release.engine.pause(release.execution, { by: 'ann' });
    // Its state is entered anew during the pause.
    await release.dispatch(release.execution, 'build.checkpoint');
    const listed = await release.engine.listApprovals();

    await release.engine.decide(release.approval, says(true));
    await release.quiet();

    expect(listed.map(({ id }) => id)).toEqual([release.approval]);
    expect(await task(release, 'build.checkpoint')).toMatchObject({ status: 'succeeded' });
    expect(await task(release, 'publish')).toMatchObject({ cause: { kind: 'pause' } });
  });

  it('is not decided by its deadline during a pause, but after it', async () => {
    const release = await built(approve);
    await release.engine.pause(release.execution, { by: 'ann' });

    await release.pass(90_000_000);
    const during = await task(release, 'build.checkpoint');
    await release.engine.unpause(release.execution, { by: 'ann' });
    await release.quiet();

    expect(during).toMatchObject({ status: 'parked', cause: { kind: 'pause', before: { kind: 'approval' } } });
    expect(await task(release, 'build.checkpoint')).toMatchObject({ status: 'failed' });
  });

  it('is cancelled with its execution, and nobody can decide it any more', async () => {
    const release = await built(approve);
    await release.engine.cancel(release.execution, 'bob');

    const late = release.engine.decide(release.approval, says(true));
    await expect(late).rejects.toMatchObject({ code: 'attempt_not_live' });
    await release.engine.conclude(release.execution, 'end');

    expect(await task(release, 'build.checkpoint')).toMatchObject({ status: 'cancelled' });
    expect(await release.engine.listApprovals()).toEqual([]);
  });

  it('keeps its deadline over the death of its process', async () => {
    const ledger = createMemoryLedgerStore();
    const { execution, clock } = await built(approve, { ledger });
    const harness = await createEngineHarness(releaseOf(approve), { ledger, engineId: 'engine-2' });
    const deadline = clock.now() + 86_400_000;
    await harness.pass(deadline - harness.clock.now() - 1);
    await harness.dispatch(execution, 'build.checkpoint', 'again');
    const before = await harness.task(execution, 'build.checkpoint');

    await harness.pass(1);

    expect(before).toMatchObject({ status: 'parked', token: 'again' });
    expect(await harness.task(execution, 'build.checkpoint')).toMatchObject({ status: 'failed' });
  });
});
