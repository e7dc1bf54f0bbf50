import { describe, expect, it } from 'vitest';
import {
  collectCalls,
  collectItems,
  collectMembers,
  indexPlan,
  isDoomed,
  isExhausted,
  toleratedItems,
  type CallCounts,
  type TaskRecord,
} from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { ForEach } from '../../../core/plan/index.ts';
import { aTask } from '../../makers/ledger-records.ts';
import { smallPlan } from '../../makers/small-plan.ts';

const items = (...changes: readonly Partial<TaskRecord>[]): readonly TaskRecord[] =>
  changes.map((change, index) => aTask({ path: taskPath(`scan[${index}]`), ...change }));

const done = (value: string) => ({ status: 'succeeded', output: { inline: value } }) as const;
const broken = (message: string) => ({ status: 'failed', error: { name: 'ToolBroken', message } }) as const;

describe('collectItems', () => {
  it('succeeds when an item did, although another was skipped', () => {
    const collection = collectItems(items(done('a'), { status: 'skipped', why: 'not now' }, done('c')));

    expect(collection).toStrictEqual({ status: 'succeeded', lamport: 1 });
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

const members = indexPlan(
  smallPlan({ checks: { group: { tasks: { lint: {}, test: {}, docs: { continueOnFailure: true } } } } }),
);
const member = (id: string, change: Partial<TaskRecord>): TaskRecord =>
  aTask({ path: taskPath(`checks/${id}`), ...change });
const collected = (...records: readonly (TaskRecord | undefined)[]) => collectMembers(records, members);

describe('collectMembers', () => {
  it.each(['pending', 'parked', 'running'] as const)('waits for a member that is %s', (status) => {
    expect(collected(member('lint', broken('no')), member('test', { status }))).toBeUndefined();
    expect(collected(member('lint', done('a')), undefined)).toBeUndefined();
  });

  it.each([
    ['unknown', ['skipped', 'upstream_failed', 'cancelled', 'unknown']],
    ['cancelled', ['skipped', 'upstream_failed', 'cancelled']],
    ['succeeded', ['skipped', 'upstream_failed']],
    ['succeeded', ['skipped', 'succeeded']],
    ['succeeded', ['upstream_failed', 'upstream_failed']],
  ] as const)('is %s when its members are %j', (expected, statuses) => {
    expect(collected(...statuses.map((status) => member('lint', { status })))).toEqual({
      status: expected,
      lamport: 1,
    });
  });

  it('is skipped when all its members are, and says so', () => {
    expect(collected(member('lint', { status: 'skipped' }), member('test', { status: 'skipped', lamport: 4 }))).toEqual(
      {
        status: 'skipped',
        why: 'all its tasks were skipped',
        lamport: 4,
      },
    );
  });

  it('fails with the member that failed first, and counts the others', () => {
    expect(
      collected(
        member('test', { ...broken('red'), lamport: 8 }),
        member('lint', { ...broken('untidy'), lamport: 3 }),
        member('docs', { ...broken('dull'), lamport: 1 }),
        member('test', { status: 'unknown' }),
      ),
    ).toEqual({
      status: 'failed',
      error: { name: 'ToolBroken', message: 'Task checks/lint failed: untidy (and 1 more failed)' },
      lamport: 8,
    });
  });

  it('decides by path which of two failures at the same moment came first', () => {
    const [lint, test] = [member('lint', broken('untidy')), member('test', broken('red'))];

    expect(collected(test, lint)?.error?.message).toContain('checks/lint');
    expect(collected(lint, test)?.error?.message).toContain('checks/lint');
  });

  it('succeeds although a member failed that may fail alone', () => {
    expect(collected(member('docs', broken('dull')), member('lint', done('a')))).toEqual({
      status: 'succeeded',
      lamport: 1,
    });
  });

  it('has a name for a failure that came without one', () => {
    expect(collected(member('lint', { status: 'failed' }))?.error).toEqual({
      name: 'AgentFailure',
      message: 'Task checks/lint failed: ',
    });
  });
});

const tolerating = (tolerate: ForEach['tolerate']): ForEach => ({
  items: '${ input.files }',
  maxItems: 100,
  maxConcurrency: 10,
  tolerate,
});
const strict = tolerating({ items: 0 });
const countsOf = (change: Partial<CallCounts>): CallCounts => ({
  items: { inline: [] },
  count: 10,
  calls: 10,
  started: 10,
  settled: 10,
  failed: 0,
  ...change,
});

describe('the failures that a for_each tolerates', () => {
  it.each([
    [{ items: 2 }, 10, 2],
    [{ percent: 25 }, 8, 2],
    [{ percent: 25 }, 7, 1],
    [{ percent: 100 }, 7, 7],
    [{ percent: 10 }, 0, 0],
  ])('are, by %j of %i items, %i', (tolerate, count, expected) => {
    expect(toleratedItems(tolerating(tolerate), count)).toBe(expected);
  });

  it('doom it with one more', () => {
    const forEach = tolerating({ items: 2 });

    expect([1, 2, 3].map((failed) => isDoomed(forEach, countsOf({ failed })))).toEqual([false, false, true]);
  });
});

describe('isExhausted', () => {
  it.each<[string, Partial<CallCounts>, boolean, boolean]>([
    ['all calls were started and have settled', {}, false, true],
    ['a call is still running', { settled: 9 }, false, false],
    ['calls are still to be started', { started: 4, settled: 4 }, false, false],
    ['it stops, and what was started has settled', { started: 4, settled: 4 }, true, true],
    ['it stops, and a call is still running', { started: 4, settled: 3 }, true, false],
    ['it has failed already, and what was started has settled', { started: 4, settled: 4, failed: 1 }, false, true],
    ['it has failed already, and a call is still running', { started: 4, settled: 3, failed: 1 }, false, false],
  ])('when %s', (_when, counts, stopping, expected) => {
    expect(isExhausted(strict, countsOf(counts), stopping)).toBe(expected);
  });
});

describe('collectCalls', () => {
  it('succeeds when all calls did, also with failures that it tolerates', () => {
    expect(collectCalls(strict, countsOf({}), items(done('a'), { ...done('b'), lamport: 6 }))).toEqual({
      status: 'succeeded',
      lamport: 6,
    });
    expect(collectCalls(tolerating({ items: 1 }), countsOf({ failed: 1 }), items(broken('no'), done('b')))).toEqual({
      status: 'succeeded',
      lamport: 1,
    });
  });

  it('fails with the first failure in the order of the list', () => {
    const calls = items(done('a'), { ...broken('second'), lamport: 9 }, { ...broken('third'), lamport: 2 });

    expect(collectCalls(strict, countsOf({ failed: 2 }), calls)).toEqual({
      status: 'failed',
      error: { name: 'ToolBroken', message: 'Task scan[1] failed: second' },
      lamport: 9,
    });
  });

  it.each([
    ['unknown', ['cancelled', 'unknown', 'succeeded']],
    ['cancelled', ['cancelled', 'succeeded']],
  ] as const)('is %s when its calls are %j', (expected, statuses) => {
    const calls = items(...statuses.map((status) => ({ status })));

    expect(collectCalls(strict, countsOf({}), calls)).toEqual({ status: expected, lamport: 1 });
  });

  it('is cancelled when it was stopped before all calls had started', () => {
    const stopped = collectCalls(strict, countsOf({ started: 1, settled: 1 }), [...items(done('a')), undefined]);

    expect(stopped).toEqual({ status: 'cancelled', lamport: 1 });
  });
});
