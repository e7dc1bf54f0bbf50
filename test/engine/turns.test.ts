import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { isTerminal } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { ChildTask, Turns } from '../../core/plan/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { verifyTurns } from '../../core/projections/index.ts';
import { findStanding } from '../../engine/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import { createEngineHarness, type EngineHarness, type HarnessOptions } from '../makers/engine-harness.ts';

const SECOND = 1_000;

const openWith = (turns: Turns, options: HarnessOptions = {}) =>
  createEngineHarness({ tasks: [{ id: 'one' }], turns, timeout: 600 }, options);
const startOne = ({ engine }: EngineHarness, input: Json = {}): Promise<ExecutionId> =>
  engine.start({ workflow: 'sketch', version: '1', input });
const end = async ({ engine }: EngineHarness, execution: ExecutionId): Promise<void> => {
  await engine.cancel(execution, 'ann');
  await engine.conclude(execution, `end of ${execution}`);
};
const statusesOf = async ({ ledger }: EngineHarness, ids: readonly ExecutionId[]) =>
  Promise.all(ids.map(async (id) => (await ledger.findExecution(id))?.status));

/** At most so many executions that are neither queued nor ended, at any commit. */
function countInside(ledger: LedgerStore): { readonly ledger: LedgerStore; readonly most: () => number } {
  const inside = new Set<ExecutionId>();
  let most = 0;
  return {
    most: () => most,
    ledger: {
      ...ledger,
      commit: async (writes) => {
        const result = await ledger.commit(writes);
        if (result === 'conflict') return result;
        for (const write of writes) {
          if (write.kind !== 'execution') continue;
          const { id, status } = write.record;
          if (status === 'queued' || isTerminal(status)) inside.delete(id);
          else inside.add(id);
        }
        most = Math.max(most, inside.size);
        return result;
      },
    },
  };
}

