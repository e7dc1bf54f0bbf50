import { describe, expect, it } from 'vitest';
import { taskPath } from '../../core/ids/index.ts';
import { createEngineHarness } from '../makers/engine-harness.ts';

const after = (...tasks: readonly string[]) => tasks.map((task) => ({ task, on: 'success' as const }));

/** A chain of two, the machine at both, an answer for the first whose follow-ups a crash has swallowed. */
async function openSwallowed() {
  const work: Promise<void>[] = [];
  const harness = await createEngineHarness(
    { tasks: [{ id: 'a' }, { id: 'b', dependsOn: after('a') }] },
    { aside: (one) => void work.push(one) },
  );
  const execution = await harness.begin();
  await harness.dispatch(execution, 'a');
  await harness.dispatch(execution, 'b');
  return { ...harness, execution };
}

describe('Engine.repeat', () => {
  it('answers the state of a settled task and wakes those that wait, as often as it is told', async () => {
    const { engine, ledger, execution, answers, calls } = await openSwallowed();
    const record = await ledger.findTask(execution, taskPath('a'));
    const settled = {
      ...record!,
      status: 'succeeded',
      output: { inline: {} },
      revision: record!.revision + 1,
    } as const;
    await ledger.commit([{ kind: 'task', record: settled }]);

    await engine.repeat({ kind: 'task', execution, path: taskPath('a') });
    await engine.repeat({ kind: 'task', execution, path: taskPath('a') });

    expect(calls.map(({ path }) => path)).toEqual(['a', 'b']);
    expect(new Set(answers.map(({ token }) => token))).toEqual(new Set(['a']));
  });

  it('starts the machine of an execution that was stopped before it had one: else nothing would ever end it', async () => {
    const { engine, started, answers, ledger } = await createEngineHarness({ tasks: [{ id: 'a' }] });
    const execution = await engine.start({ workflow: 'sketch', version: '1', input: {} });
    await engine.cancel(execution, 'me');
    started.length = 0;

    await engine.repeat({ kind: 'execution', execution });
    expect(started).toEqual([execution]);

    await engine.begin({ execution, workflow: 'sketch', version: '1', input: {} });
    await engine.conclude(execution, 'end');
    await engine.repeat({ kind: 'execution', execution });
    expect((await ledger.findExecution(execution))?.status).toBe('cancelled');
    expect(started).toEqual([execution]);
    expect(answers).toEqual([]);
  });

  it('does nothing for a task that runs, or that nobody has touched', async () => {
    const { engine, execution, answers, calls } = await openSwallowed();

    await engine.repeat({ kind: 'task', execution, path: taskPath('a') });
    await engine.repeat({ kind: 'task', execution, path: taskPath('c') });

    expect(calls).toHaveLength(1);
    expect(answers).toEqual([]);
  });

  it('starts the machine of an execution that was only accepted', async () => {
    const { engine, started, ledger } = await createEngineHarness({ tasks: [{ id: 'a' }] });
    const execution = await engine.start({ workflow: 'sketch', version: '1', input: {} });

    await engine.repeat({ kind: 'execution', execution });

    expect(started).toEqual([execution, execution]);
    expect(await ledger.findExecution(execution)).toMatchObject({ status: 'planning' });
  });

  it('tells a machine that waits in its conclude state once more that all has ended', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'a' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    await harness.answer(execution, 'a');
    await harness.engine.conclude(execution, 'end');

    await harness.engine.repeat({ kind: 'execution', execution });

    expect(harness.answers.filter(({ token }) => token === 'end')).toHaveLength(2);
  });

  it('rejects a token of an execution that is being stopped, and concludes', async () => {
    const harness = await createEngineHarness({ tasks: [{ id: 'a' }] });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    await harness.engine.cancel(execution, 'somebody');

    await harness.engine.repeat({ kind: 'execution', execution });

    expect(harness.answers).toEqual([
      { token: 'a', answer: 'ExecutionStopping' },
      { token: 'a', answer: 'ExecutionStopping' },
    ]);
    expect(harness.cancelled).toHaveLength(2);
  });

  it('wakes for an event those who wait for it', async () => {
    const wait = { id: 'w', kind: 'wait', wait: { kind: 'event', event: 'ping' }, dependsOn: [], join: 'all_success' };
    const harness = await createEngineHarness({
      tasks: [{ ...wait, continueOnFailure: false } as never],
    });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'w');
    const event = { id: 'e', type: 'ping', source: 'outside', time: Date.UTC(2026, 11, 1), data: { inline: {} } };
    await harness.ledger.commit([{ kind: 'bus_event', event }]);

    await harness.engine.repeat({ kind: 'bus_event', type: 'ping' });

    expect(harness.answers).toEqual([{ token: 'w', answer: 'succeeded' }]);
  });
});
