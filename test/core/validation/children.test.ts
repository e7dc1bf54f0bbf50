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
});
