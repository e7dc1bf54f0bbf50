import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { HumanAgentType } from '../../core/agents/index.ts';
import { approvalIdOf, type Decision } from '../../core/execution/index.ts';
import { approvalId, taskPath, type ExecutionId } from '../../core/ids/index.ts';
import { createEngineHarness, type EngineHarness, type HarnessOptions } from '../makers/engine-harness.ts';

const lead: HumanAgentType = {
  name: 'lead',
  runtime: 'human',
  capabilities: [],
  roles: ['reviewer'],
  output: { type: 'object', required: ['ok'], properties: { ok: { type: 'boolean' } } },
};
const review = { id: 'review', agent: 'boss', agentType: 'lead', input: { what: '${ input.what }' }, timeout: 604_800 };
const publish = { id: 'publish', dependsOn: [{ task: 'review', on: 'success' as const }] };
const approves = (ok: unknown, by = 'ann') => ({ kind: 'approve', output: { ok } as never, by }) satisfies Decision;

/** An execution that has come to its review. */
async function askAnn(options: HarnessOptions = {}): Promise<EngineHarness & { execution: ExecutionId }> {
  const harness = await createEngineHarness({ tasks: [review, publish] }, { agentTypes: { lead }, ...options });
  const execution = await harness.begin({ what: 'the release' });
  await harness.dispatch(execution, 'review');
  await harness.dispatch(execution, 'publish');
  return { ...harness, execution };
}

const idOf = (execution: ExecutionId, attempt = 1) => approvalIdOf({ execution, path: taskPath('review'), attempt });

describe('engine.listApprovals', () => {
  it('shows what a person has to decide: the question, the form, who may, and until when', async () => {
    const { engine, execution, clock } = await askAnn();

    expect(await engine.listApprovals()).toEqual([
      {
        id: idOf(execution),
        about: 'task',
        execution,
        path: 'review',
        attempt: 1,
        workflow: 'sketch',
        version: '1',
        agent: 'boss',
        input: { what: 'the release' },
        form: lead.output,
        roles: ['reviewer'],
        requestedAt: clock.now(),
        deadline: clock.now() + 604_800_000,
      },
    ]);
  });

  it('shows nothing that agents of other kinds do, that was decided, or that is being stopped', async () => {
    const decided = await askAnn();
    await decided.engine.decide(idOf(decided.execution), approves(true));
    await decided.quiet();
    const stopped = await askAnn();
    await stopped.engine.cancel(stopped.execution, 'bob');

    expect(await decided.task(decided.execution, 'publish')).toMatchObject({ status: 'running' });
    expect(await decided.engine.listApprovals()).toEqual([]);
    expect(await stopped.engine.listApprovals()).toEqual([]);
  });

  it('asks for what fits the type and the task', async () => {
    const output = { required: ['why'] };
    const harness = await createEngineHarness({ tasks: [{ ...review, output }] }, { agentTypes: { lead } });
    const execution = await harness.begin({ what: 'all' });
    await harness.dispatch(execution, 'review');

    const [approval] = await harness.engine.listApprovals({ execution });

    expect(approval?.form).toEqual({ allOf: [lead.output, output] });
  });
});

