import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

interface Task {
  readonly does: 'wait' | 'emit' | 'work';
  readonly event: number;
  readonly dependsOn: readonly number[];
  readonly any: boolean;
  /** In which of two groups it is, or in none. */
  readonly group: number;
}

const tasks: fc.Arbitrary<readonly Task[]> = fc
  .array(
    fc.record({
      does: fc.constantFrom<Task['does']>('wait', 'wait', 'emit', 'emit', 'work'),
      event: fc.nat(2),
      dependsOn: fc.uniqueArray(fc.nat(7), { maxLength: 2 }),
      any: fc.boolean(),
      group: fc.nat(2),
    }),
    { minLength: 2, maxLength: 8 },
  )
  // Earlier tasks of the same region.
  .map((all) =>
    all.map((task, at) => ({
      ...task,
      dependsOn: task.dependsOn.filter((to) => to < at && all[to]?.group === task.group),
    })),
  );

function documentsOf(all: readonly Task[]): object[] {
  const documents = all.map(({ does, event, dependsOn, any }, at) => ({
    id: `t${at}`,
    depends_on: dependsOn.map((to) => `t${to}`),
    join: any ? 'any_success' : 'all_success',
    ...(does === 'work' ? { agent: 'worker' } : { [does]: { event: `e${event}` } }),
  }));
  const inGroup = (group: number): object[] => documents.filter((_, at) => all[at]?.group === group);
  const groups = [1, 2].filter((group) => inGroup(group).length > 0);
  // The second group waits for the first.
  return [
    ...inGroup(0),
    ...groups.map((group, at) => ({
      id: `g${group}`,
      depends_on: at > 0 ? [`g${groups[0]}`] : [],
      group: { tasks: inGroup(group) },
    })),
  ];
}

/** Goes through all tasks until nothing changes any more; whether a wait is left over. */
function isStuck(all: readonly Task[]): boolean {
  const emitted = new Set(all.flatMap(({ does, event }) => (does === 'emit' ? [event] : [])));
  const settled = new Set<number>();
  const isOver = (group: number): boolean => all.every((task, at) => task.group !== group || settled.has(at));
  for (let before = -1; before < settled.size;) {
    before = settled.size;
    for (const [at, { does, event, dependsOn, any, group }] of all.entries()) {
      const comes = dependsOn[any ? 'some' : 'every']((to) => settled.has(to)) || dependsOn.length === 0;
      const isOpen = group !== 2 || isOver(1);
      const isHeard =
        does !== 'wait' ||
        !emitted.has(event) ||
        all.some((task, other) => task.does === 'emit' && task.event === event && settled.has(other));
      if (comes && isOpen && isHeard) settled.add(at);
    }
  }
  return all.some(({ does }, at) => does === 'wait' && !settled.has(at));
}

describe('waits for events', () => {
  it('are in a circle exactly when playing the workflow comes to a halt', () => {
    fc.assert(
      fc.property(tasks, (all) => {
        const circles = withCode(findingsOn({ tasks: documentsOf(all) }), 'CAP303');

        expect(circles.length > 0).toBe(isStuck(all));
      }),
      { numRuns: 1_000 },
    );
  });

  it('of a circle of thousands are shown by the first ones', () => {
    const size = 2_000;
    const all = Array.from({ length: size }, (_, at) => [
      { id: `w${at}`, wait: { event: `e${at}` } },
      { id: `m${at}`, depends_on: [`w${at}`], emit: { event: `e${(at + 1) % size}` } },
    ]);

    const circles = withCode(findingsOn({ tasks: all.flat() }), 'CAP303');

    expect(circles.map(({ message }) => message.slice(-16))).toEqual(['; and 1990 more.']);
  });

  it.each([
    { size: 10, end: 'only after `w0`.' },
    { size: 11, end: 'only after `w10`; and 1 more.' },
  ])('of a circle of $size are shown by the first ten', ({ size, end }) => {
    const tasks = Array.from({ length: size }, (_, at) => [
      { id: `w${at}`, wait: { event: `e${at}` } },
      { id: `m${at}`, depends_on: [`w${at}`], emit: { event: `e${(at + size - 1) % size}` } },
    ]).flat();

    const [circle, ...others] = withCode(findingsOn({ tasks }), 'CAP303');

    expect(circle?.message.slice(-end.length)).toBe(end);
    expect(circle?.related).toHaveLength(10);
    expect(others).toEqual([]);
  });
});
