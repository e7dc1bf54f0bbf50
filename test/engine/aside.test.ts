import { describe, expect, it } from 'vitest';
import { createEngineHarness } from '../makers/engine-harness.ts';

describe('EngineDeps.aside', () => {
  it('hears of all that an answer sets in motion, and who has waited for it need not wait for more', async () => {
    const work: Promise<void>[] = [];
    const harness = await createEngineHarness(
      { tasks: [{ id: 'a' }, { id: 'b', dependsOn: [{ task: 'a', on: 'success' }] }] },
      { aside: (one) => void work.push(one) },
    );
    const execution = await harness.begin();
    await harness.dispatch(execution, 'a');
    await harness.dispatch(execution, 'b');

    await harness.engine.answers.complete(harness.handle(execution, 'a'), {});
    while (work.length > 0) await work.shift();

    expect(harness.answers).toEqual([{ token: 'a', answer: 'succeeded' }]);
    expect(harness.calls.map(({ path }) => path)).toEqual(['a', 'b']);
    expect(await harness.task(execution, 'b')).toMatchObject({ status: 'running', attempt: { state: 'running' } });
    expect(harness.events.at(-1)).toMatchObject({ type: 'task.started', path: 'b' });
  });
});