describe('max_executions', () => {
  it('queues who comes too late, with the cause and the place in the queue in record, event and standing', async () => {
    const harness = await openWith({ maxExecutions: 1, onLimit: 'queue' });
    const [first, second, third] = [await startOne(harness), await startOne(harness), await startOne(harness)];

    const record = await harness.ledger.findExecution(third);

    expect(await statusesOf(harness, [first, second, third])).toEqual(['planning', 'queued', 'queued']);
    const place = { limit: 'max_executions', size: 1, position: 2, holders: [first] };
    expect(record?.turn?.queued).toMatchObject(place);
    expect(harness.events.filter(({ execution, path }) => execution === third && path === '')).toMatchObject([
      { type: 'workflow.execution_started' },
      { type: 'workflow.status_changed', data: { from: 'planning', to: 'queued', queue: place } },
    ]);
    expect(harness.started).toEqual([first]);
    await end(harness, first);
    const plan = { turns: { maxExecutions: 1, onLimit: 'queue' } as const };
    expect(await findStanding(harness.ledger, record!, plan)).toEqual({ position: 1, holders: [second] });
  });

  it('begins the clock of the timeout with the turn', async () => {
    const harness = await openWith({ maxExecutions: 1, onLimit: 'queue' });
    const [first, second] = [await startOne(harness), await startOne(harness)];

    await harness.pass(1_000 * SECOND);
    const waiting = await statusesOf(harness, [second]);
    await end(harness, first);
    await harness.engine.begin({ execution: second, workflow: 'sketch', version: '1', input: {} });
    await harness.pass(599 * SECOND);
    const before = await statusesOf(harness, [second]);
    await harness.pass(1 * SECOND);

    expect([waiting, before, await statusesOf(harness, [second])]).toEqual([['queued'], ['running'], ['stopping']]);
  });

  it('ends a queued execution at once when it is cancelled, and lets the next one have its turn', async () => {
    const harness = await openWith({ maxExecutions: 1, onLimit: 'queue' });
    const [first, second, third] = [await startOne(harness), await startOne(harness), await startOne(harness)];

    await harness.engine.cancel(second, 'ann');
    await end(harness, first);

    expect(await statusesOf(harness, [first, second, third])).toEqual(['cancelled', 'cancelled', 'planning']);
    expect((await harness.ledger.findExecution(second))?.error).toEqual({
      name: 'Cancelled',
      message: 'Cancelled by ann.',
    });
    expect(await harness.ledger.listParked('turn#sketch', 10)).toEqual([]);
  });

  it('is not given back by a pause, and a queued execution cannot be paused', async () => {
    const harness = await openWith({ maxExecutions: 1, onLimit: 'queue' });
    const first = await harness.begin();
    const second = await startOne(harness);

    await harness.engine.pause(first, { by: 'ann' });
    const refused = await harness.engine.pause(second, { by: 'ann' }).catch((error: unknown) => error);

    expect(refused).toMatchObject({ code: 'cannot_pause' });
    expect(await statusesOf(harness, [first, second])).toEqual(['paused', 'queued']);
  });

  it('has tasks of a machine that was started by hand wait, and lets them go on with the turn', async () => {
    const harness = await openWith({ maxExecutions: 1, onLimit: 'reject' });
    const first = await startOne(harness);
    const byHand = 'exec_by_hand' as ExecutionId;
    await harness.engine.begin({ execution: byHand, workflow: 'sketch', version: '1', input: {} });
    await harness.dispatch(byHand, 'one');
    const parked = await harness.task(byHand, 'one');
    const waiting = await statusesOf(harness, [byHand]);

    await end(harness, first);

    expect(waiting).toEqual(['queued']);
    expect(parked).toMatchObject({
      status: 'parked',
      cause: { kind: 'concurrency', limit: 'max_executions', size: 1 },
    });
    expect(await statusesOf(harness, [byHand])).toEqual(['running']);
    expect(harness.calls.map(({ execution }) => execution)).toEqual([byHand]);
  });

  /** Its machine begins, and before that is written it has its turn. */
  const statusAmid = async (isBlind: boolean) => {
    const under = createMemoryLedgerStore();
    const turn: { comes?: () => Promise<void> } = {};
    const commit: LedgerStore['commit'] = async (writes) => {
      const [only] = writes;
      const { comes } = turn;
      if (!comes || only?.kind !== 'execution' || only.record.turn?.begun !== true) return under.commit(writes);
      delete turn.comes;
      await comes();
      if (!isBlind) return under.commit(writes);
      const stored = await under.findExecution(only.record.id);
      return under.commit([{ kind: 'execution', record: { ...only.record, revision: (stored?.revision ?? 0) + 1 } }]);
    };
    const harness = await openWith({ maxExecutions: 1, onLimit: 'queue' }, { ledger: { ...under, commit } });
    const first = await startOne(harness);
    const second = await startOne(harness);
    turn.comes = () => end(harness, first);
    await harness.engine.begin({ execution: second, workflow: 'sketch', version: '1', input: {} });
    return (await statusesOf(harness, [second]))[0];
  };

  it('lets one go on whose turn comes while its machine begins', async () => {
    expect(await statusAmid(false)).toBe('running');
  });

  it('would have that one wait for ever, were its execution not a condition of the commit', async () => {
    expect(await statusAmid(true)).toBe('queued');
  });

  it('takes one that was started by hand out of the queue when it is cancelled', async () => {
    const harness = await openWith({ maxExecutions: 1, onLimit: 'queue' });
    const first = await startOne(harness);
    const byHand = 'exec_by_hand' as ExecutionId;
    await harness.engine.begin({ execution: byHand, workflow: 'sketch', version: '1', input: {} });
    await harness.dispatch(byHand, 'one');

    await end(harness, byHand);
    await end(harness, first);

    expect(await statusesOf(harness, [byHand])).toEqual(['cancelled']);
    expect(await harness.ledger.listParked('turn#sketch', 10)).toEqual([]);
  });

  it('is exceeded at no commit by forty who race, and would be without the revision of a place', async () => {
    const raceOn = async (ledger: LedgerStore): Promise<number> => {
      const counted = countInside(ledger);
      const harness = await openWith({ maxExecutions: 3, onLimit: 'queue' }, { ledger: counted.ledger });
      await Promise.all(Array.from({ length: 40 }, () => startOne(harness)));
      for (let left = 40; left > 0; left -= 1) {
        const [oldest] = await harness.ledger.listOpenExecutions();
        if (oldest) await end(harness, oldest);
      }
      expect(await harness.ledger.listOpenExecutions()).toEqual([]);
      return counted.most();
    };

    expect(await raceOn(createMemoryLedgerStore())).toBe(3);
    expect(await raceOn(withoutRevisions(createMemoryLedgerStore(), 'control'))).toBeGreaterThan(3);
  });
});

