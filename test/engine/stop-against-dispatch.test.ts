import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import { createEngineHarness, type EngineHarness, type PlanSketch } from '../makers/engine-harness.ts';

const wait = (id: string, kind: Record<string, unknown>) =>
  ({ id, kind: 'wait', dependsOn: [], join: 'all_success', wait: kind }) as unknown as PlanSketch['tasks'][number];

/** A harness in which a cancel comes between the look of a dispatch and its first commit that holds a task's token. */
async function stoppedAtCommit(sketch: PlanSketch, free = 1) {
  const ledger = createMemoryLedgerStore();
  const cancelled: { execution?: ExecutionId } = {};
  const harness: EngineHarness = await createEngineHarness(sketch, {
    capacity: () => ({ limit: 'workers', size: 1, free }),
    ledger: {
      ...ledger,
      commit: async (writes) => {
        const binds = writes.some((write) => write.kind === 'task' && write.record.token !== undefined);
        const { execution } = cancelled;
        if (binds && execution) {
          delete cancelled.execution;
          await harness.engine.cancel(execution, 'the test');
        }
        return ledger.commit(writes);
      },
    },
  });
  const execution = await harness.begin();
  cancelled.execution = execution;
  return { harness, execution };
}

describe('a stop that comes between the look of a dispatch and its commit', () => {
  it.each([
    ['waits for an event', { tasks: [wait('only', { kind: 'event', event: 'never' })] }],
    ['waits for a time', { tasks: [wait('only', { kind: 'seconds', seconds: 600 })] }],
    [
      'waits for another task',
      { tasks: [{ id: 'first' }, { id: 'only', dependsOn: [{ task: 'first', on: 'success' as const }] }] },
    ],
  ])('rejects the state of a task that %s', async (_what, sketch) => {
    const { harness, execution } = await stoppedAtCommit(sketch);

    await harness.dispatch(execution, 'only');

    expect(harness.answers).toEqual([{ token: 'only', answer: 'ExecutionStopping' }]);
  });

  it('rejects the state of a task that waits for a worker', async () => {
    const { harness, execution } = await stoppedAtCommit({ tasks: [{ id: 'only' }] }, 0);

    await harness.dispatch(execution, 'only');

    expect(harness.answers).toEqual([{ token: 'only', answer: 'ExecutionStopping' }]);
  });
});
