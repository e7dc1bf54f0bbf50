import { describe, expect, it } from 'vitest';
import { taskPath } from '../../core/ids/index.ts';
import {
  after,
  chain,
  compensate,
  done,
  failing,
  find,
  undo,
  undoCalls,
  undoFails,
  violations,
  worker,
  type SagaRun,
} from '../makers/saga-run.ts';
import type { PlanSketch } from '../makers/engine-harness.ts';

describe('a chain of tasks that can be undone', () => {
  it('is undone in reverse order when a task fails, and ends as compensated', async () => {
    const run = await done(chain, ['pay', 'stock', 'ship']);

    await failing(run, 'mail');
    expect(await find(run)).toMatchObject({ status: 'compensating', saga: { status: 'failed' } });
    expect(undoCalls(run)).toEqual(['ship']);
    await undo(run, 'ship');
    await undo(run, 'stock');
    await undo(run, 'pay');

    expect(undoCalls(run)).toEqual(['ship', 'stock', 'pay']);
    expect(await find(run)).toMatchObject({ status: 'compensated', error: { message: 'Task mail failed: it broke' } });
    expect(await run.harness.task(run.execution, 'pay')).toMatchObject({ status: 'succeeded', undo: 'compensated' });
    expect(run.harness.answers).toContainEqual({ token: 'end', answer: 'succeeded' });
    expect(await violations(run)).toEqual([]);
  });
});

const wide: PlanSketch = {
  tasks: [
    { id: 'pay', compensate },
    { id: 'left', dependsOn: after('pay'), compensate },
    // Not undone itself, and between two that are: their order must not be lost with it.
    { id: 'between', dependsOn: after('left') },
    { id: 'low', dependsOn: after('between'), compensate },
    { id: 'right', dependsOn: after('pay'), compensate },
    { id: 'mail', dependsOn: after('low', 'right') },
  ],
  saga: { serial: false, onFailure: 'hold' },
};
const WIDE = ['pay', 'left', 'between', 'right', 'low'];

describe('the order of undoing', () => {
  it('is at once where the graph allows, and keeps what comes after by way of others', async () => {
    const run = await done(wide, WIDE);

    await failing(run, 'mail');
    expect(undoCalls(run)).toEqual(['low', 'right']);
    await undo(run, 'right');
    expect(undoCalls(run)).toEqual(['low', 'right']);
    await undo(run, 'low');
    expect(undoCalls(run)).toEqual(['low', 'right', 'left']);
    await undo(run, 'left');
    await undo(run, 'pay');

    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(await violations(run)).toEqual([]);
  });

  it('is strictly the reverse of their completion with `serial`', async () => {
    const run = await done({ ...wide, saga: { serial: true, onFailure: 'hold' } }, WIDE);

    await failing(run, 'mail');
    for (const path of ['low', 'right', 'left', 'pay']) {
      expect(undoCalls(run).at(-1)).toBe(path);
      await undo(run, path);
    }

    expect(undoCalls(run)).toEqual(['low', 'right', 'left', 'pay']);
    expect(await find(run)).toMatchObject({ status: 'compensated' });
  });

  it('takes the items of a list each by itself, no more at once than were called at once, and an iteration after the ones behind it', async () => {
    const forEach = { items: [1, 2, 3], maxItems: 3, maxConcurrency: 2, tolerate: { items: 0 } };
    const run = await done(
      {
        tasks: [
          {
            id: 'book',
            forEach,
            compensate: { ...compensate, input: { undo: '${ tasks.book.output.of }', item: '${ item }' } },
          },
          { id: 'mail', dependsOn: after('book') },
        ],
        saga: { serial: false, onFailure: 'hold' },
      },
      [],
    );
    await run.harness.dispatch(run.execution, 'book');
    for (const item of ['book[0]', 'book[1]', 'book[2]']) await run.harness.answer(run.execution, item, { of: item });

    await failing(run, 'mail');
    expect(undoCalls(run)).toEqual(['book[2]', 'book[1]']);
    await undo(run, 'book[2]');
    await undo(run, 'book[0]');
    await undo(run, 'book[1]');

    const inputs = run.harness.calls.filter(({ path }) => path.endsWith('~compensation')).map(({ input }) => input);
    expect(inputs).toEqual([
      { undo: 'book[2]', item: 3 },
      { undo: 'book[1]', item: 2 },
      { undo: 'book[0]', item: 1 },
    ]);
    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(await violations(run)).toEqual([]);
  });
});

