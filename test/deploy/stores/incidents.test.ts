import { describe, expect, it } from 'vitest';
import { createDynamoLedgerStore } from '../../../adapters/aws/index.ts';
import { createMemoryBlobStore } from '../../../adapters/embedded/index.ts';
import type { Redrive } from '../../../core/execution/index.ts';
import {
  closeIncident,
  getIncident,
  listIncidents,
  recordLetter,
  redriveIncident,
  suspect,
  type FoundLetter,
} from '../../../engine/index.ts';
import { executionId } from '../../../core/ids/index.ts';
import { createSimulatedClock } from '../../makers/simulated-clock.ts';
import { aTable } from './a-table.ts';

const table = aTable();
const open = () => ({
  ledger: createDynamoLedgerStore(table.deps()),
  blobs: createMemoryBlobStore(),
  clock: createSimulatedClock(),
});
const letter: FoundLetter = { source: 'timers', copy: '0', about: 'a timer', reason: 'No table.', body: { v: 1 } };

describe('incidents on DynamoDB', () => {
  it('count 20 letters that come at once, and 20 copies of one of them once', async () => {
    const stores = open();
    const copies = Array.from({ length: 20 }, (_, at) => ({ ...letter, copy: String(at) }));

    await Promise.all(copies.map((copy) => recordLetter(stores, copy)));
    expect(await listIncidents(stores)).toMatchObject([{ status: 'open', letters: 20 }]);
    const [incident] = await listIncidents(stores);
    await Promise.all(copies.map(() => recordLetter(stores, { ...letter, copy: incident?.copy ?? '' })));

    expect(await listIncidents(stores)).toMatchObject([{ status: 'open', letters: 20 }]);
    expect(await stores.ledger.listBusEvents('incident.opened', 0)).toHaveLength(20);
  });

  it('are redriven and closed, and that is written down once, however many ask at once', async () => {
    const stores = open();
    const { id } = await recordLetter(stores, letter);
    const redrive: Redrive = async () => true;

    await Promise.all(['ann', 'ben', 'cid'].map((by) => redriveIncident({ ...stores, redrive }, id, by)));
    expect((await getIncident(stores, id)).acts).toHaveLength(1);
    await Promise.all(['ann', 'ben', 'cid'].map((by) => closeIncident(stores, id, { by })));

    const { status, acts } = await getIncident(stores, id);
    expect([status, acts.map(({ did }) => did)]).toEqual(['closed', ['redriven', 'closed']]);
  });
});

describe('suspicions on DynamoDB', () => {
  it('are confirmed by the look of a round later', async () => {
    const stores = open();
    const look = () => suspect(stores, executionId('exec_1'), { what: 'machine_ended', revision: 1, every: 60_000 });

    expect([await look(), await look()]).toEqual(['suspected', 'suspected']);
    stores.clock.advanceBy(60_000);

    expect(await look()).toBe('confirmed');
  });
});
