import { describe, expect, it } from 'vitest';
import type { KnownWorkflow, WorkflowCatalogue } from '../../../core/validation/index.ts';
import { findingsOn, withCode } from '../../makers/findings.ts';

function catalogueOf(known: readonly KnownWorkflow[]): WorkflowCatalogue & { readonly asked: string[] } {
  const byName = new Map(known.map((one) => [one.name, one]));
  const asked: string[] = [];
  return {
    asked,
    find: (name) => {
      asked.push(name);
      return byName.get(name);
    },
  };
}

const chain = (length: number, last: readonly string[] = []): readonly KnownWorkflow[] =>
  Array.from({ length }, (_, at) => ({
    name: `c${at}`,
    version: '1',
    calls: (at + 1 < length ? [`c${at + 1}`] : last).map((name) => ({ name })),
  }));

const starting = (...names: readonly string[]) => ({
  tasks: names.map((name, at) => ({ id: `t${at}`, workflow: { name } })),
});

describe('children', () => {
  it('may go sixteen deep, and no deeper', () => {
    const workflows = catalogueOf(chain(17));

    expect(withCode(findingsOn(starting('c1'), { workflows }), 'VAL229')).toEqual([]);
    expect(withCode(findingsOn(starting('c0'), { workflows }), 'VAL229')).toHaveLength(1);
  });

  it('are followed through chains of any length, and back to their beginning', () => {
    const found = findingsOn(starting('c0'), { workflows: catalogueOf(chain(20_000, ['w'])) });

    expect(withCode(found, 'VAL228').map(({ message }) => message.slice(0, 80))).toEqual([
      '`t0` starts a workflow that starts itself: w 1 → c0 1 → c1 1 → c2 1 → c3 1 → c4 ',
    ]);
  });

  it('are looked up about as often as there are calls, however many tasks start them', () => {
    const workflows = catalogueOf(chain(50));

    findingsOn(starting(...Array.from({ length: 100 }, (_, at) => `c${at % 50}`)), { workflows });

    expect(workflows.asked.length).toBeLessThan(500);
  });

  it('reports a circle among others once', () => {
    const known = [
      { name: 'a', version: '1', calls: [{ name: 'b' }] },
      { name: 'b', version: '1', calls: [{ name: 'a' }] },
    ];

    const found = withCode(findingsOn(starting('a', 'b'), { workflows: catalogueOf(known) }), 'VAL228');

    expect(found.map(({ message }) => message)).toEqual([
      '`t0` starts a workflow that starts itself: a 1 → b 1 → a 1.',
    ]);
  });

  it.each([
    { length: 48, end: '→ c46 1 → c47 1 → w 1.' },
    { length: 49, end: '→ c47 1 → c48 1 → ….' },
  ])('of a circle of $length calls and their beginning are shown by fifty names', ({ length, end }) => {
    const [found] = withCode(findingsOn(starting('c0'), { workflows: catalogueOf(chain(length, ['w'])) }), 'VAL228');

    expect(found?.message.slice(-end.length)).toBe(end);
  });

  it('may be of the same name in another version, and have to be there then', () => {
    const tasks = [{ id: 'a', workflow: { name: 'w', version: '0' } }];
    const known = [{ name: 'w', version: '2', calls: [] }];

    const found = findingsOn(
      { tasks },
      { workflows: { find: (_, version) => known.find((one) => (version ?? one.version) === one.version) } },
    );

    expect(withCode(found, 'VAL227', 'VAL228')).toMatchObject([
      { message: 'There is a workflow `w`, but no version `0` of it.', hint: 'the latest version is `2`' },
    ]);
  });

  it('of the same name without a version are this workflow, and not missed', () => {
    expect(withCode(findingsOn(starting('w'), { workflows: catalogueOf([]) }), 'VAL227', 'VAL228')).toMatchObject([
      { message: '`t0` starts a workflow that starts itself: w 1 → w 1.' },
    ]);
  });

  it('that nobody knows are to be published, where no names can be suggested', () => {
    expect(withCode(findingsOn(starting('x'), { workflows: catalogueOf([]) }), 'VAL227')).toMatchObject([
      { message: 'There is no workflow `x`.', hint: 'publish it first' },
    ]);
  });

  it.each([
    { concurrency: { max_executions: 1 }, limit: 'max_executions' },
    { concurrency: { max_executions: 1, key: '${ input.x }' }, limit: 'max_executions' },
    { concurrency: { max_executions: 2, key: '${ input.x }' }, limit: 'key' },
    { concurrency: { key: '${ input.x }' }, limit: 'key' },
    { concurrency: { max_executions: 2 }, limit: undefined },
    { concurrency: { max_parallel: 1 }, limit: undefined },
  ])('of the same name find no place while this execution holds it: $concurrency', ({ concurrency, limit }) => {
    const tasks = [{ id: 'a', workflow: { name: 'w', version: '0' } }];
    const workflows: WorkflowCatalogue = { find: () => ({ name: 'w', version: '0', calls: [] }) };

    const found = withCode(findingsOn({ tasks, concurrency }, { workflows }), 'CAP304');

    expect(found.map(({ related }) => related?.[0]?.path)).toEqual(
      limit === undefined ? [] : [`workflow.concurrency.${limit}`],
    );
  });

  it('may start the same workflow on two ways, and that is no circle', () => {
    const known = [
      { name: 'a', version: '1', calls: [{ name: 'c' }] },
      { name: 'b', version: '1', calls: [{ name: 'c' }, { name: 'a' }] },
      { name: 'c', version: '1', calls: [] },
    ];

    expect(withCode(findingsOn(starting('b', 'a'), { workflows: catalogueOf(known) }), 'VAL228', 'VAL229')).toEqual([]);
  });

  it.each([{ calls: ['leaf', 'c0'] }, { calls: ['c0', 'leaf'] }])(
    'are as deep as the deepest of $calls',
    ({ calls }) => {
      const both = { name: 'both', version: '1', calls: calls.map((name) => ({ name })) };
      const workflows = catalogueOf([both, { name: 'leaf', version: '1', calls: [] }, ...chain(16)]);

      expect(withCode(findingsOn(starting('both'), { workflows }), 'VAL229')).toMatchObject([
        { message: '`t0` starts 17 workflows within one another; 16 is the limit.' },
      ]);
    },
  );

  it.each([
    { depth: 2, says: ['`t0` starts 3 workflows within one another, and the budget allows 2.'] },
    { depth: 3, says: [] },
  ])('go as deep as a budget of $depth allows', ({ depth, says }) => {
    const found = findingsOn({ budget: { depth }, ...starting('c0') }, { workflows: catalogueOf(chain(3)) });

    expect(withCode(found, 'VAL229').map(({ message }) => message)).toEqual(says);
  });
});