describe('what is undone', () => {
  it('is called with what the task was given and has answered, under a key of its own', async () => {
    const run = await done(
      {
        ...chain,
        tasks: [
          { id: 'pay', compensate, input: { order: '${ input.order }' } },
          { id: 'mail', dependsOn: after('pay') },
        ],
      },
      ['pay'],
    );

    await failing(run, 'mail');

    expect(run.harness.calls.at(-1)).toMatchObject({
      agent: 'undoer',
      path: 'pay~compensation',
      idempotencyKey: `comp:${run.execution}:pay`,
      input: { input: { order: 7 }, output: { of: 'pay' }, status: 'succeeded' },
    });
  });

  it('is also what nobody knows of, and what failed and says so; but nothing before a pivot', async () => {
    const tasks = [
      { id: 'early', compensate },
      { id: 'pivot', dependsOn: after('early'), pivot: true as const, compensate },
      { id: 'late', dependsOn: after('pivot'), compensate },
      { id: 'silent', dependsOn: after('pivot'), compensate },
      { id: 'halfway', dependsOn: after('late'), compensate: { ...compensate, onFailure: true as const } },
    ];
    const run = await done({ ...chain, tasks }, ['early', 'pivot', 'late']);
    const { harness, execution } = run;
    await harness.dispatch(execution, 'silent');

    await failing(run, 'halfway');
    await harness.pass(30_000);
    expect(await harness.task(execution, 'silent')).toMatchObject({ status: 'unknown', undo: 'compensating' });
    expect(undoCalls(run).toSorted()).toEqual(['halfway', 'silent']);
    await undo(run, 'halfway');
    await undo(run, 'silent');
    await undo(run, 'late');

    expect(undoCalls(run)).toHaveLength(3);
    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(await violations(run)).toEqual([]);
  });

  it('is nothing where nothing was done, or a success has nothing to regret', async () => {
    const nothing = await done(chain, []);
    await failing(nothing, 'pay');
    const success = await done(chain, ['pay', 'stock', 'ship', 'mail']);
    await success.harness.engine.conclude(success.execution, 'end');

    expect(await find(nothing)).toMatchObject({ status: 'failed' });
    expect(await find(success)).toMatchObject({ status: 'succeeded' });
    expect([...undoCalls(nothing), ...undoCalls(success)]).toEqual([]);
  });

  it('is the same for a cancel, a timeout, two cancels, and a cancel together with a failure', async () => {
    const stops: readonly ((run: SagaRun) => Promise<void>)[] = [
      ({ harness, execution }) => harness.engine.cancel(execution, 'ann'),
      ({ harness }) => harness.pass(3_600_000),
      async ({ harness, execution }) => {
        await harness.engine.cancel(execution, 'ann');
        await harness.engine.cancel(execution, 'bob');
      },
      async ({ harness, execution }) => {
        await Promise.all([harness.engine.cancel(execution, 'ann'), harness.fail(execution, 'mail')]);
      },
    ];
    for (const stop of stops) {
      const run = await done(wide, WIDE);
      await run.harness.dispatch(run.execution, 'mail');
      await stop(run);
      await run.harness.engine.conclude(run.execution, 'end');
      await run.harness.pass(30_000);
      await run.harness.engine.cancel(run.execution, 'carl');
      for (const path of ['low', 'right', 'left', 'pay']) await undo(run, path);

      expect(undoCalls(run)).toEqual(['low', 'right', 'left', 'pay']);
      expect(await find(run)).toMatchObject({ status: 'compensated' });
      expect(await violations(run)).toEqual([]);
    }
  });
});

