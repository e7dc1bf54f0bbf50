import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

/** Each task, with those that it depends on. */
const cyclesIn = (tasks: Readonly<Record<string, readonly string[]>>) =>
  withCode(
    findingsOn({ tasks: Object.entries(tasks).map(([id, depends_on]) => ({ id, agent: 'worker', depends_on })) }),
    'VAL203',
  );

/** The first of so many tasks depends on the last, and each other one on the one before. */
const ring = (size: number): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(Array.from({ length: size }, (_, at) => [`t${at}`, [`t${(at + size - 1) % size}`]]));

describe('tasks that wait for one another', () => {
  it.each([
    { title: 'a task behind them is no part of it', tasks: { a: ['b', 'c'], b: ['c'], c: ['b'] }, says: ['b → c → b'] },
    {
      title: 'it begins with the task that stands first',
      tasks: { a: ['d'], c: ['d'], d: ['c'] },
      says: ['c → d → c'],
    },
    {
      title: 'a second one through the same task waits its turn',
      tasks: { a: ['b'], b: ['a', 'c'], c: ['b'] },
      says: ['a → b → a'],
    },
    {
      title: 'those apart are all shown',
      tasks: { a: ['b'], b: ['a'], c: ['d'], d: ['c'] },
      says: ['a → b → a', 'c → d → c'],
    },
    { title: 'the arrows point to what waits', tasks: { a: ['c'], b: ['a'], c: ['b'] }, says: ['a → b → c → a'] },
    { title: 'a task that two depend on is none', tasks: { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, says: [] },
  ])('are shown as a circle: $title', ({ tasks, says }) => {
    expect(cyclesIn(tasks).map(({ message }) => message)).toEqual(
      says.map((way) => `These tasks wait for one another: ${way}.`),
    );
  });

  it('come with each dependency of the circle', () => {
    const [cycle] = cyclesIn({ a: ['c'], b: ['a'], c: ['x', 'b'] });

    expect(cycle?.related).toMatchObject([
      { message: '`a` depends on `c`', path: 'workflow.tasks[0].depends_on[0]' },
      { message: '`c` depends on `b`', path: 'workflow.tasks[2].depends_on[1]' },
      { message: '`b` depends on `a`', path: 'workflow.tasks[1].depends_on[0]' },
    ]);
  });

  it.each([
    { size: 49, between: '→ t24 → t25 →' },
    { size: 50, between: '→ t24 → (1 more) → t26 →' },
  ])('of a circle of $size are shown up to fifty names', ({ size, between }) => {
    const [cycle] = cyclesIn(ring(size));

    expect(cycle?.message).toContain(between);
    expect(cycle?.related).toHaveLength(size);
  });

  it('of a large circle have fifty dependencies beside them', () => {
    expect(cyclesIn(ring(51))[0]?.related).toHaveLength(50);
  });
});
