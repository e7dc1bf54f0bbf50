import { describe, expect, it } from 'vitest';
import { compileRepeatedly, definitionOf } from '../../../bench/compile-times.ts';
import { runSimulated } from '../../../bench/real-graphs/simulated-run.ts';

const compiled = compileRepeatedly(
  definitionOf([
    { id: 'a', depends_on: [] },
    { id: 'b', depends_on: [] },
    { id: 'c', depends_on: ['a', 'b'] },
    { id: 'd', depends_on: ['b'] },
  ]),
  1,
);

const durations = new Map([
  ['a', 5_000],
  ['b', 2_000],
  ['c', 10],
  ['d', 4_000],
]);

describe('runSimulated', () => {
  it('calls each task when its dependencies have ended, gated or not', async () => {
    const { calledAt } = await runSimulated(compiled, durations);

    expect(compiled.plan.gates).toHaveLength(1);
    expect(Object.fromEntries(calledAt)).toEqual({ a: 0, b: 0, c: 5_000, d: 2_000 });
  });

  it('ends when the last task does', async () => {
    const { makespan } = await runSimulated(compiled, durations);

    expect(makespan).toBe(6_000);
  });

  it('throws when a task does not end in time', async () => {
    // Longer than a task may take by default, 300 s.
    const slow = new Map([...durations, ['a', 400_000]] as const);

    await expect(runSimulated(compiled, slow)).rejects.toThrow('settled already');
  });
});
