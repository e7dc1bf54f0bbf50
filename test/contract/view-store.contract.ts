import { describe, expect, it } from 'vitest';
import { executionId } from '../../core/ids/index.ts';
import type { ViewFilter, ViewStore } from '../../core/ports/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import { midnight } from '../makers/event-log.ts';
import { aView as aStoredView } from '../makers/stored-records.ts';

const aView = (id: string, change: Partial<ExecutionView> = {}): ExecutionView =>
  aStoredView({ execution: executionId(id), ...change });

const views = [
  aView('exec_c', { startedAt: 2_000, status: 'failed' }),
  aView('exec_a', { startedAt: 3_000, workflow: 'deploy', status: 'failed' }),
  aView('exec_d', { startedAt: 1_000 }),
  aView('exec_b', { startedAt: 2_000, workflow: 'deploy' }),
];

/** What every ViewStore does. `create` makes an empty one. */
export function viewStoreContract(name: string, create: () => ViewStore): void {
  describe(name, () => {
    it('finds the view that was put last', async () => {
      const store = create();
      const ended = aView('exec_1', { status: 'succeeded', endedAt: midnight + 1, events: 9 });
      await store.put(aView('exec_1'));

      await store.put(ended);

      expect(await store.find(executionId('exec_1'))).toEqual(ended);
      expect(await store.find(executionId('exec_2'))).toBeUndefined();
    });

    it.each<[ViewFilter, string[]]>([
      [{ limit: 10 }, ['exec_a', 'exec_c', 'exec_b', 'exec_d']],
      [{ limit: 2 }, ['exec_a', 'exec_c']],
      [{ limit: 10, status: 'failed' }, ['exec_a', 'exec_c']],
      [{ limit: 1, status: 'running' }, ['exec_b']],
      [{ limit: 10, workflow: 'review' }, ['exec_c', 'exec_d']],
      [{ limit: 1, workflow: 'deploy' }, ['exec_a']],
      [{ limit: 10, workflow: 'review', status: 'failed' }, ['exec_c']],
      [{ limit: 10, workflow: 'review', status: 'cancelled' }, []],
      [{ limit: 10, after: { startedAt: 2_000, execution: 'exec_c' } }, ['exec_b', 'exec_d']],
      [{ limit: 1, after: { startedAt: 3_000, execution: 'exec_a' } }, ['exec_c']],
      [{ limit: 10, after: { startedAt: 2_000, execution: '' } }, ['exec_d']],
      [{ limit: 10, after: { startedAt: 2_500, execution: 'exec_z' }, status: 'failed' }, ['exec_c']],
      [{ limit: 10, after: { startedAt: 2_000, execution: 'exec_c' }, workflow: 'deploy' }, ['exec_b']],
      [{ limit: 10, after: { startedAt: 1_000, execution: 'exec_d' } }, []],
      [{ limit: 10, since: 2_000 }, ['exec_a', 'exec_c', 'exec_b']],
      [{ limit: 10, since: 2_001, workflow: 'review' }, []],
      [{ limit: 10, since: 2_000, after: { startedAt: 2_000, execution: 'exec_c' }, status: 'running' }, ['exec_b']],
      [{ limit: 9, since: 3_000, workflow: 'deploy', status: 'failed' }, ['exec_a']],
    ])('lists by %j, newest first', async (filter, expected) => {
      const store = create();
      for (const view of views) await store.put(view);

      const listed = await store.list(filter);

      expect(listed.map(({ execution }) => execution)).toEqual(expected);
    });

    it('lists a view once, by the status and the start that it has now', async () => {
      const store = create();
      for (const view of views) await store.put(view);

      const ended = aView('exec_d', { startedAt: 4_000, status: 'succeeded' });
      await store.put(ended);

      expect(await store.list({ limit: 10, status: 'succeeded' })).toEqual([ended]);
      const listed = await store.list({ limit: 10 });
      expect(listed.map(({ execution }) => execution)).toEqual(['exec_d', 'exec_a', 'exec_c', 'exec_b']);
    });
  });
}