describe('concurrency.key', () => {
  it('holds executions of one value back, one after the other, and keeps those of others going', async () => {
    const harness = await openWith({ key: '${ input.repository }', maxExecutions: 2, onLimit: 'queue' });
    const inputs = ['a', 'a', 'a', 'b', 'c'].map((repository) => ({ repository }));
    const ids: ExecutionId[] = [];
    for (const input of inputs) ids.push(await startOne(harness, input));
    const [a1, a2, , b, c] = ids as [ExecutionId, ExecutionId, ExecutionId, ExecutionId, ExecutionId];

    const before = await statusesOf(harness, ids);
    const causes = await Promise.all(ids.map(async (id) => (await harness.ledger.findExecution(id))?.turn?.queued));
    await end(harness, a1);
    const after = await statusesOf(harness, ids);

    expect(before).toEqual(['planning', 'queued', 'queued', 'planning', 'queued']);
    expect(causes.map((cause) => cause && [cause.limit, cause.value, cause.position])).toEqual([
      undefined,
      ['key', '"a"', 1],
      ['key', '"a"', 2],
      undefined,
      ['max_executions', undefined, 1],
    ]);
    // a2 came before c, and had to wait for its key.
    expect(after).toEqual(['cancelled', 'planning', 'queued', 'planning', 'queued']);
    expect(harness.started).toEqual([a1, b, a2]);
    await end(harness, b);
    expect(await statusesOf(harness, [c])).toEqual(['planning']);
  });

  it('refuses a start whose input gives it no value, and says where', async () => {
    const harness = await openWith({ key: '${ input.repository }', onLimit: 'queue' });

    await expect(startOne(harness, {})).rejects.toMatchObject({
      code: 'key_invalid',
      details: { place: 'workflow.concurrency.key' },
    });
    expect(await harness.ledger.listOpenExecutions()).toEqual([]);
  });

  it('is had by one of those who race for it, and by several without the revision of its record', async () => {
    const raceOn = async (ledger: LedgerStore): Promise<number> => {
      const counted = countInside(ledger);
      const harness = await openWith({ key: 'same', onLimit: 'queue' }, { ledger: counted.ledger });
      await Promise.all(Array.from({ length: 12 }, () => startOne(harness)));
      return counted.most();
    };

    expect(await raceOn(createMemoryLedgerStore())).toBe(1);
    expect(await raceOn(withoutRevisions(createMemoryLedgerStore(), 'control'))).toBeGreaterThan(1);
  });
});

