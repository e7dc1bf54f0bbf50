import { describe, expect, it } from 'vitest';
import type { Retrier } from '../../../local/interpreter/machine.ts';
import {
  aBranch,
  aCallTask,
  aMachine,
  answering,
  aTokenTask,
  createMachineStage,
  pass,
  typesOf,
} from './machine-stage.ts';

const named = (name: string): Error => Object.assign(new Error(`because ${name}`), { name });

/** A machine of one call that fails with these errors, one after the other, and then succeeds. */
function failing(errors: readonly string[], retry: readonly Retrier[], random?: () => number) {
  const left = [...errors];
  const times: number[] = [];
  const stage = createMachineStage({
    ...(random && { random }),
    functions: {
      begin: () => {
        times.push(stage.clock.now());
        const error = left.shift();
        if (error) throw named(error);
        return 'fine';
      },
    },
  });
  const run = () => stage.run(aMachine({ begin: aCallTask({ Retry: retry, Output: '{% $states.result.Payload %}' }) }));
  const pauses = () => times.slice(1).map((time, index) => (time - times[index]!) / 1000);
  return { run, pauses };
}

describe('recover by Retry', () => {
  it('tries again, with three more events a try', async () => {
    const machine = failing(['Busy'], [{ ErrorEquals: ['Busy'] }]);

    const result = await machine.run();

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 'fine' });
    expect(typesOf(result).slice(2, -2)).toEqual([
      'TaskScheduled',
      'TaskStarted',
      'TaskFailed',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
    ]);
  });

  it('waits one second, then twice as long each time, three times, by default', async () => {
    const machine = failing(['Busy', 'Busy', 'Busy', 'Busy'], [{ ErrorEquals: ['Busy'] }]);

    const result = await machine.run();

    expect(machine.pauses()).toEqual([1, 2, 4]);
    expect(result).toMatchObject({ status: 'FAILED', error: 'Busy' });
  });

  it('never waits longer than MaxDelaySeconds', async () => {
    const retry = { ErrorEquals: ['Busy'], IntervalSeconds: 3, BackoffRate: 3, MaxAttempts: 4, MaxDelaySeconds: 10 };
    const machine = failing(['Busy', 'Busy', 'Busy', 'Busy'], [retry]);

    await machine.run();

    expect(machine.pauses()).toEqual([3, 9, 10, 10]);
  });

  it('waits a random part of the delay with full jitter', async () => {
    const parts = [0.5, 0, 0.25];
    const retry = { ErrorEquals: ['Busy'], IntervalSeconds: 4, JitterStrategy: 'FULL' as const };
    const machine = failing(['Busy', 'Busy', 'Busy'], [retry], () => parts.shift()!);

    await machine.run();

    expect(machine.pauses()).toEqual([2, 0, 4]);
  });

  it('does not retry with MaxAttempts 0, nor what no retrier names', async () => {
    const never = failing(['Busy'], [{ ErrorEquals: ['Busy'], MaxAttempts: 0 }, { ErrorEquals: ['States.ALL'] }]);
    const other = failing(['Other'], [{ ErrorEquals: ['Busy'] }]);

    expect(await never.run()).toMatchObject({ status: 'FAILED', error: 'Busy' });
    expect(await other.run()).toMatchObject({ status: 'FAILED', error: 'Other' });
  });

  it('counts each retrier for itself', async () => {
    const retry = [
      { ErrorEquals: ['Busy'], MaxAttempts: 1 },
      { ErrorEquals: ['Lost'], MaxAttempts: 2, IntervalSeconds: 10 },
    ];
    const machine = failing(['Busy', 'Lost', 'Lost', 'Busy'], retry);

    const result = await machine.run();

    expect(machine.pauses()).toEqual([1, 10, 20]);
    expect(result).toMatchObject({ status: 'FAILED', error: 'Busy' });
  });

  it('gives each attempt a new token and the number of retries, and lets the old token die', async () => {
    const answers: string[] = [];
    const payload = { token: '{% $states.context.Task.Token %}', retries: '{% $states.context.State.RetryCount %}' };
    const stage = createMachineStage({
      functions: {
        'dispatch-task': ({ token }) => {
          if (token === 'token-1') throw named('Lambda.Unknown');
          answers.push(stage.interpreter.sendTaskSuccess('token-1', 'old'));
          answers.push(stage.interpreter.sendTaskSuccess('token-2', 'new'));
          return {};
        },
      },
    });
    const task = aTokenTask({
      Arguments: { FunctionName: 'dispatch-task', Payload: payload },
      Retry: [{ ErrorEquals: ['Lambda.Unknown'] }],
    });

    const result = await stage.run(aMachine({ lint: task }));

    expect(stage.calls).toEqual([
      { token: 'token-1', retries: 0 },
      { token: 'token-2', retries: 1 },
    ]);
    expect(answers).toEqual(['unknown_token', 'ok']);
    expect(result).toMatchObject({ output: 'new' });
  });

  it('retries an expression that fails', async () => {
    const stage = createMachineStage({ functions: { begin: () => 'fine' } });
    const task = aCallTask({
      Output: '{% $states.context.State.RetryCount = 0 ? $states.result.missing : "second try" %}',
      Retry: [{ ErrorEquals: ['States.QueryEvaluationError'] }],
    });

    const result = await stage.run(aMachine({ begin: task }));

    expect(result).toMatchObject({ output: 'second try' });
    expect(typesOf(result).filter((type) => type === 'EvaluationFailed')).toHaveLength(1);
  });
});

