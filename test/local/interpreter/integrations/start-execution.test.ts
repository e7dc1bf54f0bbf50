import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../../core/json/index.ts';
import type { HistoryEvent } from '../../../../local/interpreter/index.ts';
import type { Machine, State, TaskState } from '../../../../local/interpreter/machine.ts';
import { aBranch, aMachine, aTokenTask, createMachineStage, pass, typesOf } from '../machine-stage.ts';

const arn = 'arn:aws:states:local:000000000000:stateMachine:review-1-part2';

function aNestedTask(parts: Partial<TaskState> = {}, Arguments: JsonObject = {}): TaskState {
  return {
    Type: 'Task',
    Resource: 'arn:aws:states:::states:startExecution.sync:2',
    Arguments: { StateMachineArn: arn, Name: 'exec_1-part2', ...Arguments },
    ...(parts.Next === undefined && { End: true }),
    ...parts,
  };
}

const stageWith = (nested: Machine, onHistory?: (event: HistoryEvent, name: string) => void) =>
  createMachineStage({ machines: { [arn]: nested }, ...(onHistory && { onHistory }) });

const failing: State = { Type: 'Fail', Error: 'Broken', Cause: 'no disk' };

describe('startExecution.sync:2', () => {
  it('runs the machine that its ARN names, and gives what AWS tells of it, with values instead of texts', async () => {
    const stage = stageWith(aMachine({ only: pass({ Output: { got: '{% $states.input.n %}' }, End: true }) }));

    const result = await stage.run(aMachine({ nested: aNestedTask({}, { Input: { n: 7 } }) }));

    expect(result).toMatchObject({
      status: 'SUCCEEDED',
      output: {
        ExecutionArn: 'arn:aws:states:local:000000000000:execution:review-1-part2:exec_1-part2',
        Input: { n: 7 },
        InputDetails: { Included: true },
        Name: 'exec_1-part2',
        Output: { got: 7 },
        OutputDetails: { Included: true },
        StartDate: stage.clock.now(),
        StateMachineArn: arn,
        Status: 'SUCCEEDED',
        StopDate: stage.clock.now(),
      },
    });
    expect(typesOf(result)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('gives the nested machine a context of its own', async () => {
    const seen =
      '{% [$states.context.Execution.Name, $states.context.Execution.Input, $states.context.StateMachine.Name] %}';
    const stage = stageWith(aMachine({ only: pass({ Output: seen, End: true }) }));

    const result = await stage.run(
      aMachine({ nested: aNestedTask({ Output: '{% $states.result.Output %}' }, { Input: { n: 7 } }) }),
    );

    expect(result).toMatchObject({ output: ['exec_1-part2', { n: 7 }, 'review-1-part2'] });
  });

  it.each([
    ['no input', {}, {}],
    ['null', { Input: null }, {}],
    ['a value', { Input: [1] }, [1]],
    ['JSON text', { Input: '{"n":1}' }, { n: 1 }],
  ])('hands over %s', async (_what, args, expected) => {
    const stage = stageWith(aMachine({ only: pass() }));

    const result = await stage.run(aMachine({ nested: aNestedTask({ Output: '{% $states.result.Output %}' }, args) }));

    expect(result).toMatchObject({ output: expected });
  });

  it('names an execution that has no Name by chance', async () => {
    const stage = createMachineStage({ machines: { [arn]: aMachine({ only: pass() }) }, random: Math.random });
    const nested: TaskState = {
      ...aNestedTask({ Output: '{% $states.result.Name %}' }),
      Arguments: { StateMachineArn: arn },
    };

    const result = await stage.run(aMachine({ nested }));

    expect(result).toMatchObject({
      output: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/) as string,
    });
  });

  it('fails as a task when the nested machine fails, with its description as the cause', async () => {
    const stage = stageWith(aMachine({ only: failing }));

    const result = await stage.run(aMachine({ nested: aNestedTask({}, { Input: { n: 7 } }) }));

    const { error, cause } = result.status === 'FAILED' ? result : {};
    expect(error).toBe('States.TaskFailed');
    expect(JSON.parse(cause ?? '')).toMatchObject({
      Cause: 'no disk',
      Error: 'Broken',
      ExecutionArn: 'arn:aws:states:local:000000000000:execution:review-1-part2:exec_1-part2',
      Input: '{"n":7}',
      Name: 'exec_1-part2',
      Status: 'FAILED',
    });
    expect(typesOf(result)).toContain('TaskFailed');
  });

  it('is retried by starting anew', async () => {
    const starts: string[] = [];
    const stage = stageWith(aMachine({ only: failing }), ({ type }, name) => {
      if (type === 'ExecutionStarted') starts.push(name);
    });

    const retry = [{ ErrorEquals: ['States.TaskFailed'], MaxAttempts: 2 }];
    const result = await stage.run(aMachine({ nested: aNestedTask({ Retry: retry }) }));

    expect(result.status).toBe('FAILED');
    expect(starts).toEqual(['exec_1', 'exec_1-part2', 'exec_1-part2', 'exec_1-part2']);
  });

  it.each([
    ['another ARN', { StateMachineArn: `${arn}x` }, 'StepFunctions.StateMachineDoesNotExistException'],
    ['no ARN', { StateMachineArn: null }, 'StepFunctions.StateMachineDoesNotExistException'],
    ['a broken text as input', { Input: '{' }, 'StepFunctions.InvalidExecutionInputException'],
  ])('fails the task for %s', async (_what, args, error) => {
    const stage = stageWith(aMachine({ only: pass() }));
    const caught = [{ ErrorEquals: [error], Output: 'caught', Next: 'end' }];

    const result = await stage.run(
      aMachine({ nested: aNestedTask({ Catch: caught, Next: 'end' }, args), end: pass() }),
    );

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 'caught' });
  });

  it('stops the nested machine when its own is stopped, tokens and timers included', async () => {
    const events: string[] = [];
    const stage = stageWith(aMachine({ only: aTokenTask({ TimeoutSeconds: 60 }) }), ({ type }, name) =>
      events.push(`${name} ${type}`),
    );
    const running = stage.start(aMachine({ nested: aNestedTask() }));
    await stage.settle();
    // The nested task's, and that of the task which nests it.
    expect(stage.interpreter.openTokens).toBe(2);

    running.stop('no longer wanted');
    await stage.settle();

    expect(stage.interpreter.openTokens).toBe(0);
    expect(stage.waits()).toEqual([]);
    expect(events.slice(-4)).toEqual([
      'exec_1-part2 TaskStateAborted',
      'exec_1-part2 ExecutionAborted',
      'exec_1 TaskStateAborted',
      'exec_1 ExecutionAborted',
    ]);
  });

  it('can be ended by a token instead, and then stops the nested machine', async () => {
    const tokens: string[] = [];
    const stage = createMachineStage({
      machines: { [arn]: aMachine({ only: aTokenTask({ Arguments: { FunctionName: 'ask' } }) }) },
      functions: { ask: () => null },
      onHistory: ({ type, details }, name) => {
        if (type === 'ExecutionStarted' && name !== 'exec_1')
          tokens.push((details['input'] as { token: string }).token);
      },
    });
    const Input = { token: '{% $states.context.Task.Token %}' };
    const running = stage.start(aMachine({ nested: aNestedTask({}, { Input }) }));
    await stage.settle();

    stage.interpreter.sendTaskSuccess(tokens[0]!, 'enough');

    expect(await running.result).toMatchObject({ status: 'SUCCEEDED', output: 'enough' });
    expect(stage.interpreter.openTokens).toBe(0);
  });

  it('stops the nested machine when a sibling fails, or when its time is up', async () => {
    const ends: string[] = [];
    const stage = stageWith(aMachine({ only: aTokenTask() }), ({ type }, name) => {
      if (name !== 'exec_1' && type.startsWith('Execution')) ends.push(type);
    });

    const both: State = {
      Type: 'Parallel',
      Branches: [aBranch({ nested: aNestedTask() }), aBranch({ sibling: failing })],
      Catch: [{ ErrorEquals: ['Broken'], Next: 'late' }],
      Next: 'late',
    };
    const late = aNestedTask({ TimeoutSeconds: 5 });
    const result = await stage.run(aMachine({ both, late }));

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(ends).toEqual(['ExecutionStarted', 'ExecutionAborted', 'ExecutionStarted', 'ExecutionAborted']);
    expect(stage.interpreter.openTokens).toBe(0);
  });
});

describe('startExecution', () => {
  it('goes on at once, and leaves the other machine to itself', async () => {
    const stage = stageWith(aMachine({ only: aTokenTask() }));
    const task = aNestedTask({ Resource: 'arn:aws:states:::states:startExecution' });

    const result = await stage.run(aMachine({ nested: task }));
    await stage.settle();

    expect(result).toMatchObject({ output: { StartDate: stage.clock.now() } });
    expect(stage.interpreter.openTokens).toBe(1);
  });
});

describe('startExecution.sync', () => {
  it('gives input and output as texts', async () => {
    const stage = stageWith(aMachine({ only: pass() }));
    const task = aNestedTask({ Resource: 'arn:aws:states:::states:startExecution.sync' }, { Input: { n: 1 } });

    const result = await stage.run(aMachine({ nested: task }));

    expect(result).toMatchObject({ output: { Input: '{"n":1}', Output: '{"n":1}' } });
  });
});
