import { describe, expect, it } from 'vitest';
import type { State } from '../../../local/interpreter/machine.ts';
import { aBranch, aMachine, answering, aTokenTask, createMachineStage, pass } from './machine-stage.ts';

function chainOfTasks(length: number): Record<string, State> {
  const states: Record<string, State> = {};
  for (let n = 1; n <= length; n += 1) states[`t${n}`] = aTokenTask(n < length ? { Next: `t${n + 1}` } : {});
  return states;
}

describe('the interpreter at scale', () => {
  it('runs ten thousand tasks in one branch', async () => {
    const stage = createMachineStage({ functions: { 'dispatch-task': answering(() => stage) } });

    const result = await stage.run(aMachine(chainOfTasks(10_000)));

    expect(result.status).toBe('SUCCEEDED');
    expect(result.history).toHaveLength(2 + 6 * 10_000);
    expect(stage.interpreter.openTokens).toBe(0);
  });

  it('runs a thousand branches', async () => {
    const stage = createMachineStage();
    const branches = Array.from({ length: 1000 }, (_, n) => aBranch({ [`t${n}`]: aTokenTask() }));

    const running = stage.start(aMachine({ all: { Type: 'Parallel', Branches: branches, Output: {}, End: true } }));
    // The pacer holds the machine back once, for others to have a turn.
    await stage.pass(0);
    const open = stage.interpreter.openTokens;
    for (let token = 1000; token >= 1; token -= 1) stage.interpreter.sendTaskSuccess(`token-${token}`, null);
    const result = await running.result;

    expect(open).toBe(1000);
    expect(result.status).toBe('SUCCEEDED');
    expect(result.history).toHaveLength(2 + 4 + 6 * 1000);
  });

  it('runs a thousand Parallel states within one another', async () => {
    let states: Record<string, State> = { innermost: pass({ Output: 'deep', End: true }) };
    for (let depth = 1; depth <= 1000; depth += 1) {
      states = {
        [`p${depth}`]: { Type: 'Parallel', Branches: [aBranch(states)], Output: '{% $states.result %}', End: true },
      };
    }

    const result = await createMachineStage({ keepHistory: false }).run(aMachine(states));

    expect(result.status).toBe('SUCCEEDED');
  });

  it('gives others a turn while a machine runs that waits for nothing', async () => {
    const stage = createMachineStage({ keepHistory: false });
    const endless = aMachine({ a: pass({ Next: 'b' }), b: pass({ Next: 'a' }) });

    const running = stage.start(endless);
    await stage.settle();
    const paused = stage.waits();
    for (let turn = 0; turn < 3; turn += 1) await stage.passOne();
    const pausedAgain = stage.waits();
    running.stop('seen enough');

    expect(paused).toEqual([0]);
    expect(pausedAgain).toEqual([0]);
    expect(await running.result).toMatchObject({ status: 'ABORTED' });
  });
});