describe('engine.decide', () => {
  it('settles the task with the answer, says who has decided, and lets the next one run', async () => {
    const harness = await askAnn();
    const { engine, execution, ledger, calls } = harness;

    await engine.decide(idOf(execution), approves(true));
    await harness.quiet();

    expect(await harness.task(execution, 'review')).toMatchObject({
      status: 'succeeded',
      output: { inline: { ok: true } },
    });
    expect(calls.map(({ path }) => path)).toEqual(['review', 'publish']);
    const told = (await ledger.listEvents(execution)).filter(({ path }) => path === 'review');
    expect(told.map(({ type }) => type)).toEqual([
      'task.assigned',
      'approval.requested',
      'task.started',
      'approval.decided',
      'task.completed',
    ]);
    expect(told[3]?.data).toEqual({ approval: idOf(execution), attempt: 1, verdict: 'approved', by: 'ann' });
  });

  it('fails the task with `Rejected`, and tries it no second time', async () => {
    const patient = { maxAttempts: 3, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;
    const harness = await createEngineHarness({ tasks: [{ ...review, retry: patient }] }, { agentTypes: { lead } });
    const execution = await harness.begin({ what: 'all' });
    await harness.dispatch(execution, 'review');

    await harness.engine.decide(idOf(execution), { kind: 'reject', reason: 'not yet', by: 'ann' });
    await harness.quiet();

    expect(await harness.task(execution, 'review')).toMatchObject({
      status: 'failed',
      error: { name: 'Rejected', message: 'Rejected by ann: not yet' },
    });
  });

  it('tells the decider what does not fit, and goes on waiting', async () => {
    const harness = await askAnn();
    const { engine, execution, ledger } = harness;
    const before = await ledger.listEvents(execution);

    const deciding = engine.decide(idOf(execution), approves('yes'));

    await expect(deciding).rejects.toMatchObject({
      name: 'InvalidRequestError',
      code: 'invalid_input',
      details: { problems: [expect.stringContaining('ok')] },
    });
    expect(await harness.task(execution, 'review')).toMatchObject({ status: 'running' });
    expect(await ledger.listEvents(execution)).toEqual(before);
  });

  it('counts once when two decide at once: the other one hears that it is too late', async () => {
    const ledger = createMemoryLedgerStore();
    let first: Promise<unknown> | undefined;
    const raced = {
      ...ledger,
      // The worst moment: ann has read the task, and has not written yet.
      commit: async (writes: Parameters<typeof ledger.commit>[0]) => {
        if (!first && writes.some((write) => write.kind === 'event' && write.event.type === 'approval.decided')) {
          first = harness.engine.decide(idOf(harness.execution), approves(false, 'bob'));
          await first;
        }
        return ledger.commit(writes);
      },
    };
    const harness = await askAnn({ ledger: raced });

    const second = harness.engine.decide(idOf(harness.execution), approves(true, 'ann'));

    await expect(second).rejects.toMatchObject({ name: 'ConflictError', code: 'attempt_not_live' });
    expect(await harness.task(harness.execution, 'review')).toMatchObject({ output: { inline: { ok: false } } });
  });

  it('knows nothing of approvals that were never asked for', async () => {
    const { engine, execution } = await askAnn();
    const foreign = approvalIdOf({ execution, path: taskPath('publish'), attempt: 1 });

    for (const id of [approvalId('apr_nonsense'), approvalId('nonsense'), foreign]) {
      await expect(engine.decide(id, approves(true))).rejects.toMatchObject({ code: 'approval_not_found' });
    }
    await expect(engine.decide(idOf(execution, 2), approves(true))).rejects.toMatchObject({ code: 'attempt_not_live' });
  });

  it('is possible while the execution is paused', async () => {
    const harness = await askAnn();
    const { engine, execution } = harness;
    await engine.pause(execution, { by: 'bob' });

    await engine.decide(idOf(execution), approves(true));
    await harness.quiet();

    expect(await harness.task(execution, 'review')).toMatchObject({ status: 'succeeded' });
    expect(await harness.task(execution, 'publish')).toMatchObject({ cause: { kind: 'pause' } });
  });
});

describe('a task for a person', () => {
  it('has until its deadline, however many processes come and go', async () => {
    const ledger = createMemoryLedgerStore();
    const { execution } = await askAnn({ ledger });
    const harness = await createEngineHarness(
      { tasks: [review, publish] },
      { agentTypes: { lead }, ledger, engineId: 'engine-2' },
    );
    await harness.pass(600_000_000);
    await harness.dispatch(execution, 'review', 'again');
    const asked = await harness.task(execution, 'review');

    await harness.pass(4_800_000);

    expect(asked).toMatchObject({ status: 'running', token: 'again', attempts: 1 });
    expect(harness.calls).toEqual([]);
    expect(await harness.task(execution, 'review')).toMatchObject({ error: { name: 'AttemptTimeout' } });
  });

  it('gets no grace when its execution is cancelled', async () => {
    const harness = await askAnn();
    const { engine, execution, ledger } = harness;
    await engine.cancel(execution, 'bob');

    await engine.conclude(execution, 'end');

    expect(await harness.task(execution, 'review')).toMatchObject({ status: 'unknown' });
    expect(await ledger.findExecution(execution)).toMatchObject({ status: 'cancelled' });
    await expect(engine.decide(idOf(execution), approves(true))).rejects.toMatchObject({ code: 'attempt_not_live' });
  });

  it('is waited for by a stop that drains', async () => {
    const other = { id: 'bad' };
    const sketch = { tasks: [review, other], onFailure: 'drain' } as const;
    const harness = await createEngineHarness(sketch, { agentTypes: { lead } });
    const execution = await harness.begin({ what: 'all' });
    await harness.dispatch(execution, 'review');
    await harness.dispatch(execution, 'bad');
    await harness.fail(execution, 'bad');
    await harness.engine.conclude(execution, 'end');
    const draining = await harness.ledger.findExecution(execution);

    await harness.engine.decide(idOf(execution), approves(true));
    await harness.quiet();

    expect(draining).toMatchObject({ status: 'stopping' });
    expect(await harness.ledger.findExecution(execution)).toMatchObject({ status: 'failed' });
  });
});
