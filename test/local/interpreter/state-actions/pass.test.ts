import { describe, expect, it } from 'vitest';
import { aMachine, createMachineStage, pass, typesOf } from '../machine-stage.ts';

describe('runPass', () => {
  it('gives its input when it has no Output', async () => {
    const result = await createMachineStage().run(aMachine({ a: pass() }), { files: 3 });

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { files: 3 } });
    expect(typesOf(result)).toEqual(['ExecutionStarted', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded']);
  });

  it('fills the expressions of its Output and leaves text alone', async () => {
    const output = { files: '{% $states.input.files + 1 %}', note: ' {% not at the start %}', deep: ['{% true %}'] };

    const result = await createMachineStage().run(aMachine({ a: pass({ Output: output, End: true }) }), { files: 3 });

    expect(result).toMatchObject({ output: { files: 4, note: ' {% not at the start %}', deep: [true] } });
  });

  it('hands its output to the next state', async () => {
    const machine = aMachine({
      a: pass({ Output: { n: 1 }, Next: 'b' }),
      b: pass({ Output: '{% $states.input.n %}', End: true }),
    });

    const result = await createMachineStage().run(machine);

    expect(result).toMatchObject({ output: 1 });
  });

  it('sees execution, state and machine in the context', async () => {
    const result = await createMachineStage().run(
      aMachine({ a: pass({ Output: '{% $states.context %}', End: true }) }),
      7,
    );

    expect(result).toMatchObject({
      output: {
        Execution: {
          Id: 'arn:aws:states:local:000000000000:execution:review-1:exec_1',
          Name: 'exec_1',
          Input: 7,
          RoleArn: 'arn:aws:iam::000000000000:role/local',
          StartTime: '2026-11-21T00:00:00.000Z',
          RedriveCount: 0,
        },
        StateMachine: { Id: 'arn:aws:states:local:000000000000:stateMachine:review-1', Name: 'review-1' },
        State: { Name: 'a', EnteredTime: '2026-11-21T00:00:00.000Z' },
      },
    });
    expect(result).not.toHaveProperty('output.Task');
    expect(result).not.toHaveProperty('output.State.RetryCount');
  });

  it('fails the machine when an expression returns nothing, naming the field', async () => {
    const machine = aMachine({ a: pass({ Output: { list: [0, { x: '{% $states.input.missing %}' }] }, End: true }) });

    const result = await createMachineStage().run(machine);

    const cause =
      "An error occurred while executing the state 'a' (entered at the event id #2). The JSONata expression " +
      "'$states.input.missing' specified for the field 'Output/list[1]/x' returned nothing (undefined).";
    expect(result).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError', cause });
    expect(result.history[2]).toMatchObject({
      type: 'EvaluationFailed',
      details: { state: 'a', location: 'Output/list[1]/x', error: 'States.QueryEvaluationError', cause },
    });
    expect(typesOf(result)).toEqual(['ExecutionStarted', 'PassStateEntered', 'EvaluationFailed', 'ExecutionFailed']);
  });

  it.each([
    ['{% $sum("a") %}', '. T0412: Argument 1 of function "sum" must be an array of "numbers"'],
    ['{% 1 + %}', '. S0207: Unexpected end of expression'],
    ['{% $eval("1") %}', '. T1006: Attempted to invoke a non-function'],
  ])('says what %s threw', async (output, text) => {
    const result = await createMachineStage().run(aMachine({ a: pass({ Output: output, End: true }) }));

    expect(result).toMatchObject({
      cause: expect.stringContaining(`threw an error during evaluation${text}`) as string,
    });
  });

  it('fails with an output over the data limit', async () => {
    const machine = aMachine({ big: pass({ Output: '{% $pad("", 262143) %}', End: true }) });

    const result = await createMachineStage().run(machine);

    expect(result).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
      cause: "The state/task 'big' returned a result with a size exceeding the maximum number of bytes service limit.",
    });
    expect(typesOf(result)).toEqual(['ExecutionStarted', 'PassStateEntered', 'ExecutionFailed']);
  });
});
