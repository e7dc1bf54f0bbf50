import { describe, expect, it, vi } from 'vitest';
import { ConflictError } from '../../core/errors/index.ts';
import { approvalIdOf } from '../../core/execution/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { withoutTaskConditions } from '../makers/blind-ledger.ts';
import { createEngineHarness } from '../makers/engine-harness.ts';

const path = taskPath('build.checkpoint');
const DAY = 86_400_000;
const contestants = ['ann', 'bob', 'the deadline', 'a cancel'] as const;

/**
 * Two who decide, the deadline and a cancel at once: all four have read the open question before the first of them writes. `winner` writes
 * first.
 */
async function contest(store: LedgerStore, winner: (typeof contestants)[number]) {
  const held: (() => void)[] = [];
  let isHeld = false;
  const ledger: LedgerStore = {
    ...store,
    async commit(writes) {
      const settles = writes.some((write) => write.kind === 'task' && write.record.settledAt !== undefined);
      if (isHeld && settles) await new Promise<void>((resolve) => held.push(resolve));
      return store.commit(writes);
    },
  };
  const approve = { timeout: DAY / 1000, onTimeout: 'approve' } as const;
  const harness = await createEngineHarness(
    {
      timeout: 604_800,
      tasks: [
        { id: 'build' },
        {
          id: path,
          kind: 'checkpoint',
          of: 'build',
          dependsOn: [{ task: 'build', on: 'success' }],
          join: 'any_success',
          continueOnFailure: false,
          approve,
        },
      ],
    },
    { ledger },
  );
  const { engine } = harness;
  const execution = await harness.begin();
  await harness.dispatch(execution, 'build');
  await engine.answers.complete(harness.handle(execution, 'build'), 'a1');
  await harness.dispatch(execution, path);
  const id = approvalIdOf({ execution, path, attempt: 1 });
  const says = (by: string) => engine.decide(id, { kind: 'approve', output: by, by });
  const enter = [
    () => says('ann'),
    () => says('bob'),
    () => harness.pass(DAY),
    async () => {
      await engine.cancel(execution, 'carl');
      await engine.conclude(execution, 'end');
    },
  ];
  isHeld = true;
  const results: Promise<unknown>[] = [];
  for (const [at, begin] of enter.entries()) {
    results.push(
      begin().then(
        () => 'done',
        (error: unknown) => error,
      ),
    );
    await vi.waitUntil(() => held.length === at + 1, 20_000);
  }
  isHeld = false;
  const order = [contestants.indexOf(winner), ...contestants.keys().filter((at) => contestants[at] !== winner)];
  for (const at of order) {
    held[at]?.();
    await results[at];
  }
  const events = (await ledger.listEvents(execution)).filter((event) => event.path === path);
  return {
    record: await ledger.findTask(execution, path),
    settlements: events.filter(({ type }) => type === 'task.completed' || type === 'task.cancelled').length,
    ann: await results[0],
    bob: await results[1],
  };
}

/** One conditional write decides a question, whatever the ledger. */
export function decisionsContract(name: string, create: () => LedgerStore): void {
  describe(`a question that two decide on ${name}, at its deadline, while its execution is cancelled`, () => {
    it.each([
      ['ann', { status: 'succeeded', decided: { by: 'ann' } }, 'ann has approved it'],
      ['bob', { status: 'succeeded', decided: { by: 'bob' } }, 'bob has approved it'],
      ['the deadline', { status: 'succeeded', decided: { verdict: 'approved' } }, 'nobody had decided by the deadline'],
      ['a cancel', { status: 'cancelled' }, 'its execution was stopped'],
    ] as const)(
      'is settled once, by %s, and the others hear of it',
      { timeout: 60_000 },
      async (winner, ends, told) => {
        const { record, settlements, ann, bob } = await contest(create(), winner);

        expect(record).toMatchObject(ends);
        expect(settlements).toBe(1);
        for (const [who, result] of Object.entries({ ann, bob })) {
          if (who === winner) expect(result).toBe('done');
          else {
            expect(result).toBeInstanceOf(ConflictError);
            expect(result).toMatchObject({
              code: 'attempt_not_live',
              message: expect.stringContaining(told) as string,
            });
          }
        }
      },
    );

    it('would be settled by all of them without the condition on its record', { timeout: 60_000 }, async () => {
      const { settlements, ann, bob } = await contest(withoutTaskConditions(create()), 'ann');

      expect(settlements).toBeGreaterThan(1);
      expect([ann, bob]).toEqual(['done', 'done']);
    });
  });
}
