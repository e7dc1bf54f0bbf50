import { describe, expect, it } from 'vitest';
import { createMemoryBlobStore, createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { Redrive } from '../../core/execution/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import {
  closeIncident,
  getIncident,
  listIncidents,
  recordLetter,
  redriveIncident,
  type FoundLetter,
} from '../../engine/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import { createSimulatedClock } from '../makers/simulated-clock.ts';

const letter: FoundLetter = {
  source: 'timers',
  copy: 'message-1',
  about: 'a timer',
  reason: 'the table is gone',
  body: { v: 1 },
};

function open(wrap: (ledger: LedgerStore) => LedgerStore = (ledger) => ledger) {
  const ledger = createMemoryLedgerStore();
  const stores = { ledger: wrap(ledger), blobs: createMemoryBlobStore(), clock: createSimulatedClock() };
  const sent: unknown[] = [];
  const redrive: Redrive = async (_incident, body) => {
    sent.push(body);
    return true;
  };
  return { ...stores, ledger: stores.ledger, plain: ledger, stores, sent, redrive };
}

/** Has something happen once, between the look of a commit and the commit. */
function betweenLookAndCommit(happens: () => Promise<unknown>) {
  let isDue = true;
  return (ledger: LedgerStore): LedgerStore => ({
    ...ledger,
    commit: async (writes) => {
      if (isDue) {
        isDue = false;
        await happens();
      }
      return ledger.commit(writes);
    },
  });
}

describe('recordLetter', () => {
  it('makes one incident of letters about one thing, and tells of each on the bus', async () => {
    const { stores, ledger } = open();

    await recordLetter(stores, letter);
    await recordLetter(stores, letter);
    await recordLetter(stores, { ...letter, copy: 'message-2' });

    expect(await listIncidents(stores)).toMatchObject([{ status: 'open', letters: 2 }]);
    expect(await ledger.listBusEvents('incident.opened', 0)).toHaveLength(2);
  });

  it('keeps what is large apart', async () => {
    const { stores } = open();

    const { body } = await recordLetter(stores, { ...letter, body: 'x'.repeat(50_000) });

    expect(body).toMatchObject({ bytes: 50_002 });
  });

  it.each([
    ['counts two letters that come at once', (ledger: LedgerStore) => ledger, 2],
    ['would lose one without the condition', (ledger: LedgerStore) => withoutRevisions(ledger, 'control'), 1],
  ])('%s', async (_what, blind, letters) => {
    const inner = open();
    const meanwhile = () => recordLetter(inner.stores, { ...letter, copy: 'message-2' });
    // The look is the first one's, the other letter is written before its commit.
    const ledger = betweenLookAndCommit(meanwhile)(blind(inner.ledger));

    await recordLetter({ ...inner.stores, ledger }, letter);

    expect((await listIncidents(inner.stores))[0]?.letters).toBe(letters);
  });
});

describe('redriveIncident', () => {
  it('sends the letter once, until it comes back', async () => {
    const { stores, sent, redrive } = open();
    const { id } = await recordLetter(stores, letter);

    await redriveIncident({ ...stores, redrive }, id, 'ann');
    const again = await redriveIncident({ ...stores, redrive }, id, 'ben');

    expect(sent).toEqual([{ v: 1 }]);
    expect(again).toMatchObject({ status: 'redriven', acts: [{ did: 'redriven', by: 'ann' }] });
    await recordLetter(stores, { ...letter, copy: 'message-2' });
    await redriveIncident({ ...stores, redrive }, id, 'ben');
    expect(sent).toHaveLength(2);
  });

  it('writes nothing down when it cannot be sent', async () => {
    const { stores } = open();
    const { id } = await recordLetter(stores, letter);
    const failing: Redrive = () => Promise.reject(new Error('the queue is gone'));

    await expect(redriveIncident({ ...stores, redrive: failing }, id, 'ann')).rejects.toThrow('the queue is gone');

    expect(await getIncident(stores, id)).toMatchObject({ status: 'open', acts: [] });
  });

  it('leaves one open that has come back before it was written down', async () => {
    const { stores } = open();
    const { id } = await recordLetter(stores, letter);
    const failsAtOnce: Redrive = async () => {
      await recordLetter(stores, { ...letter, copy: 'message-2' });
      return true;
    };

    const after = await redriveIncident({ ...stores, redrive: failsAtOnce }, id, 'ann');

    expect(after).toMatchObject({ status: 'open', letters: 2 });
  });

  it.each([
    ['is heard', (ledger: LedgerStore) => ledger, 'open'],
    ['would be lost without the condition', (ledger: LedgerStore) => withoutRevisions(ledger, 'control'), 'redriven'],
  ])('a letter that comes back just before the commit %s', async (_what, blind, status) => {
    const { stores, redrive } = open();
    const { id } = await recordLetter(stores, letter);
    const comesBack = () => recordLetter(stores, { ...letter, copy: 'message-2' });
    const ledger = betweenLookAndCommit(comesBack)(blind(stores.ledger));

    await redriveIncident({ ...stores, ledger, redrive }, id, 'ann');

    expect(await getIncident(stores, id)).toMatchObject({ status });
  });

  it('refuses what is closed, what cannot be sent, and what there is not', async () => {
    const { stores, redrive } = open();
    const { id } = await recordLetter(stores, letter);

    await expect(redriveIncident({ ...stores, redrive: async () => false }, id, 'ann')).rejects.toMatchObject({
      code: 'not_redrivable',
    });
    await expect(redriveIncident({ ...stores, redrive: undefined }, id, 'ann')).rejects.toMatchObject({
      code: 'not_redrivable',
    });
    await closeIncident(stores, id, { by: 'ann' });
    await expect(redriveIncident({ ...stores, redrive }, id, 'ann')).rejects.toMatchObject({ code: 'incident_closed' });
    await expect(redriveIncident({ ...stores, redrive }, 'inc_x/..', 'ann')).rejects.toMatchObject({
      code: 'incident_not_found',
    });
  });
});

describe('closeIncident', () => {
  it('says who has closed it and why, in the record and on the bus, once', async () => {
    const { stores, ledger, clock } = open();
    const { id } = await recordLetter(stores, letter);
    clock.advanceBy(1_000);

    await closeIncident(stores, id, { by: 'ann', why: 'a test' });
    await closeIncident(stores, id, { by: 'ben' });

    expect(await getIncident(stores, id)).toMatchObject({ status: 'closed', acts: [{ by: 'ann', why: 'a test' }] });
    expect(await ledger.listBusEvents('incident.closed', 0)).toMatchObject([
      { source: 'ann', data: { inline: { incident: id, source: 'timers', why: 'a test' } } },
    ]);
    expect(await listIncidents(stores, { status: 'open' })).toEqual([]);
  });

  it('lets the store forget it after 90 days, and an open one never', async () => {
    const { stores, ledger, clock } = open();
    const { id } = await recordLetter(stores, letter);
    expect((await ledger.findControl(`incident/${id}`))?.uselessFrom).toBeUndefined();

    await closeIncident(stores, id, { by: 'ann' });

    expect((await ledger.findControl(`incident/${id}`))?.uselessFrom).toBe(clock.now() + 90 * 86_400_000);
  });
});