describe('a compensation that fails', () => {
  it('is tried again as its own policy says, although nothing else is while an execution stops', async () => {
    const run = await done(chain, ['pay']);
    await failing(run, 'stock');

    await undoFails(run, 'pay', [1, 2]);
    expect(undoCalls(run)).toEqual(['pay', 'pay', 'pay']);
    await undo(run, 'pay', 3);

    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(await violations(run)).toEqual([]);
  });

  it('holds what lies before it, and only that; the end names what is left', async () => {
    const run = await done(wide, WIDE);
    await failing(run, 'mail');

    await undoFails(run, 'low', [1, 2, 3]);
    expect(await find(run)).toMatchObject({ status: 'compensating' });
    await undo(run, 'right');

    expect(undoCalls(run)).toEqual(['low', 'right', 'low', 'low']);
    expect(await find(run)).toMatchObject({
      status: 'compensation_failed',
      error: {
        name: 'CompensationFailed',
        message:
          'Not undone: low, left, pay: BankClosed: come back tomorrow. It was undone because of this: Task mail failed: it broke',
      },
    });
    expect(await run.harness.task(run.execution, 'low')).toMatchObject({ undo: 'compensation_failed' });
    expect(await run.harness.task(run.execution, 'left')).not.toHaveProperty('undo');
    expect(await violations(run)).toEqual([]);
  });

  it('holds nothing with `continue`', async () => {
    const run = await done({ ...chain, saga: { serial: false, onFailure: 'continue' } }, ['pay', 'stock', 'ship']);
    await failing(run, 'mail');

    await undoFails(run, 'ship', [1, 2, 3]);
    await undo(run, 'stock');
    await undo(run, 'pay');

    expect(await find(run)).toMatchObject({ status: 'compensation_failed' });
    expect((await find(run))?.error?.message).toMatch(/^Not undone: ship: BankClosed/);
    expect(await violations(run)).toEqual([]);
  });

  it('holds all that was done before it with `serial`', async () => {
    const run = await done({ ...wide, saga: { serial: true, onFailure: 'hold' } }, WIDE);
    await failing(run, 'mail');

    await undoFails(run, 'low', [1, 2, 3]);

    expect(undoCalls(run)).toEqual(['low', 'low', 'low']);
    expect((await find(run))?.error?.message).toMatch(/^Not undone: low, right, left, pay: BankClosed/);
  });

  it('may be one whose input cannot be evaluated: nobody is called', async () => {
    const input = { id: '${ tasks.pay.output.charge.id }' };
    const run = await done({ ...chain, tasks: [{ id: 'pay', compensate: { ...compensate, input } }, { id: 'mail' }] }, [
      'pay',
    ]);

    await failing(run, 'mail');

    expect(undoCalls(run)).toEqual([]);
    expect(await find(run)).toMatchObject({ status: 'compensation_failed' });
    expect((await find(run))?.error?.message).toMatch(/^Not undone: pay: InvalidInput/);
  });
});

describe('the breaker of an agent that undoes', () => {
  const breaker = {
    failureThreshold: 1,
    successThreshold: 1,
    timeout: 1000,
    halfOpenMaxCalls: 1,
    whenOpen: 'fail' as const,
  };

  it('is waited for however long it is open, also by an agent that says `when_open: fail`', async () => {
    const run = await done({ ...chain, agents: { worker, undoer: { ...worker, breaker } } }, ['pay']);
    await failing(run, 'stock');
    await undoFails(run, 'pay');

    expect(await run.harness.task(run.execution, 'pay~compensation')).toMatchObject({ cause: { kind: 'breaker' } });
    await run.harness.pass(1_000_000);
    await undo(run, 'pay', 2);

    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(await violations(run)).toEqual([]);
  });
});

