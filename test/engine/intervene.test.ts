import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { HumanAgentType } from '../../core/agents/index.ts';
import { EngineError } from '../../core/errors/index.ts';
import { taskPath, type ExecutionId } from '../../core/ids/index.ts';
import type { ChildTask, GroupTask, RetryPolicy, WaitTask } from '../../core/plan/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import type { ActionRequest } from '../../core/execution/index.ts';
import { withoutTaskConditions } from '../makers/blind-ledger.ts';
import {
  createEngineHarness,
  type EngineHarness,
  type HarnessOptions,
  type PlanSketch,
} from '../makers/engine-harness.ts';

const patient: RetryPolicy = { maxAttempts: 2, interval: 600, backoffRate: 1, maxDelay: 600, jitter: 'none' };
const common = { dependsOn: [], join: 'all_success', continueOnFailure: false } as const;

/** `flaky`, whose attempts may fail once, before `after`. */
const chain: PlanSketch = {
  tasks: [
    { id: 'flaky', retry: patient, allowSkip: true },
    { id: 'after', dependsOn: [{ task: 'flaky', on: 'success' }] },
  ],
};

type Asking = Partial<ActionRequest> & Pick<ActionRequest, 'action'>;

const actOn = (harness: EngineHarness, execution: ExecutionId, path: string, asked: Asking) =>
  harness.engine.intervene({ execution, path: taskPath(path) }, {
    by: 'ann',
    request: 'req-1',
    output: {},
    ...asked,
  } as ActionRequest);

/** `flaky` has failed once and waits ten minutes for its second attempt. */
async function parked(sketch: PlanSketch = chain, options: HarnessOptions = {}) {
  const harness = await createEngineHarness(sketch, options);
  const execution = await harness.begin();
  await harness.dispatch(execution, 'flaky');
  await harness.engine.answers.fail(harness.handle(execution, 'flaky'), { name: 'Flaky', message: 'no' });
  await harness.quiet();
  return { harness, execution };
}

async function running(sketch: PlanSketch = chain, options: HarnessOptions = {}) {
  const harness = await createEngineHarness(sketch, options);
  const execution = await harness.begin();
  await harness.dispatch(execution, 'flaky');
  return { harness, execution };
}

/** Of the refusal; undefined: it was allowed. */
const codeOf = async (acting: Promise<unknown>) =>
  acting.then(
    () => undefined,
    (error: unknown) => (error instanceof EngineError ? error.code : 'another error'),
  );

const factsOf = async ({ ledger }: EngineHarness, execution: ExecutionId, path: string) =>
  (await ledger.listEvents(execution)).filter((event) => event.path === path).map(({ type }) => type);