describe('a child of a workflow whose executions are limited', () => {
  const sub: ChildTask = {
    id: 'sub',
    kind: 'workflow',
    workflow: { name: 'sketch', version: '1' },
    input: { deep: false },
    when: 'input.deep',
    dependsOn: [],
    join: 'all_success',
    continueOnFailure: false,
  };
  const openFamily = (turns: Turns) => createEngineHarness({ tasks: [sub], turns });

  it('waits for its turn like others, and its parent with it', async () => {
    const harness = await openFamily({ maxExecutions: 2, onLimit: 'queue' });
    const other = await startOne(harness, { deep: false });
    const parent = await harness.begin({ deep: true });
    await harness.dispatch(parent, 'sub');
    const child = (await harness.task(parent, 'sub'))!.child!;

    const waiting = await statusesOf(harness, [child]);
    await end(harness, other);

    expect([waiting, await statusesOf(harness, [parent, child])]).toEqual([['queued'], ['running', 'planning']]);
    expect(harness.started.at(-1)).toBe(child);
  });

  it('fails its parent when it waits for the place that its parent has', async () => {
    const harness = await openFamily({ maxExecutions: 1, onLimit: 'queue' });
    const parent = await harness.begin({ deep: true });

    await harness.dispatch(parent, 'sub');

    const task = await harness.task(parent, 'sub');
    expect(task).toMatchObject({ status: 'failed', error: { name: 'ChildFailed' } });
    expect(task?.error?.message).toContain(`the one place of sketch, held by ${parent}, which cannot end before it`);
    expect((await harness.ledger.findExecution(task!.child!))?.error?.name).toBe('ChildDeadlock');
  });

  it('finds the circle of two parents whose children wait for one another', async () => {
    const harness = await openFamily({ maxExecutions: 2, onLimit: 'queue' });
    const [one, two] = [await harness.begin({ deep: true }), await harness.begin({ deep: true })];

    await harness.dispatch(one, 'sub');
    const alone = await harness.task(one, 'sub');
    await harness.dispatch(two, 'sub');

    expect(alone?.status).toBe('running');
    expect(await harness.task(two, 'sub')).toMatchObject({ status: 'failed', error: { name: 'ChildFailed' } });
    await harness.engine.conclude(two, 'end');
    expect(await statusesOf(harness, [two, (await harness.task(one, 'sub'))!.child!])).toEqual(['failed', 'planning']);
  });

  it('is refused where the author lets nobody wait, and its task fails', async () => {
    const harness = await openFamily({ maxExecutions: 1, onLimit: 'reject' });
    const parent = await harness.begin({ deep: true });

    await harness.dispatch(parent, 'sub');

    expect(await harness.task(parent, 'sub')).toMatchObject({ status: 'failed', error: { name: 'ChildRefused' } });
  });

  it('leaves the queue when its parent is cancelled', async () => {
    const harness = await openFamily({ maxExecutions: 2, onLimit: 'queue' });
    await startOne(harness, { deep: false });
    const parent = await harness.begin({ deep: true });
    await harness.dispatch(parent, 'sub');
    const child = (await harness.task(parent, 'sub'))!.child!;

    await end(harness, parent);

    expect(await statusesOf(harness, [parent, child])).toEqual(['cancelled', 'cancelled']);
    expect(await harness.ledger.listParked('turn#sketch', 10)).toEqual([]);
  });
});

describe('verifyTurns', () => {
  it('finds nothing in what the engine did, and one too many where a history says so', async () => {
    const turns = { maxExecutions: 1, key: 'k', onLimit: 'queue' } as const;
    const harness = await openWith(turns);
    const ids = [await startOne(harness), await startOne(harness)];
    for (const id of ids) {
      harness.clock.advanceBy(SECOND);
      await end(harness, id);
    }
    const histories = await Promise.all(
      ids.map(async (id) => ({ key: 'k', events: await harness.ledger.listEvents(id) })),
    );

    const forged = histories.map(({ key, events }) => ({
      key,
      events: events.filter(({ type }) => type !== 'workflow.status_changed'),
    }));

    expect(verifyTurns(turns, histories)).toEqual([]);
    expect(verifyTurns(turns, forged)).toEqual([
      '2 executions went on at once; max_executions is 1.',
      '2 executions of one key (k) went on at once.',
    ]);
  });
});
