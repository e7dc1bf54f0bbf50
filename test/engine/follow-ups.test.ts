import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { UnavailableError } from '../../core/errors/index.ts';
import { createEngineHarness, type PlanSketch } from '../makers/engine-harness.ts';

// A casting boundary: what the planner adds to a wait plays no part here.
const waits = (id: string) =>
  ({
    id,
    kind: 'wait',
    dependsOn: [],
    join: 'all_success',
    wait: { kind: 'event', event: 'built' },
  }) as unknown as PlanSketch['tasks'][number];

describe('Engine.publish', () => {
  it('rejects when a task cannot be woken, and not before the others have been', async () => {
    const ledger = createMemoryLedgerStore();
    let isDown = false;
    const findTask: typeof ledger.findTask = async (execution, path) => {
      if (isDown && path === 'first')
        throw new UnavailableError({ code: 'database_unavailable', message: 'as planned' });
      if (isDown) for (let turn = 0; turn < 5; turn += 1) await turnOfTheEventLoop();
      return ledger.findTask(execution, path);
    };
    const tasks = [waits('first'), waits('second')];
    const harness = await createEngineHarness({ tasks }, { ledger: { ...ledger, findTask } });
    const execution = await harness.begin();
    for (const task of ['first', 'second']) await harness.dispatch(execution, task);
    isDown = true;

    const published = harness.engine.publish({ id: '1', type: 'built', source: 'ci', data: {} });

    await expect(published).rejects.toMatchObject({ code: 'database_unavailable' });
    expect((await ledger.listTasks(execution)).map(({ path, status }) => `${path} ${status}`)).toEqual([
      'first parked',
      'second succeeded',
    ]);
  });
});
