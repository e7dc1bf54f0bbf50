import { describe, expect, it } from 'vitest';
import { explore, type Action, type Model } from './explore.ts';

/** A counter that goes up by one or two, and can be thrown back to 0 or off the table. */
function counter(change: Partial<Model<number>> = {}): Model<number> {
  return {
    initial: 0,
    key: String,
    actions: (count) =>
      count >= 5
        ? []
        : [
            { name: '+1', next: count + 1 },
            { name: '+2', next: Math.min(5, count + 2) },
          ],
    invariants: {},
    isGoal: (count) => count === 5,
    ...change,
  };
}

describe('explore', () => {
  it('visits every state once', async () => {
    expect(await explore(counter())).toEqual({ states: 6, transitions: 10, depth: 3, isComplete: true });
  });

  it('finds a broken invariant by the shortest way', async () => {
    const { finding } = await explore(counter({ invariants: { 'it is never 4': (count) => count !== 4 } }));

    expect(finding).toEqual({ broken: 'it is never 4', trace: ['+2', '+2'] });
  });

  it('finds a state from which nothing leads to a goal', async () => {
    const actions = (count: number): readonly Action<number>[] =>
      count >= 5 ? [] : [{ name: '+1', next: count + 1 }, ...(count === 2 ? [{ name: 'off', next: 9 }] : [])];

    const { finding } = await explore(counter({ actions }));

    expect(finding).toEqual({ broken: 'progress', trace: ['+1', '+1', 'off'] });
  });

  it('counts on no fault for progress', async () => {
    const actions = (count: number): readonly Action<number>[] =>
      count === 0 ? [{ name: 'by luck', next: 5, isFault: true }] : [];

    expect((await explore(counter({ actions }))).finding).toEqual({ broken: 'progress', trace: [] });
  });

  it('stops where it is told to, and says so', async () => {
    const endless = counter({ actions: (count) => [{ name: '+1', next: count + 1 }] });

    expect(await explore(endless, 100)).toMatchObject({ isComplete: false, states: 101 });
  });
});
