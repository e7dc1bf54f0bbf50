import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { CheckpointSnapshot } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import { createEngineHarness, type EngineHarness } from '../makers/engine-harness.ts';

const after = (task: string) => [{ task, on: 'success' as const }];
const patient = { maxAttempts: 2, interval: 10, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;
const chain = { tasks: [{ id: 'clone' }, { id: 'lint', dependsOn: after('clone') }] };
const ann = { by: 'ann' };

const called = ({ calls }: EngineHarness) => calls.map(({ path, attempt }) => `${path}#${attempt}`);
const statusOf = async ({ ledger }: EngineHarness, id: ExecutionId) => (await ledger.findExecution(id))?.status;
const eventsOf = async ({ ledger }: EngineHarness, id: ExecutionId, path: string) =>
  (await ledger.listEvents(id)).filter((event) => event.path === path).map(({ type }) => type);

/** Before each commit that `when` picks, once, something else happens: the worst moment for what the commit rests on. */
function interrupted(ledger: LedgerStore, when: (write: LedgerWrite) => boolean, meanwhile: () => Promise<unknown>) {
  let happened = false;
  return {
    ...ledger,
    commit: async (writes: readonly LedgerWrite[]) => {
      if (!happened && writes.some(when)) {
        happened = true;
        await meanwhile();
      }
      return ledger.commit(writes);
    },
  };
}

const becomes = (status: string) => (write: LedgerWrite) =>
  write.kind === 'execution' && write.record.status === status;
const parksForPause = (write: LedgerWrite) => write.kind === 'task' && write.record.cause?.kind === 'pause';
const intends = (write: LedgerWrite) => write.kind === 'task' && write.record.attempt?.state === 'intended';

describe('engine.pause', () => {
  it('dispatches nothing any more, while what runs may settle', async () => {
    const harness = await createEngineHarness(chain);
    const execution = await harness.begin();
    await harness.dispatch(execution, 'clone');

    await harness.engine.pause(execution, ann);
    await harness.answer(execution, 'clone');
    await harness.dispatch(execution, 'lint');

    expect(called(harness)).toEqual(['clone#1']);
    expect(await harness.task(execution, 'clone')).toMatchObject({ status: 'succeeded' });
    expect(await harness.task(execution, 'lint')).toMatchObject({
      status: 'parked',
      cause: { kind: 'pause', by: 'ann' },
    });
  });

  it('leaves a checkpoint with all that has settled, and says how to go on', async () => {
    const harness = await createEngineHarness(chain);
    const execution = await harness.begin();
    await harness.dispatch(execution, 'clone');
    await harness.answer(execution, 'clone', { files: 2 });

    const { checkpointId } = await harness.engine.pause(execution, { by: 'ann', reason: 'the budget' });

    const [changed, created] = (await harness.ledger.listEvents(execution)).filter(({ path }) => path === '').slice(-2);
    expect(checkpointId).toMatch(/^chk_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(changed).toMatchObject({
      type: 'workflow.status_changed',
      data: { from: 'running', to: 'paused', by: 'ann', why: 'the budget' },
    });
    const snapshot: CheckpointSnapshot = {
      tasks: [{ path: 'clone' as never, status: 'succeeded', output: { inline: { files: 2 } } }],
    };
    expect(created).toMatchObject({
      type: 'workflow.checkpoint_created',
      data: {
        checkpoint: checkpointId,
        by: 'ann',
        settled: 1,
        snapshot: { inline: snapshot },
        recovery: { command: `skein resume ${execution}` },
      },
    });
  });

  it('answers the same checkpoint when it is paused already, and writes nothing', async () => {
    const harness = await createEngineHarness(chain);
    const execution = await harness.begin();
    const first = await harness.engine.pause(execution, ann);
    const before = await harness.ledger.listEvents(execution);

    const second = await harness.engine.pause(execution, { by: 'bob' });

    expect(second).toEqual(first);
    expect(await harness.ledger.listEvents(execution)).toEqual(before);
  });

  it('makes a new checkpoint with each pause', async () => {
    const harness = await createEngineHarness(chain);
    const execution = await harness.begin();
    const first = await harness.engine.pause(execution, ann);
    await harness.engine.unpause(execution, ann);

    const second = await harness.engine.pause(execution, ann);

    expect(second).not.toEqual(first);
  });

  it('is refused before the machine runs, while it stops, and after the end', async () => {
    const harness = await createEngineHarness(chain);
    const planning = await harness.engine.start({ workflow: 'sketch', version: '1', input: {} });
    const stopping = await harness.begin();
    await harness.engine.cancel(stopping, 'ann');
    const ended = await harness.begin();
    await harness.engine.cancel(ended, 'ann');
    await harness.engine.conclude(ended, 'end');

    const refusals = [planning, stopping, ended].map((execution) => harness.engine.pause(execution, ann));

    for (const refusal of refusals) {
      await expect(refusal).rejects.toMatchObject({ name: 'ConflictError', code: 'cannot_pause' });
    }
    expect(await statusOf(harness, ended)).toBe('cancelled');
  });

  it('lets nobody end the execution until the pause does', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.pause(execution, ann);
    await harness.answer(execution, 'lint');
    await harness.engine.conclude(execution, 'end');
    const paused = await statusOf(harness, execution);

    await harness.engine.unpause(execution, ann);

    expect(paused).toBe('paused');
    expect(await statusOf(harness, execution)).toBe('succeeded');
    expect(harness.answers.at(-1)).toEqual({ token: 'end', answer: 'succeeded' });
  });

  it('keeps a retry back whose time comes meanwhile', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', retry: patient }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.pause(execution, ann);
    await harness.engine.answers.fail(harness.handle(execution, 'lint'), { name: 'Flaky', message: 'not yet' });
    await harness.quiet();

    await harness.pass(10_000);
    const kept = await harness.task(execution, 'lint');
    await harness.engine.unpause(execution, ann);

    expect(kept).toMatchObject({ attempts: 1, cause: { kind: 'pause', before: { kind: 'retry', attempt: 2 } } });
    expect(called(harness)).toEqual(['lint#1', 'lint#2']);
  });

  it('lets a failure stop the execution', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.pause(execution, ann);

    await harness.fail(execution, 'lint');
    await harness.engine.conclude(execution, 'end');

    expect(await harness.ledger.findExecution(execution)).toMatchObject({ status: 'failed' });
    expect(await harness.ledger.findExecution(execution)).not.toHaveProperty('paused');
  });

  it('is no obstacle to a cancel', async () => {
    const harness = await createEngineHarness(chain);
    const execution = await harness.begin();
    await harness.engine.pause(execution, ann);
    await harness.dispatch(execution, 'clone');

    await harness.engine.cancel(execution, 'bob');
    await harness.engine.conclude(execution, 'end');

    expect(harness.answers).toContainEqual({ token: 'clone', answer: 'ExecutionStopping' });
    expect(await statusOf(harness, execution)).toBe('cancelled');
  });
});

