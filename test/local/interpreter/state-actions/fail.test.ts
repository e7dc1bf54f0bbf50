import { describe, expect, it } from 'vitest';
import { aMachine, createMachineStage, typesOf } from '../machine-stage.ts';

describe('runFail', () => {
  it('fails the machine with literal error and cause', async () => {
    const machine = aMachine({ no: { Type: 'Fail', Error: 'Refused', Cause: 'not today' } });

    const result = await createMachineStage().run(machine);

    expect(result).toMatchObject({ status: 'FAILED', error: 'Refused', cause: 'not today' });
    expect(typesOf(result)).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
  });

  it('evaluates both', async () => {
    const machine = aMachine({
      no: { Type: 'Fail', Error: '{% $states.input.status %}', Cause: '{% $states.input.cause %}' },
    });

    const result = await createMachineStage().run(machine, { status: 'timed_out', cause: 'lint took too long' });

    expect(result).toMatchObject({ error: 'timed_out', cause: 'lint took too long' });
  });

  it('may say nothing', async () => {
    const result = await createMachineStage().run(aMachine({ no: { Type: 'Fail' } }));

    expect(result).toEqual({ status: 'FAILED', history: result.history });
    expect(result.history.at(-1)?.details).toEqual({});
  });

  it('cannot be named by something that is no string', async () => {
    const result = await createMachineStage().run(
      aMachine({ no: { Type: 'Fail', Error: '{% $states.input %}' } }),
      null,
    );

    expect(result).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(
        "for the field 'Error' returned an unexpected result type. Expected 'string'",
      ) as string,
    });
  });
});