describe('retry by hand', () => {
  it('does not wait for the time of the next attempt', async () => {
    const { harness, execution } = await parked();

    const done = await actOn(harness, execution, 'flaky', { action: 'retry', why: 'it is up again' });
    await harness.quiet();
    await harness.pass(0);

    expect(done).toMatchObject({ execution, path: 'flaky', action: 'retry', by: 'ann', request: 'req-1' });
    expect(harness.calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
    const told = (await harness.ledger.listEvents(execution)).find(({ type }) => type === 'task.intervened');
    expect(told?.data).toEqual({ action: 'retry', by: 'ann', why: 'it is up again', request: 'req-1' });
  });

  it('ends an attempt that does not come back, and calls the agent anew', async () => {
    const { harness, execution } = await running();

    await actOn(harness, execution, 'flaky', { action: 'retry' });
    await harness.quiet();
    await harness.pass(0);

    expect(harness.cancelled).toEqual([harness.handle(execution, 'flaky', 1)]);
    expect(harness.calls.map(({ attempt }) => attempt)).toEqual([1, 2]);
    await expect(harness.engine.answers.complete(harness.handle(execution, 'flaky', 1), {})).rejects.toMatchObject({
      code: 'attempt_not_live',
    });
    expect(await factsOf(harness, execution, 'flaky')).toEqual([
      'task.assigned',
      'task.started',
      'task.intervened',
      'task.retried',
      'task.parked',
      'task.assigned',
      'task.started',
    ]);
  });

  it('waits for the end of a pause', async () => {
    const { harness, execution } = await parked();
    await harness.engine.pause(execution, { by: 'bob' });

    await actOn(harness, execution, 'flaky', { action: 'retry' });
    await harness.quiet();
    await harness.pass(0);
    const whilePaused = harness.calls.length;
    await harness.engine.unpause(execution, { by: 'bob' });
    await harness.pass(0);

    expect(whilePaused).toBe(1);
    expect(harness.calls).toHaveLength(2);
  });
});

describe('skip, fail and complete by hand', () => {
  it('skip lets go on what depends on the task', async () => {
    const { harness, execution } = await parked();
    await harness.dispatch(execution, 'after');

    await actOn(harness, execution, 'flaky', { action: 'skip', why: 'not today' });
    await harness.quiet();

    expect(await harness.task(execution, 'flaky')).toMatchObject({
      status: 'skipped',
      why: 'skipped by ann: not today',
      attempts: 1,
    });
    expect(harness.answers).toContainEqual({ token: 'flaky', answer: 'succeeded' });
    expect(harness.calls.map(({ path }) => path)).toEqual(['flaky', 'after']);
  });

  it('fail ends the task for good, and its execution as any failure does', async () => {
    const { harness, execution } = await parked();

    await actOn(harness, execution, 'flaky', { action: 'fail', why: 'hopeless' });
    await harness.quiet();

    expect(await harness.task(execution, 'flaky')).toMatchObject({
      status: 'failed',
      error: { name: 'FailedByHand', message: 'Failed by ann: hopeless' },
    });
    expect(await harness.ledger.findExecution(execution)).toMatchObject({ status: 'stopping' });
  });

  it('complete answers in place of the agent, which is told to stop', async () => {
    const { harness, execution } = await running();
    await harness.dispatch(execution, 'after');

    await actOn(harness, execution, 'flaky', { action: 'complete', output: { found: 3 } });
    await harness.quiet();

    expect(await harness.task(execution, 'flaky')).toMatchObject({
      status: 'succeeded',
      output: { inline: { found: 3 } },
      attempts: 1,
    });
    expect(harness.cancelled).toHaveLength(1);
    expect(harness.calls.map(({ path }) => path)).toEqual(['flaky', 'after']);
  });

  it('complete changes nothing where the output breaks the schema', async () => {
    const output = { type: 'object', required: ['found'] };
    const { harness, execution } = await parked(chain, { schemas: { output } });
    const before = await harness.ledger.listEvents(execution);

    const acting = actOn(harness, execution, 'flaky', { action: 'complete', output: { lost: 1 } });

    await expect(acting).rejects.toMatchObject({ name: 'InvalidRequestError', code: 'invalid_input' });
    expect(await harness.ledger.listEvents(execution)).toEqual(before);
  });

  it('ends the waiting of a wait', async () => {
    const wait: WaitTask = { ...common, id: 'flaky', kind: 'wait', wait: { kind: 'event', event: 'go' } };
    const { harness, execution } = await running({ tasks: [wait] });

    await actOn(harness, execution, 'flaky', { action: 'complete', output: { by: 'hand' } });

    expect(await harness.task(execution, 'flaky')).toMatchObject({ status: 'succeeded' });
    expect(await harness.ledger.listParked('event#go', 10)).toEqual([]);
  });

  it('counts a call of a for_each that is skipped, and begins the next one', async () => {
    const forEach = { items: ['a', 'b'], maxItems: 5, maxConcurrency: 1, tolerate: { items: 0 } } as const;
    const { harness, execution } = await running({ tasks: [{ id: 'flaky', forEach, allowSkip: true }] });

    await actOn(harness, execution, 'flaky[0]', { action: 'skip' });
    await harness.quiet();
    await harness.answer(execution, 'flaky[1]', { ok: true });

    expect(await harness.task(execution, 'flaky')).toMatchObject({
      status: 'succeeded',
      output: { inline: [null, { ok: true }] },
    });
  });
});

describe('the same request', () => {
  it.each(['retry', 'skip', 'fail', 'complete'] as const)('acts once when it is to %s', async (action) => {
    const { harness, execution } = await parked();

    const first = await actOn(harness, execution, 'flaky', { action });
    await harness.quiet();
    const events = await factsOf(harness, execution, 'flaky');
    const again = await actOn(harness, execution, 'flaky', { action });
    await harness.quiet();

    expect(again).toEqual(first);
    expect(await factsOf(harness, execution, 'flaky')).toEqual(events);
  });

  it('is not taken for another action', async () => {
    const { harness, execution } = await parked();
    await actOn(harness, execution, 'flaky', { action: 'retry' });

    const acting = actOn(harness, execution, 'flaky', { action: 'skip' });

    await expect(acting).rejects.toMatchObject({ code: 'request_reused' });
  });
});

describe('an action that the states do not allow', () => {
  const refusalOf = async (acting: Promise<unknown>) =>
    acting.then(
      () => 'allowed',
      (error: unknown) => (error instanceof EngineError ? `${error.name} ${error.code}` : 'another error'),
    );

  it('is refused for a task that nobody knows', async () => {
    const { harness, execution } = await parked();

    expect(await refusalOf(actOn(harness, execution, 'nobody', { action: 'retry' }))).toBe(
      'NotFoundError task_not_found',
    );
  });

  it('is refused before the turn of the task, and after its end', async () => {
    const { harness, execution } = await parked();
    await harness.dispatch(execution, 'after');
    const early = await refusalOf(actOn(harness, execution, 'after', { action: 'complete' }));
    await actOn(harness, execution, 'flaky', { action: 'complete', request: 'other' });

    expect(early).toBe('ConflictError task_not_reached');
    expect(await refusalOf(actOn(harness, execution, 'flaky', { action: 'retry' }))).toBe('ConflictError task_settled');
  });

  it('is refused once the execution stops, and names the way on', async () => {
    const { harness, execution } = await running();
    await harness.engine.cancel(execution, 'bob');

    await expect(actOn(harness, execution, 'flaky', { action: 'retry' })).rejects.toMatchObject({
      code: 'execution_stopped',
      hint: expect.stringContaining(`skein status ${execution}`) as string,
    });
  });

  it('skip is refused where the author does not allow it', async () => {
    const { harness, execution } = await parked({ tasks: [{ id: 'flaky', retry: patient }] });

    expect(await refusalOf(actOn(harness, execution, 'flaky', { action: 'skip' }))).toBe(
      'ConflictError skip_not_allowed',
    );
  });

  it('retry is refused where nothing has failed', async () => {
    const { harness, execution } = await running({
      tasks: [{ id: 'first' }, { id: 'flaky' }],
      maxParallel: 1,
    });
    await harness.dispatch(execution, 'first');

    expect(await refusalOf(actOn(harness, execution, 'first', { action: 'retry' }))).toBe(
      'ConflictError nothing_to_retry',
    );
  });

  it('is refused for what only holds others, and for a child that goes on', async () => {
    const region = { members: ['inner'], edges: [], gates: [], criticalPath: { tasks: [], length: 0 } };
    const skeleton = { kind: 'task', task: 'inner' } as const;
    const group: GroupTask = { ...common, id: 'group', kind: 'group', region: { ...region, skeleton } };
    const child: ChildTask = { ...common, id: 'child', kind: 'workflow', workflow: { name: 'sketch', version: '1' } };
    const harness = await createEngineHarness({ tasks: [group, { id: 'inner', container: 'group' }, child] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'inner');
    await harness.dispatch(execution, 'child');

    expect(await refusalOf(actOn(harness, execution, 'group', { action: 'fail' }))).toBe(
      'ConflictError task_is_container',
    );
    expect(await refusalOf(actOn(harness, execution, 'child', { action: 'fail' }))).toBe('ConflictError child_goes_on');
    expect(await refusalOf(actOn(harness, execution, 'group/inner', { action: 'fail' }))).toBe('allowed');
  });

  it('complete is refused for what a person is asked', async () => {
    const lead: HumanAgentType = { name: 'lead', runtime: 'human', capabilities: [] };
    const sketch = { tasks: [{ id: 'flaky', agent: 'lead', agentType: 'lead' }] };
    const { harness, execution } = await running(sketch, { agentTypes: { lead } });

    await expect(actOn(harness, execution, 'flaky', { action: 'complete' })).rejects.toMatchObject({
      code: 'approval_open',
      hint: expect.stringContaining('skein approve apr_') as string,
    });
  });
});

describe('an action that races', () => {
  /** Has somebody else act at the worst moment: the action has read the task, and has not written yet. */
  function interrupted(ledger: LedgerStore, meanwhile: () => Promise<unknown>): LedgerStore {
    let done = false;
    const isAction = (write: LedgerWrite): boolean => write.kind === 'event' && write.event.type === 'task.intervened';
    return {
      ...ledger,
      async commit(writes) {
        if (!done && writes.some(isAction)) {
          done = true;
          await meanwhile();
        }
        return ledger.commit(writes);
      },
    };
  }

  async function skipAgainstAnswer(ledger: LedgerStore) {
    const raced = interrupted(ledger, () => harness.answer(execution, 'flaky', { found: 1 }));
    const { harness, execution } = await running(chain, { ledger: raced });
    const acting = actOn(harness, execution, 'flaky', { action: 'skip' });
    const refused = await codeOf(acting);
    return { refused, status: (await harness.task(execution, 'flaky'))?.status };
  }

  it('with the answer of the agent is refused when that comes first', async () => {
    expect(await skipAgainstAnswer(createMemoryLedgerStore())).toEqual({
      refused: 'task_settled',
      status: 'succeeded',
    });
  });

  it('would write over what has settled, were the task no condition of the commit', async () => {
    expect(await skipAgainstAnswer(withoutTaskConditions(createMemoryLedgerStore()))).toEqual({
      refused: undefined,
      status: 'skipped',
    });
  });

  async function retryAgainstRetry(ledger: LedgerStore) {
    const raced = interrupted(ledger, () => actOn(harness, execution, 'flaky', { action: 'fail', request: 'bob' }));
    const { harness, execution } = await parked(chain, { ledger: raced });
    const acting = actOn(harness, execution, 'flaky', { action: 'retry', request: 'ann' });
    const refused = await codeOf(acting);
    return { refused, status: (await harness.task(execution, 'flaky'))?.status };
  }

  it('with another operator counts for the first one', async () => {
    const { refused, status } = await retryAgainstRetry(createMemoryLedgerStore());

    expect([refused, status]).toEqual(['execution_stopped', 'failed']);
  });

  it('would try again what another operator has failed, were the task no condition of the commit', async () => {
    const { refused, status } = await retryAgainstRetry(withoutTaskConditions(createMemoryLedgerStore()));

    expect([refused, status]).toEqual([undefined, 'parked']);
  });
});