describe('engine.unpause', () => {
  it('wakes what was kept back, in the order in which it was', async () => {
    const ids = ['d', 'b', 'c', 'a'];
    const harness = await createEngineHarness({ tasks: ids.map((id) => ({ id })), maxParallel: 2 });
    const execution = await harness.begin();
    await harness.engine.pause(execution, ann);
    for (const id of ids) {
      await harness.dispatch(execution, id);
      await harness.pass(1);
    }

    await harness.engine.unpause(execution, ann);
    await harness.quiet();

    expect(called(harness)).toEqual(['d#1', 'b#1']);
  });

  it('does nothing to an execution that runs, and is refused for one that stops', async () => {
    const harness = await createEngineHarness(chain);
    const running = await harness.begin();
    const stopping = await harness.begin();
    await harness.engine.cancel(stopping, 'ann');
    const before = await harness.ledger.listEvents(running);

    await harness.engine.unpause(running, ann);

    expect(await harness.ledger.listEvents(running)).toEqual(before);
    await expect(harness.engine.unpause(stopping, ann)).rejects.toMatchObject({ code: 'execution_stopped' });
  });

  it('moves the deadline by the time for which the clock stood still', async () => {
    const harness = await createEngineHarness({ ...chain, timeout: 100 });
    const execution = await harness.begin();
    await harness.pass(60_000);
    await harness.engine.pause(execution, ann);
    await harness.pass(1_000_000);
    const asleep = await statusOf(harness, execution);
    await harness.engine.unpause(execution, ann);
    await harness.pass(39_999);
    const inTime = await statusOf(harness, execution);

    await harness.pass(1);

    expect([asleep, inTime, await statusOf(harness, execution)]).toEqual(['paused', 'running', 'stopping']);
    expect(await harness.ledger.findExecution(execution)).toMatchObject({ pausedFor: 1_000_000 });
  });

  it('sets the timer of a retry anew whose number a pause has raised', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', retry: patient }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.answers.fail(harness.handle(execution, 'lint'), { name: 'Flaky', message: 'not yet' });
    await harness.quiet();
    await harness.engine.pause(execution, ann);
    await harness.dispatch(execution, 'lint', 'again');
    await harness.engine.unpause(execution, ann);
    const waiting = await harness.task(execution, 'lint');

    await harness.pass(10_000);

    expect(waiting).toMatchObject({ status: 'parked', cause: { kind: 'retry' } });
    expect(called(harness)).toEqual(['lint#1', 'lint#2']);
  });

  it('keeps the turn in a queue of what was woken for a place meanwhile', async () => {
    const harness = await createEngineHarness({ tasks: ['a', 'b', 'c'].map((id) => ({ id })), maxParallel: 1 });
    const execution = await harness.begin();
    for (const id of ['a', 'b', 'c']) await harness.dispatch(execution, id);
    await harness.engine.pause(execution, ann);
    await harness.answer(execution, 'a');
    await harness.engine.unpause(execution, ann);
    await harness.answer(execution, 'b');

    await harness.answer(execution, 'c');

    expect(called(harness)).toEqual(['a#1', 'b#1', 'c#1']);
    expect(await harness.task(execution, 'c')).toMatchObject({ status: 'succeeded' });
  });
});