describe('what an operator does about what was not undone', () => {
  const who = { by: 'ann', reason: 'the bank has opened' };

  async function stuck(): Promise<SagaRun> {
    const run = await done(chain, ['pay', 'stock', 'ship']);
    await failing(run, 'mail');
    await undoFails(run, 'ship', [1, 2, 3]);
    expect(await find(run)).toMatchObject({ status: 'compensation_failed' });
    return run;
  }

  it('is told with what is left: which effect, who would undo it, why it could not, and what may be done', async () => {
    const { harness, execution } = await stuck();

    expect(await harness.engine.listCompensations(execution)).toEqual([
      {
        task: 'ship',
        agent: 'undoer',
        status: 'compensation_failed',
        effect: `${execution}/ship`,
        attempts: 3,
        error: { name: 'BankClosed', message: 'come back tomorrow' },
        may: ['retry', 'done', 'skip'],
      },
      {
        task: 'stock',
        agent: 'undoer',
        status: 'pending',
        effect: `${execution}/stock`,
        attempts: 0,
        may: ['done', 'skip'],
      },
      {
        task: 'pay',
        agent: 'undoer',
        status: 'pending',
        effect: `${execution}/pay`,
        attempts: 0,
        may: ['done', 'skip'],
      },
    ]);
  });

  it('has it tried again, with all its tries, and what was held back goes on with it', async () => {
    const run = await stuck();

    await run.harness.engine.resolveCompensation(run.execution, { task: taskPath('ship'), as: 'retry', ...who });
    expect(await find(run)).toMatchObject({ status: 'compensating' });
    await undoFails(run, 'ship', [4, 5]);
    await undo(run, 'ship', 6);
    await undo(run, 'stock');
    await undo(run, 'pay');

    expect(undoCalls(run)).toEqual([...Array<string>(6).fill('ship'), 'stock', 'pay']);
    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(await violations(run)).toEqual([]);
  });

  it('says that it was undone by hand', async () => {
    const run = await stuck();

    await run.harness.engine.resolveCompensation(run.execution, { task: taskPath('ship'), as: 'done', ...who });
    await undo(run, 'stock');
    await undo(run, 'pay');

    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(run.harness.events.filter(({ type }) => type === 'task.compensated')[0]).toMatchObject({ data: who });
    expect(await violations(run)).toEqual([]);
  });

  it('leaves it as it is: what came before is undone, and the end says that something stays', async () => {
    const run = await stuck();

    await run.harness.engine.resolveCompensation(run.execution, { task: taskPath('ship'), as: 'skip', ...who });
    await undo(run, 'stock');
    await undo(run, 'pay');

    expect(undoCalls(run).slice(3)).toEqual(['stock', 'pay']);
    expect(await find(run)).toMatchObject({ status: 'compensation_failed' });
    expect((await find(run))?.error?.message).toMatch(/^Not undone: ship: BankClosed/);
    expect(await violations(run)).toEqual([]);
  });

  it('acts while others are still being undone, and nobody ends it without having seen that', async () => {
    const run = await done(wide, WIDE);
    await failing(run, 'mail');
    await undoFails(run, 'low', [1, 2, 3]);

    await run.harness.engine.resolveCompensation(run.execution, { task: taskPath('low'), as: 'done', ...who });
    for (const path of ['right', 'left', 'pay']) await undo(run, path);

    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(await violations(run)).toEqual([]);
  });

  it.each(['pay', 'mail', 'nothing'])(
    'is refused where there is nothing to do about it: %s, tried again',
    async (task) => {
      const run = await stuck();
      const asked = { task: taskPath(task), as: 'retry', ...who } as const;

      await expect(run.harness.engine.resolveCompensation(run.execution, asked)).rejects.toMatchObject({
        code: 'not_left',
      });
      expect(await find(run)).toMatchObject({ status: 'compensation_failed' });
    },
  );

  it('counts once, however often it is said', async () => {
    const run = await stuck();
    const asked = { task: taskPath('ship'), as: 'done', ...who } as const;

    await run.harness.engine.resolveCompensation(run.execution, asked);

    await expect(run.harness.engine.resolveCompensation(run.execution, asked)).rejects.toMatchObject({
      code: 'not_left',
    });
  });
});
