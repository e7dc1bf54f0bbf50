import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../core/json/index.ts';
import type { Branch, ParallelState } from '../../../../local/interpreter/machine.ts';
import {
  aBranch,
  aCallTask,
  aMachine,
  aTokenTask,
  chainOf,
  createMachineStage,
  pass,
  typesOf,
} from '../machine-stage.ts';

const parallel = (branches: readonly Branch[], parts: Partial<ParallelState> = { End: true }): ParallelState => ({
  Type: 'Parallel',
  Branches: branches,
  ...parts,
});

describe('runParallel', () => {
  it("gives the branches' outputs in their order, whoever ends first", async () => {
    const stage = createMachineStage();

    const running = stage.start(
      aMachine({ both: parallel([aBranch({ a: aTokenTask() }), aBranch({ b: aTokenTask() })]) }),
    );
    await stage.settle();
    stage.interpreter.sendTaskSuccess('token-2', 'b');
    await stage.settle();
    stage.interpreter.sendTaskSuccess('token-1', 'a');

    expect(await running.result).toMatchObject({ status: 'SUCCEEDED', output: ['a', 'b'] });
  });

  it('gives each branch its input, and shapes the result by its Output', async () => {
    const echo = aBranch({ echo: pass() });
    const count = aBranch({ count: pass({ Output: '{% $count($states.input) %}', End: true }) });
    const machine = aMachine({ both: parallel([echo, count], { Output: { all: '{% $states.result %}' }, End: true }) });

    const result = await createMachineStage().run(machine, [1, 2]);

    expect(result).toMatchObject({ output: { all: [[1, 2], 2] } });
  });

  it('chains each branch to the start, and the end to the branch that ended last', async () => {
    const machine = aMachine({ both: parallel([aBranch({ a: pass() }), aBranch({ b: pass() })]) });

    const result = await createMachineStage().run(machine);

    expect(chainOf(result)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 ParallelStateEntered',
      '3<2 ParallelStateStarted',
      '4<3 PassStateEntered',
      '5<3 PassStateEntered',
      '6<4 PassStateExited',
      '7<5 PassStateExited',
      '8<7 ParallelStateSucceeded',
      '9<7 ParallelStateExited',
      '10<9 ExecutionSucceeded',
    ]);
  });

  it('has four events beside those of its branches', async () => {
    const nested = parallel([aBranch({ inner: parallel([aBranch({ a: pass() })]) })]);

    const result = await createMachineStage().run(aMachine({ outer: nested }), 1);

    expect(result).toMatchObject({ output: [[1]] });
    expect(typesOf(result)).toHaveLength(2 + 4 + 4 + 2);
  });
});

