import { describe, expect, it } from 'vitest';
import { aBranch, aMachine, createMachineStage, pass, typesOf } from '../machine-stage.ts';

describe('runSucceed', () => {
  it('ends the machine with its input', async () => {
    const result = await createMachineStage().run(aMachine({ done: { Type: 'Succeed' } }), [1]);

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: [1] });
    expect(typesOf(result)).toEqual([
      'ExecutionStarted',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ]);
  });

  it('ends only its own branch', async () => {
    const machine = aMachine({
      both: {
        Type: 'Parallel',
        Branches: [aBranch({ done: { Type: 'Succeed' } }), aBranch({ other: pass({ Output: 2, End: true }) })],
        Next: 'after',
      },
      after: pass(),
    });

    const result = await createMachineStage().run(machine, 1);

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: [1, 2] });
  });
});
