import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../core/json/index.ts';
import type { MachineResult } from '../../../local/interpreter/index.ts';
import { detailsOf } from '../../../local/interpreter/history.ts';
import type { Machine } from '../../../local/interpreter/machine.ts';
import { expectGolden, goldenCases, goldenFile } from '../../makers/golden.ts';
import { linesOf } from './history-lines.ts';
import { createMachineStage } from './machine-stage.ts';

/** Calls of the functions of the golden machine: lint is not reachable at first, test fails, all else succeeds. */
function runGolden(machine: Machine): Promise<MachineResult> {
  let tries = 0;
  const stage = createMachineStage({
    random: () => 0.5,
    functions: {
      begin: () => ({}),
      'dispatch-task': ({ task, token }: JsonObject) => {
        if (task === 'lint' && (tries += 1) === 1) throw Object.assign(new Error('gone'), { name: 'Lambda.Unknown' });
        if (task === 'test') stage.interpreter.sendTaskFailure(token as string, 'TaskFailed', '{"attempts":3}');
        else stage.interpreter.sendTaskSuccess(token as string, { status: 'succeeded' });
        return {};
      },
      conclude: ({ token }: JsonObject) => {
        stage.interpreter.sendTaskSuccess(token as string, { status: 'failed', cause: 'test failed' });
        return {};
      },
    },
  });
  return stage.run(machine, { repository: '.' });
}

describe('a whole history', () => {
  it.each(goldenCases('interpreter'))('is told word for word: %s', async (name) => {
    const machine = JSON.parse(readFileSync(goldenFile('interpreter', name, 'machine.asl.json'), 'utf8')) as Machine;

    const { history } = await runGolden(machine);

    expectGolden(goldenFile('interpreter', name, 'history.txt'), linesOf(history));
  });
});

describe('detailsOf', () => {
  it('leaves out what has no value', () => {
    expect(detailsOf({ error: undefined, cause: '', output: null })).toEqual({ cause: '', output: null });
  });
});
