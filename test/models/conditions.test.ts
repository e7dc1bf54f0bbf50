import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkout, readSourceFiles } from '../architecture/source-file.ts';
import { commitSites } from './commit-sites.ts';
import { blindnessOf, conditions, unconditional, type Condition } from './conditions.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import { explore } from './explore.ts';
import { conditionOf } from './ledger-state.ts';
import { protocolNamed, protocols } from './protocols.ts';
import type { Protocol } from './protocol.ts';

/** States of each protocol in which commits are looked at: enough that each has made the ones it is about. */
const LOOKED_AT = 1_000;
/** What `npm run -s models` looks for, and no test: it takes more than ten thousand states. */
const SLOW = new Set([
  'loop 2 0',
  'places-back 2 0',
  'park-and-wake 2 0',
  'events 2 0',
  'pause-against-dispatch 2 0',
  'breaker-and-tasks 2 0',
  'pool-sweep 2 0',
]);

const nameOf = ({ site, condition }: Pick<Condition, 'site' | 'condition'>): string => `${site}: ${condition}`;

/** Every condition of the commits that a protocol makes, on its way through the first of its states. */
async function conditionsOf(protocol: Protocol): Promise<ReadonlySet<string>> {
  const seen = new Set<string>();
  const planted: Protocol['bounds'][number]['planted'] = {
    answers(_operation, { method, args, site = '' }) {
      for (const write of method === 'commit' ? (args[0] as readonly LedgerWrite[]) : []) {
        const condition = conditionOf(write);
        if (condition !== undefined && condition !== 'event') seen.add(nameOf({ site, condition }));
      }
      return undefined;
    },
  };
  await explore(await protocol.create({ processes: 1, faults: 1, planted }), LOOKED_AT);
  return seen;
}

describe('the table of conditions', () => {
  const known = new Set(conditions.map(nameOf));

  it.each(protocols)(
    'has every condition of the commits of $name',
    async (protocol) => {
      const seen = await conditionsOf(protocol);

      expect([...seen].filter((name) => !known.has(name))).toEqual([]);
      expect(seen.size).toBeGreaterThan(0);
    },
    120_000,
  );

  it('has every place in the engine that commits, and no other', () => {
    const told = new Set([...conditions.map(({ site }) => site), ...unconditional]);

    expect([...told].toSorted()).toEqual(commitSites().toSorted());
  });

  it('has every folder of control records that the engine knows', () => {
    const folders = readSourceFiles()
      .filter(({ path }) => path.startsWith('engine/'))
      .flatMap(({ text }) =>
        [...text.matchAll(/^(?:export )?const [A-Z_]+ = '([a-z_]+)';$/gm)].map(([, it = '']) => it),
      );
    const told = new Set(conditions.map(({ condition }) => condition.replace(/^control ([^/]*).*$/, '$1')));

    expect(folders.length).toBeGreaterThan(3);
    expect(folders.filter((folder) => !told.has(folder))).toEqual([]);
  });

  it('names each condition once', () => {
    expect(known.size).toBe(conditions.length);
  });

  it('names tests that there are', () => {
    for (const { witness } of conditions) {
      if (!('test' in witness)) continue;
      expect(existsSync(`${checkout}${witness.test}`), witness.test).toBe(true);
      expect(readFileSync(`${checkout}${witness.test}`, 'utf8')).toContain(witness.says);
    }
  });
});

const planted = conditions.flatMap((condition) => {
  const { witness } = condition;
  if (!('protocol' in witness)) return [];
  const name = `${witness.protocol} ${witness.processes} ${witness.faults}`;
  return SLOW.has(name) ? [] : [{ name: nameOf(condition), condition, ...witness }];
});

describe('a bug', () => {
  it.each(planted)(
    'is found by $protocol: $name is not looked at',
    async ({ condition, protocol, processes, faults, finding }) => {
      const bounds = { processes, faults, planted: { without: blindnessOf(condition) } };

      const found = await explore(await protocolNamed(protocol).create(bounds));

      expect(found.finding?.broken).toBe(finding);
    },
    120_000,
  );
});