describe('a failing branch', () => {
  const failingBeside = (sibling: Branch, parts: Partial<ParallelState> = { End: true }) =>
    aMachine({ both: parallel([sibling, aBranch({ bad: aTokenTask() })], parts), after: pass() });

  it('fails the Parallel with its own error, and AWS counts the failed task among the aborted', async () => {
    const stage = createMachineStage();

    const running = stage.start(aMachine({ both: parallel([aBranch({ bad: aTokenTask() })]) }));
    await stage.settle();
    stage.interpreter.sendTaskFailure('token-1', 'Broken', 'in two');
    const result = await running.result;

    expect(result).toMatchObject({ status: 'FAILED', error: 'Broken', cause: 'in two' });
    expect(chainOf(result).slice(6)).toEqual([
      '7<6 TaskSubmitted',
      '8<7 TaskFailed',
      '9<8 TaskStateAborted',
      '10<8 ParallelStateFailed',
      '11<10 ExecutionFailed',
    ]);
  });

  it('lets the tokens of its siblings die', async () => {
    const stage = createMachineStage();

    const running = stage.start(failingBeside(aBranch({ good: aTokenTask({ Next: 'more' }), more: aTokenTask() })));
    await stage.settle();
    stage.interpreter.sendTaskFailure('token-2', 'Broken');
    await stage.settle();
    const late = [
      stage.interpreter.sendTaskSuccess('token-1', 'late'),
      stage.interpreter.sendTaskFailure('token-1', 'Late'),
    ];
    const result = await running.result;
    await stage.settle();

    expect(late).toEqual(['unknown_token', 'unknown_token']);
    expect(stage.calls).toHaveLength(2);
    expect(typesOf(result).filter((type) => type === 'TaskStateAborted')).toHaveLength(2);
    expect(result.history.at(-1)).toMatchObject({ type: 'ExecutionFailed' });
  });

  it('cuts a sibling that was answered in the same moment', async () => {
    const stage = createMachineStage();

    const running = stage.start(failingBeside(aBranch({ good: aTokenTask({ Next: 'more' }), more: aTokenTask() })));
    await stage.settle();
    stage.interpreter.sendTaskFailure('token-2', 'Broken');
    const answer = stage.interpreter.sendTaskSuccess('token-1', 'just in time');
    await running.result;
    await stage.settle();

    expect(answer).toBe('ok');
    expect(stage.calls).toHaveLength(2);
    expect(stage.interpreter.openTokens).toBe(0);
  });

  it('stops a sibling that waits for its next try, and one whose function is still running', async () => {
    const returned = Promise.withResolvers<null>();
    const stage = createMachineStage({
      functions: {
        begin: () => returned.promise,
        'dispatch-task': ({ token }) => {
          if (token === 'token-1') throw new Error('try again');
          return {};
        },
      },
    });
    const retried = aBranch({ retried: aTokenTask({ Retry: [{ ErrorEquals: ['Error'], IntervalSeconds: 60 }] }) });
    const running = aBranch({ running: aCallTask({ TimeoutSeconds: 90, Next: 'more' }), more: aTokenTask() });
    const bad = aBranch({ bad: aTokenTask() });

    const machine = stage.start(aMachine({ all: parallel([retried, running, bad]) }));
    await stage.settle();
    const before = stage.waits();
    stage.interpreter.sendTaskFailure('token-2', 'Broken');
    const result = await machine.result;
    returned.resolve(null);
    await stage.settle();

    expect(before).toEqual([60, 90]);
    expect(stage.waits()).toEqual([]);
    expect(stage.calls).toHaveLength(3);
    expect(result.history.at(-1)).toMatchObject({ type: 'ExecutionFailed' });
  });

  it('aborts a Parallel among its siblings with all that is in it', async () => {
    const stage = createMachineStage();
    const inner = aBranch({ inner: parallel([aBranch({ x: aTokenTask() }), aBranch({ y: pass() })]) });

    const running = stage.start(aMachine({ both: parallel([inner, aBranch({ bad: aTokenTask() })]) }));
    await stage.settle();
    // The nested branches start after the outer ones, so the first token is that of `bad`.
    stage.interpreter.sendTaskFailure('token-1', 'Broken');
    const result = await running.result;

    const failed = typesOf(result).indexOf('TaskFailed');
    expect(typesOf(result).slice(failed)).toEqual([
      'TaskFailed',
      'TaskStateAborted',
      'ParallelStateAborted',
      'TaskStateAborted',
      'ParallelStateFailed',
      'ExecutionFailed',
    ]);
  });

  it('is caught by the Parallel, and the machine goes on after the failed chain', async () => {
    const machine = aMachine({
      both: parallel([aBranch({ no: { Type: 'Fail', Error: 'FailureType', Cause: 'said so' } })], {
        Catch: [{ ErrorEquals: ['FailureType'], Next: 'after' }],
        End: true,
      }),
      after: pass(),
    });

    const result = await createMachineStage().run(machine);

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'FailureType', Cause: 'said so' } });
    expect(chainOf(result).slice(3, 6)).toEqual([
      '4<3 FailStateEntered',
      '5<4 ParallelStateFailed',
      '6<5 ParallelStateExited',
    ]);
  });

  it('is not confused by what a cut sibling still throws while the failure is being caught', async () => {
    const big = aBranch({ big: pass({ Output: '{% $pad("", 262143) %}', End: true }) });
    const output = '{% $pad("caught", 300000).$substring(0, 6) %}';
    const machine = aMachine({
      both: parallel([big, aBranch({ no: { Type: 'Fail', Error: 'Refused' } })], {
        Catch: [{ ErrorEquals: ['Refused'], Output: output, Next: 'after' }],
        End: true,
      }),
      after: pass(),
    });

    const result = await createMachineStage().run(machine);

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 'caught' });
    expect(chainOf(result).slice(5, 7)).toEqual(['6<5 ParallelStateFailed', '7<6 ParallelStateExited']);
  });

  it('is not caught by States.ALL when a payload was over the data limit', async () => {
    const big = aBranch({ big: pass({ Output: '{% $pad("", 262143) %}', End: true }) });
    const guarded = (name: string) =>
      aMachine({
        both: parallel([big], { Catch: [{ ErrorEquals: [name], Next: 'after' }], End: true }),
        after: pass(),
      });

    const byAll = await createMachineStage().run(guarded('States.ALL'));
    const byName = await createMachineStage().run(guarded('States.DataLimitExceeded'));

    expect(byAll).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(byName).toMatchObject({ status: 'SUCCEEDED' });
  });
});

describe('runParallel with Arguments', () => {
  const machine = (Arguments: Json) =>
    aMachine({ both: parallel([aBranch({ a: pass() }), aBranch({ b: pass() })], { Arguments, End: true }) });

  it('gives them to its branches instead of its input', async () => {
    const result = await createMachineStage().run(machine({ n: '{% $states.input.n + 1 %}' }), { n: 1 });

    expect(result).toMatchObject({ output: [{ n: 2 }, { n: 2 }] });
  });

  it('fails before a branch begins when they are too large, or cannot be evaluated', async () => {
    const tooLarge = await createMachineStage().run(machine('x'.repeat(300_000)));
    const missing = await createMachineStage().run(machine('{% $states.input.n %}'));

    expect(tooLarge).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(missing).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
    expect(typesOf(missing)).not.toContain('ParallelStateStarted');
  });
});
