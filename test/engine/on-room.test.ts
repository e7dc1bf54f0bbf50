import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../core/errors/index.ts';
import {
  createEngineHarness,
  type EngineHarness,
  type HarnessOptions,
  type PlanSketch,
} from '../makers/engine-harness.ts';

interface Workers {
  readonly harness: EngineHarness;
  /** Ends the work of so many calls and tells the engine that their workers are free. */
  readonly free: (workers: number) => Promise<void>;
}

/** A harness whose agents have `size` workers; a call keeps its worker until the test frees it. */
async function withWorkers(size: number, sketch: PlanSketch, onCall?: HarnessOptions['onCall']): Promise<Workers> {
  let busy = 0;
  const harness = await createEngineHarness(sketch, {
    capacity: () => ({ limit: 'workers', size, free: size - busy }),
    onCall: async (call, it) => {
      await onCall?.(call, it);
      busy += 1;
    },
  });
  return {
    harness,
    async free(workers) {
      busy -= workers;
      await harness.engine.onRoom();
    },
  };
}

const tasks = (...ids: readonly string[]) => ids.map((id) => ({ id }));
const called = ({ calls }: EngineHarness) => calls.map(({ path }) => path);

describe('onRoom', () => {
  it('finds tasks parked that had no worker, and lets them run in the order in which they came', async () => {
    const { harness, free } = await withWorkers(1, { tasks: tasks('a', 'b', 'c') });
    const execution = await harness.begin();
    for (const path of ['a', 'c', 'b']) await harness.dispatch(execution, path);
    const parked = await harness.task(execution, 'c');

    await free(1);
    const next = called(harness);
    await free(1);

    expect(parked).toMatchObject({
      status: 'parked',
      cause: { kind: 'concurrency', limit: 'workers', size: 1 },
      attempts: 0,
    });
    expect(next).toEqual(['a', 'c']);
    expect(called(harness)).toEqual(['a', 'c', 'b']);
    expect(await harness.task(execution, 'b')).toMatchObject({ status: 'running', token: 'b' });
  });

  it('fills every worker and no more when many come at once', async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `t${i}`);
    const { harness } = await withWorkers(3, { tasks: tasks(...ids) });
    const execution = await harness.begin();

    await Promise.all(ids.map((id) => harness.dispatch(execution, id)));

    expect(harness.calls).toHaveLength(3);
    const parked = harness.events.filter((event) => event.type === 'task.parked').map(({ path }) => path);
    expect(parked).toHaveLength(ids.length - 3);
    expect(new Set([...called(harness), ...parked]).size).toBe(ids.length);
  });

  it('passes a place on when the one who waited for it does not want it any more', async () => {
    const { harness, free } = await withWorkers(1, { tasks: tasks('a', 'b') });
    const [stopped, waiting] = [await harness.begin(), await harness.begin()];
    await harness.dispatch(stopped, 'a');
    await harness.dispatch(stopped, 'b');
    await harness.dispatch(waiting, 'b');
    await harness.engine.cancel(stopped, 'the test');

    await free(1);

    expect(harness.calls.map(({ execution, path }) => [execution, path])).toEqual([
      [stopped, 'a'],
      [waiting, 'b'],
    ]);
  });

  it('passes a place on when its task finds max_parallel used up meanwhile', async () => {
    const { harness, free } = await withWorkers(2, { tasks: tasks('a', 'b'), maxParallel: 1 });
    const [one, other, narrow, last] = [
      await harness.begin(),
      await harness.begin(),
      await harness.begin(),
      await harness.begin(),
    ];
    await harness.dispatch(one, 'a');
    await harness.dispatch(other, 'a');
    await harness.dispatch(narrow, 'a');
    await harness.dispatch(narrow, 'b');
    await harness.dispatch(last, 'a');

    await free(2);

    expect(harness.calls.slice(2).map(({ execution, path }) => [execution, path])).toEqual([
      [narrow, 'a'],
      [last, 'a'],
    ]);
    expect(await harness.task(narrow, 'b')).toMatchObject({ cause: { kind: 'concurrency', limit: 'max_parallel' } });
  });

  it('gives the place of a call that was not accepted to the next one', async () => {
    const sketch = { tasks: [{ id: 'a', continueOnFailure: true }, { id: 'b' }] };
    const { harness } = await withWorkers(1, sketch, async ({ execution, path }, it) => {
      if (path !== 'a') return;
      // b comes while the place is kept for a.
      void it.dispatch(execution, 'b');
      await it.quiet();
      throw new UnavailableError({ code: 'gone', message: 'nobody there' });
    });
    const execution = await harness.begin();

    await harness.dispatch(execution, 'a');

    const parkings = harness.events.filter((event) => event.type === 'task.parked');
    expect(parkings.map(({ path }) => path)).toEqual(['b']);
    expect(await harness.task(execution, 'a')).toMatchObject({ error: { name: 'AgentUnavailable' } });
    expect(await harness.task(execution, 'b')).toMatchObject({ status: 'running' });
  });

  it('does nothing when nobody waits', async () => {
    const { harness, free } = await withWorkers(1, { tasks: tasks('a') });
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');

    await free(1);

    expect(called(harness)).toEqual(['a']);
    expect(harness.errors).toEqual([]);
  });
});
