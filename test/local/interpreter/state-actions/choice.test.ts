import { describe, expect, it } from 'vitest';
import type { ChoiceState } from '../../../../local/interpreter/machine.ts';
import { aMachine, createMachineStage, pass, typesOf } from '../machine-stage.ts';

function choosing(choice: Partial<ChoiceState>) {
  return aMachine({
    choose: {
      Type: 'Choice',
      Choices: [
        { Condition: '{% $states.input.n = 1 %}', Next: 'one' },
        { Condition: '{% $states.input.n < 3 %}', Next: 'small', Output: { was: '{% $states.input.n %}' } },
      ],
      ...choice,
    },
    one: pass({ Output: 'one', End: true }),
    small: pass(),
    other: pass(),
  });
}

describe('runChoice', () => {
  it('follows the first rule that holds', async () => {
    const result = await createMachineStage().run(choosing({}), { n: 1 });

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 'one' });
    expect(typesOf(result).slice(1, 4)).toEqual(['ChoiceStateEntered', 'ChoiceStateExited', 'PassStateEntered']);
  });

  it("gives the rule's Output", async () => {
    const result = await createMachineStage().run(choosing({}), { n: 2 });

    expect(result).toMatchObject({ output: { was: 2 } });
  });

  it('falls back to the default with its input', async () => {
    const result = await createMachineStage().run(choosing({ Default: 'other' }), { n: 3 });

    expect(result).toMatchObject({ output: { n: 3 } });
  });

  it('fails when nothing holds and there is no default', async () => {
    const result = await createMachineStage().run(choosing({}), { n: 3 });

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
    expect(typesOf(result)).toEqual(['ExecutionStarted', 'ChoiceStateEntered', 'ExecutionFailed']);
  });

  it('takes nothing but a boolean for a condition', async () => {
    const choice = { Choices: [{ Condition: '{% $states.input.n %}', Next: 'one' }] };

    const result = await createMachineStage().run(choosing(choice), { n: [1] });

    expect(result).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(
        "'$states.input.n' specified for the field 'Choices[0]/Condition' returned an unexpected result type. " +
          "Expected 'boolean', but was 'array' for value: [1]",
      ) as string,
    });
  });
});
