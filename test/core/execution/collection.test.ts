import { describe, expect, it } from 'vitest';
import { collectItems, type TaskRecord } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { aTask } from '../../makers/ledger-records.ts';

const items = (...changes: readonly Partial<TaskRecord>[]): readonly TaskRecord[] =>
  changes.map((change, index) => aTask({ path: taskPath(`scan[${index}]`), ...change }));

const done = (value: string) => ({ status: 'succeeded', output: { inline: value } }) as const;
const broken = (message: string) => ({ status: 'failed', error: { name: 'ToolBroken', message } }) as const;

describe('collectItems', () => {
  it('succeeds when an item did, although another was skipped', () => {
    const collection = collectItems(items(done('a'), { status: 'skipped', why: 'not now' }, done('c')));

    expect(collection).toEqual({ status: 'succeeded', lamport: 1 });
  });

  it.each(['pending', 'parked', 'running'] as const)(
    'waits for an item that is %s, whatever the others are',
    (status) => {
      expect(collectItems(items(broken('no'), { status }))).toBeUndefined();
    },
  );

  it('waits for an item without a record', () => {
    expect(collectItems([...items(done('a')), undefined])).toBeUndefined();
  });

  it.each([
    ['failed', ['skipped', 'upstream_failed', 'cancelled', 'unknown', 'failed', 'succeeded']],
    ['unknown', ['skipped', 'upstream_failed', 'cancelled', 'unknown', 'succeeded']],
    ['cancelled', ['skipped', 'upstream_failed', 'cancelled', 'succeeded']],
    ['upstream_failed', ['skipped', 'upstream_failed', 'succeeded']],
    ['succeeded', ['skipped', 'succeeded']],
    ['skipped', ['skipped', 'skipped']],
  ] as const)('is %s when its items are %j', (expected, statuses) => {
    expect(collectItems(items(...statuses.map((status) => ({ status }))))?.status).toBe(expected);
  });

  it('has the error of the failed item with the lowest index, not of the one that failed first', () => {
    const collection = collectItems(
      items(done('a'), { ...broken('second'), lamport: 9 }, { ...broken('third'), lamport: 2 }),
    );

    expect(collection?.error).toEqual({ name: 'ToolBroken', message: 'second' });
  });

  it('says why it was skipped in the words of its first item', () => {
    const collection = collectItems(
      items({ status: 'skipped', why: 'nothing to do' }, { status: 'skipped', why: 'nor here' }),
    );

    expect(collection).toMatchObject({ status: 'skipped', why: 'nothing to do' });
  });

  it('comes after each of its items', () => {
    expect(collectItems(items({ ...done('a'), lamport: 4 }, { ...done('b'), lamport: 7 }, done('c')))?.lamport).toBe(7);
  });
});
