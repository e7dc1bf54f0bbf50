import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../core/json/index.ts';
import { link, partition, type Partition } from '../../../statemachines/index.ts';
import { series, task } from '../../makers/block.ts';
import { smallPlan } from '../../makers/small-plan.ts';
import { createMachineStage, type MachineStage } from './machine-stage.ts';

/** Ten tasks in a loop of two iterations, cut into several machines. */
function cutLoop(): Partition {
  const ids = Array.from({ length: 10 }, (_, n) => `t${n}`);
  const plan = smallPlan({ l: { loop: { maxIterations: 2, tasks: Object.fromEntries(ids.map((id) => [id, {}])) } } });
  const tasks = plan.tasks.map((it) =>
    it.kind === 'loop' ? { ...it, region: { ...it.region, skeleton: series(...ids.map(task)) } } : it,
  );
  const budget = { raw: 6_000, escaped: 7_200, events: 15_000 };
  return partition({ ...plan, tasks, skeleton: task('l') }, budget);
}

const targets = {
  ...{ begin: 'begin', dispatch: 'dispatch', conclude: 'conclude', tenant: 't', workflow: 'w', version: '1' },
  part: (number: number) => `part-${number}`,
};

interface Played {
  readonly stage: MachineStage;
  /** Names of all executions that recorded anything. */
  readonly names: ReadonlySet<string>;
  readonly status: string;
}

/** Runs all machines; `answerOf` says how each dispatched task ends. */
async function play(name: string, errorOf: (task: unknown) => string | undefined = () => undefined): Promise<Played> {
  const { root, parts } = cutLoop();
  const names = new Set<string>();
  const answer = ({ token, task: id, step }: JsonObject) => {
    const error = errorOf(id);
    if (error === undefined) stage.interpreter.sendTaskSuccess(token as string, { again: step === 'iterate' });
    else stage.interpreter.sendTaskFailure(token as string, error);
    return {};
  };
  const stage = createMachineStage({
    machines: Object.fromEntries(parts.map(({ machine }, number) => [`part-${number}`, link(machine, targets)])),
    onHistory: (_event, execution) => names.add(execution),
    functions: {
      dispatch: answer,
      conclude: ({ token }) => {
        stage.interpreter.sendTaskSuccess(token as string, { status: 'succeeded', cause: '' });
        return {};
      },
    },
  });
  const { status } = await stage.run(link(root, targets), {}, { machineName: 'w-1', name });
  return { stage, names, status };
}

const dispatches = ({ stage }: Played): JsonObject[] => stage.calls.filter((call) => 'task' in call);

describe('the machines of a partition', () => {
  it('run all tasks of all iterations, and tell the engine execution and rounds of the root', async () => {
    const played = await play('exec_1');

    expect(played.status).toBe('SUCCEEDED');
    expect(new Set(dispatches(played).map(({ execution }) => execution))).toEqual(new Set(['exec_1']));
    const tasks = dispatches(played).filter(({ step }) => step === undefined);
    expect(tasks.map(({ task: id, rounds }) => JSON.stringify([id, rounds]))).toEqual(
      [0, 1].flatMap((round) => Array.from({ length: 10 }, (_, n) => JSON.stringify([`t${n}`, [round]]))),
    );
  });

  it('run parts under names of their own, told apart by part and round', async () => {
    const { names } = await play('exec_1');

    const parts = [...names].filter((name) => name !== 'exec_1');
    expect(parts.length).toBe(2 * cutLoop().parts.length);
    expect(parts.every((name) => /^exec_1-\d+-[01]$/.test(name))).toBe(true);
  });

  it('keep to the 80 characters of a name, however long that of the execution is', async () => {
    const { names } = await play('x'.repeat(80));

    expect([...names].filter((name) => name.length > 80)).toEqual([]);
    expect([...names].filter((name) => /^[0-9a-f]{40}-\d+-[01]$/.test(name)).length).toBeGreaterThan(1);
  });

  it('end all together when one is told that the execution stops, and come to the end of the root', async () => {
    const played = await play('exec_1', (id) => (id === 't1' ? 'ExecutionStopping' : undefined));

    expect(played.status).toBe('SUCCEEDED');
    expect(dispatches(played).map(({ task: id }) => id)).toEqual(['t0', 't1']);
    expect(played.stage.interpreter.openTokens).toBe(0);
  });

  it('go on after a task that failed alone', async () => {
    const played = await play('exec_1', (id) => (id === 't1' ? 'TaskFailed' : undefined));

    expect(dispatches(played)).toHaveLength(22);
  });
});