describe('recover by Catch', () => {
  const caught = (catcher: object) =>
    aMachine({
      lint: aCallTask({
        Catch: [
          { ErrorEquals: ['Never'], Next: 'never' },
          { ErrorEquals: ['Busy'], Next: 'after', ...catcher },
        ],
      }),
      never: { Type: 'Fail' },
      after: pass(),
    });
  const stageOf = () =>
    createMachineStage({
      functions: {
        begin: () => {
          throw named('Busy');
        },
      },
    });

  it('goes on with the error as output, in as many events as a success', async () => {
    const result = await stageOf().run(caught({}));

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'Busy', Cause: 'because Busy' } });
    expect(typesOf(result).slice(4, 7)).toEqual(['TaskFailed', 'TaskStateExited', 'PassStateEntered']);
  });

  it('shapes the output from input and error', async () => {
    const output = { was: '{% $states.input.n %}', error: '{% $states.errorOutput.Error %}' };

    const result = await stageOf().run(caught({ Output: output }), { n: 1 });

    expect(result).toMatchObject({ output: { was: 1, error: 'Busy' } });
  });

  it('fails with an Output that fails, naming the catcher', async () => {
    const result = await stageOf().run(caught({ Output: '{% $states.errorOutput.Missing %}' }));

    expect(result).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("for the field 'Catch[1]/Output' returned nothing") as string,
    });
  });

  it('comes after the retries', async () => {
    const machine = aMachine({
      lint: aCallTask({
        Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'after' }],
      }),
      after: pass(),
    });
    const stage = stageOf();

    const result = await stage.run(machine);

    expect(result).toMatchObject({ status: 'SUCCEEDED' });
    expect(stage.calls).toHaveLength(3);
  });

  it('tells a missed heartbeat from a timeout, though both are called States.Timeout', async () => {
    const machine = aMachine({
      lint: aTokenTask({
        HeartbeatSeconds: 5,
        TimeoutSeconds: 60,
        Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'after' }],
      }),
      after: pass(),
    });

    const result = await createMachineStage().run(machine);

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { Error: 'States.Timeout', Cause: null } });
  });

  it('catches a failure without a name by States.ALL', async () => {
    const machine = aMachine({
      both: {
        Type: 'Parallel',
        Branches: [aBranch({ no: { Type: 'Fail' } })],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'after' }],
        End: true,
      },
      after: pass(),
    });

    const result = await createMachineStage().run(machine);

    expect(result).toMatchObject({ output: { Error: null, Cause: null } });
  });

  it('retries a Parallel by starting all of its branches again', async () => {
    let tries = 0;
    const stage = createMachineStage({
      functions: {
        'dispatch-task': answering(() => stage, 1),
        begin: () => {
          tries += 1;
          if (tries === 1) throw named('Busy');
          return {};
        },
      },
    });
    const machine = aMachine({
      both: {
        Type: 'Parallel',
        Branches: [aBranch({ a: aTokenTask() }), aBranch({ b: aCallTask({ Output: 2 }) })],
        Retry: [{ ErrorEquals: ['Busy'] }],
        End: true,
      },
    });

    const result = await stage.run(machine);

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: [1, 2] });
    const types = typesOf(result);
    expect(types.filter((type) => type === 'ParallelStateStarted')).toHaveLength(2);
    expect(types).not.toContain('ParallelStateFailed');
  });
});
