import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSqliteLedgerStore, openDatabase } from '../../../adapters/embedded/index.ts';
import type { LedgerWrite } from '../../../core/ports/index.ts';
import { temporaryDirectory } from '../../makers/temporary-directory.ts';

const control = (name: string, uselessFrom?: number): LedgerWrite => ({
  kind: 'control',
  record: { key: `cache/review/${name}`, value: 'x', revision: 1, ...(uselessFrom !== undefined && { uselessFrom }) },
});
/** By which the database knows that it is 5 s past the beginning of time. */
const told: LedgerWrite = {
  kind: 'bus_event',
  event: { id: 'e', type: 'told', source: 'ann', time: 5000, data: { inline: null } },
};

describe('control records that nobody misses any more', () => {
  it('are taken away when a process takes the database over, and may be written anew', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const open = () => {
      const database = openDatabase({ path, mode: 'owner' });
      return { database, ledger: createSqliteLedgerStore({ database }) };
    };
    const namesIn = async ({ ledger }: ReturnType<typeof open>) =>
      (await ledger.listControls('cache/review')).map(({ key }) => key.split('/').at(-1));
    const before = open();
    await before.ledger.commit([
      told,
      control('past', 4000),
      control('now', 5000),
      control('later', 5001),
      control('kept'),
    ]);
    await before.ledger.durable();
    expect(await namesIn(before)).toEqual(['kept', 'later', 'now', 'past']);
    before.database.close();

    const after = open();
    expect(await namesIn(after)).toEqual(['kept', 'later']);
    expect(await after.ledger.commit([control('past', 9000)])).toBe('committed');
    await after.ledger.durable();
    after.database.close();

    const again = open();
    expect(await namesIn(again)).toEqual(['kept', 'later', 'past']);
    again.database.close();
  });

  it('are taken away while the process goes on, and what begins anew at the same moment stays', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    const open = () => {
      const database = openDatabase({ path, mode: 'owner' });
      return { database, ledger: createSqliteLedgerStore({ database }) };
    };
    const namesIn = async ({ ledger }: ReturnType<typeof open>) =>
      (await ledger.listControls('cache/review')).map(({ key }) => key.split('/').at(-1));
    const running = open();
    await running.ledger.commit([
      control('past', 4000),
      control('anew', 4000),
      control('later', 5001),
      control('kept'),
    ]);
    const { record } = control('anew', 4500) as Extract<LedgerWrite, { kind: 'control' }>;
    await running.ledger.commit([{ kind: 'control', record: { ...record, revision: 2 } }]);
    await running.ledger.durable();

    const before = running.ledger.commit([control('other')]);
    running.ledger.forgetControls(5000);
    const after = running.ledger.commit([control('anew', 9000)]);

    expect(await namesIn(running)).toEqual(['anew', 'kept', 'later', 'other']);
    expect([await before, await after]).toEqual(['committed', 'committed']);
    await running.ledger.durable();
    running.ledger.forgetControls(5000);
    await running.ledger.commit([told]);
    await running.ledger.durable();
    running.database.close();
    const again = open();
    expect(await namesIn(again)).toEqual(['anew', 'kept', 'later', 'other']);
    again.database.close();
  });
});