describe('a pause in the worst moment', () => {
  it('withdraws an intent that it overtakes, which then was no attempt', async () => {
    const ledger = createMemoryLedgerStore();
    const raced = interrupted(ledger, intends, () => harness.engine.pause(execution, ann));
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }], maxParallel: 1 }, { ledger: raced });
    const execution = await harness.begin();

    await harness.dispatch(execution, 'lint');
    const withdrawn = await harness.task(execution, 'lint');
    const before = called(harness);
    await harness.engine.unpause(execution, ann);

    expect(before).toEqual([]);
    expect(withdrawn).toMatchObject({ status: 'parked', attempts: 0, cause: { kind: 'pause', by: 'ann' } });
    expect(withdrawn).not.toHaveProperty('attempt');
    expect(called(harness)).toEqual(['lint#1']);
    expect(await eventsOf(harness, execution, 'lint')).toEqual([
      'task.assigned',
      'task.parked',
      'task.assigned',
      'task.started',
    ]);
  });

  it('ends while a task is being parked for it, and the task is dispatched', async () => {
    const ledger = createMemoryLedgerStore();
    const raced = interrupted(ledger, parksForPause, () => harness.engine.unpause(execution, ann));
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] }, { ledger: raced });
    const execution = await harness.begin();
    await harness.engine.pause(execution, ann);

    await harness.dispatch(execution, 'lint');

    expect(called(harness)).toEqual(['lint#1']);
  });

  it('ends while an intent is being withdrawn for it, and the agent is called all the same', async () => {
    const ledger = createMemoryLedgerStore();
    const paused = interrupted(ledger, intends, () => harness.engine.pause(execution, ann));
    const raced = interrupted(paused, parksForPause, () => harness.engine.unpause(execution, ann));
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] }, { ledger: raced });
    const execution = await harness.begin();

    await harness.dispatch(execution, 'lint');
    await harness.quiet();

    expect(called(harness)).toEqual(['lint#1']);
    expect(await harness.task(execution, 'lint')).toMatchObject({ status: 'running', attempts: 1 });
  });

  it('comes second to a cancel', async () => {
    const ledger = createMemoryLedgerStore();
    const raced = interrupted(ledger, becomes('paused'), () => harness.engine.cancel(execution, 'bob'));
    const harness = await createEngineHarness(chain, { ledger: raced });
    const execution = await harness.begin();

    const pausing = harness.engine.pause(execution, ann);

    await expect(pausing).rejects.toMatchObject({ code: 'cannot_pause' });
    expect(await statusOf(harness, execution)).toBe('stopping');
  });

  /** The execution is cancelled, and comes to its end. */
  const end = async (harness: EngineHarness, execution: ExecutionId) => {
    await harness.engine.cancel(execution, 'bob');
    await harness.engine.conclude(execution, 'end');
    await harness.pass(30_000);
  };

  it('is none when a cancel comes before its checkpoint', async () => {
    const ledger = createMemoryLedgerStore();
    const records = (write: LedgerWrite) => write.kind === 'execution' && write.record.paused?.isRecorded === true;
    const raced = interrupted(ledger, records, () => harness.engine.cancel(execution, 'bob'));
    const harness = await createEngineHarness(chain, { ledger: raced });
    const execution = await harness.begin();

    const pausing = harness.engine.pause(execution, ann);

    await expect(pausing).rejects.toMatchObject({ code: 'cannot_pause' });
    expect(await statusOf(harness, execution)).toBe('stopping');
  });

  it('comes before the end of an execution that has settled everything, and keeps it back', async () => {
    const ledger = createMemoryLedgerStore();
    const raced = interrupted(ledger, becomes('succeeded'), () => harness.engine.pause(execution, ann));
    const harness = await createEngineHarness({ tasks: [{ id: 'lint' }] }, { ledger: raced });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.answer(execution, 'lint');

    await harness.engine.conclude(execution, 'end');

    expect(await statusOf(harness, execution)).toBe('paused');
  });

  it('parks no task that the end of its execution has settled', async () => {
    const ledger = createMemoryLedgerStore();
    const raced = interrupted(ledger, parksForPause, () => end(harness, execution));
    const harness = await createEngineHarness(chain, { ledger: raced });
    const execution = await harness.begin();
    await harness.engine.pause(execution, ann);

    await harness.dispatch(execution, 'clone');

    expect(await harness.task(execution, 'clone')).toMatchObject({ status: 'cancelled' });
  });

  it('withdraws no intent that the end of its execution has settled', async () => {
    const ledger = createMemoryLedgerStore();
    const paused = interrupted(ledger, intends, () => harness.engine.pause(execution, ann));
    const raced = interrupted(paused, parksForPause, () => end(harness, execution));
    const harness = await createEngineHarness(chain, { ledger: raced });
    const execution = await harness.begin();

    await harness.dispatch(execution, 'clone');

    expect(called(harness)).toEqual([]);
    expect(await harness.task(execution, 'clone')).toMatchObject({ status: 'unknown' });
    expect(await statusOf(harness, execution)).toBe('cancelled');
  });

  it('gives no task back to what it waited for whom the end of its execution has settled', async () => {
    const ledger = createMemoryLedgerStore();
    const goesBack = (write: LedgerWrite) => write.kind === 'task' && write.record.parking === 3;
    const raced = interrupted(ledger, goesBack, () => end(harness, execution));
    const harness = await createEngineHarness({ tasks: [{ id: 'lint', retry: patient }] }, { ledger: raced });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'lint');
    await harness.engine.answers.fail(harness.handle(execution, 'lint'), { name: 'Flaky', message: 'not yet' });
    await harness.quiet();
    await harness.engine.pause(execution, ann);
    await harness.dispatch(execution, 'lint', 'again');

    await harness.engine.unpause(execution, ann);

    expect((await eventsOf(harness, execution, 'lint')).slice(-2)).toEqual(['task.parked', 'task.cancelled']);
  });

  it('is ended by two at once, once', async () => {
    const ledger = createMemoryLedgerStore();
    const raced = interrupted(ledger, becomes('running'), async () => undefined);
    const harness = await createEngineHarness({ ...chain, timeout: 100 }, { ledger: raced });
    const execution = await harness.begin();
    await harness.engine.pause(execution, ann);
    await harness.pass(5_000);

    await Promise.all([harness.engine.unpause(execution, ann), harness.engine.unpause(execution, { by: 'bob' })]);

    expect(await harness.ledger.findExecution(execution)).toMatchObject({ status: 'running', pausedFor: 5_000 });
    expect((await eventsOf(harness, execution, '')).filter((type) => type === 'workflow.status_changed')).toHaveLength(
      3,
    );
  });
});
