import { describe, expect, it } from 'vitest';
import { aBranch, aCallTask, aMachine, createMachineStage, pass } from './machine-stage.ts';

describe('variables', () => {
  it('are seen from the next state on', async () => {
    const stage = createMachineStage();

    const result = await stage.run(
      aMachine({
        first: pass({ Assign: { n: 1 }, Next: 'second' }),
        second: pass({ Assign: { n: '{% $n + 1 %}', old: '{% $n %}' }, Output: '{% $n %}', Next: 'third' }),
        third: pass({ Output: ['{% $states.input %}', '{% $n %}', '{% $old %}'], End: true }),
      }),
    );

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: [1, 2, 1] });
  });

  it('are told by the event of leaving, and only where some are assigned', async () => {
    const stage = createMachineStage();

    const { history } = await stage.run(
      aMachine({ first: pass({ Assign: { n: 1 }, Next: 'second' }), second: pass({ Assign: {}, End: true }) }),
    );

    const exits = history.filter(({ type }) => type === 'PassStateExited').map(({ details }) => details);
    expect(exits).toEqual([
      { name: 'first', output: {}, assignedVariables: { n: 1 } },
      { name: 'second', output: {} },
    ]);
  });

  it('fail the state when they cannot be evaluated, as an Output would', async () => {
    const stage = createMachineStage();

    const result = await stage.run(aMachine({ first: pass({ Assign: { n: '{% $never %}' }, End: true }) }));

    expect(result).toMatchObject({
      status: 'FAILED',
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining("'$never' specified for the field 'Assign/n' returned nothing") as string,
    });
  });

  it('that are too large fail the state', async () => {
    const stage = createMachineStage();

    const result = await stage.run(aMachine({ first: pass({ Assign: { n: 'x'.repeat(300_000) }, End: true }) }));

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
  });

  it('of a task and of a Parallel may hold the result', async () => {
    const stage = createMachineStage({ functions: { begin: () => 'answer' } });

    const result = await stage.run(
      aMachine({
        ask: aCallTask({ Assign: { answer: '{% $states.result.Payload %}' }, Output: {}, Next: 'both' }),
        both: {
          Type: 'Parallel',
          Branches: [
            aBranch({ a: pass({ Output: 'A', End: true }) }),
            aBranch({ b: pass({ Output: 'B', End: true }) }),
          ],
          Assign: { letters: '{% $states.result %}' },
          Output: {},
          Next: 'end',
        },
        end: pass({ Output: ['{% $answer %}', '{% $letters %}'], End: true }),
      }),
    );

    expect(result).toMatchObject({ output: ['answer', ['A', 'B']] });
  });

  it('of a Catch may hold the error', async () => {
    const broken = (): never => {
      throw Object.assign(new Error('no disk'), { name: 'Broken' });
    };
    const stage = createMachineStage({ functions: { begin: broken } });

    const result = await stage.run(
      aMachine({
        ask: aCallTask({
          Assign: { outcome: 'fine' },
          Catch: [{ ErrorEquals: ['Broken'], Assign: { outcome: '{% $states.errorOutput.Cause %}' }, Next: 'end' }],
          Next: 'end',
        }),
        end: pass({ Output: '{% $outcome %}', End: true }),
      }),
    );

    expect(result).toMatchObject({ output: 'no disk' });
  });

  it('of a Choice are those of the rule that holds, or the state’s own on the way to the Default', async () => {
    const machine = aMachine({
      which: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input = 1 %}', Assign: { way: 'one' }, Next: 'end' },
          { Condition: '{% $states.input = 2 %}', Next: 'end' },
        ],
        Default: 'end',
        Assign: { way: 'default' },
        Output: '{% $states.input * 10 %}',
      },
      end: pass({ Output: ['{% $states.input %}', '{% $exists($way) ? $way : "none" %}'], End: true }),
    });
    const outputs = [1, 2, 3].map(async (input) => createMachineStage().run(machine, input));

    expect(await Promise.all(outputs)).toMatchObject([
      { output: [1, 'one'] },
      { output: [2, 'none'] },
      { output: [30, 'default'] },
    ]);
  });

  it('of an outer scope are seen in branches, and theirs end with them', async () => {
    const stage = createMachineStage();

    const result = await stage.run(
      aMachine({
        first: pass({ Assign: { outer: 1 }, Next: 'both' }),
        both: {
          Type: 'Parallel',
          Branches: [
            aBranch({
              a: pass({ Assign: { inner: '{% $outer + 1 %}' }, Next: 'aa' }),
              aa: pass({ Output: '{% $inner %}', End: true }),
            }),
            aBranch({ b: pass({ Output: '{% $exists($inner) %}', End: true }) }),
          ],
          Next: 'end',
        },
        end: pass({ Output: ['{% $states.input %}', '{% $exists($inner) %}'], End: true }),
      }),
    );

    expect(result).toMatchObject({ output: [[2, false], false] });
  });

  it('count the rounds of a loop', async () => {
    const stage = createMachineStage({ functions: { begin: (payload) => payload['round'] ?? null } });

    const result = await stage.run(
      aMachine({
        start: pass({ Assign: { r: 0 }, Next: 'work' }),
        work: aCallTask({ Arguments: { FunctionName: 'begin', Payload: { round: '{% $r %}' } }, Next: 'again' }),
        again: {
          Type: 'Choice',
          Choices: [{ Condition: '{% $r < 3 %}', Assign: { r: '{% $r + 1 %}' }, Next: 'work' }],
          Default: 'end',
        },
        end: pass({ Output: '{% $r %}', End: true }),
      }),
    );

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 3 });
    expect(stage.calls).toEqual([{ round: 0 }, { round: 1 }, { round: 2 }, { round: 3 }]);
  });
});
