import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { EventType } from '../../core/execution/index.ts';
import type { LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import { taskPath } from '../../core/ids/index.ts';
import {
  chain,
  done,
  failing,
  find,
  undo,
  undoCalls,
  undoFails,
  violations,
  type SagaRun,
} from '../makers/saga-run.ts';

interface Interruption {
  /** The first commit with such an event is held up. */
  readonly at: EventType;
  readonly isBlind: boolean;
  /** What others do in that moment. */
  readonly meanwhile: () => Promise<void>;
}

/** Others act between a decision and its commit. `isBlind`: the commit holds all the same, whatever has been written since. */
function interrupted(ledger: LedgerStore, { at, isBlind, meanwhile }: Interruption): LedgerStore {
  let waits = true;
  const commit: LedgerStore['commit'] = async (writes) => {
    if (!waits || !writes.some((write) => write.kind === 'event' && isAt(write, at))) return ledger.commit(writes);
    waits = false;
    await meanwhile();
    return ledger.commit(isBlind ? await withoutConditions(ledger, writes) : writes);
  };
  return { ...ledger, commit };
}

function isAt({ event }: Extract<LedgerWrite, { kind: 'event' }>, at: EventType): boolean {
  if (at !== 'workflow.status_changed') return event.type === at;
  return event.type === at && event.data.to === 'compensating';
}

async function withoutConditions(ledger: LedgerStore, writes: readonly LedgerWrite[]): Promise<readonly LedgerWrite[]> {
  const blind = await Promise.all(
    writes.map(async (write): Promise<LedgerWrite | undefined> => {
      if (write.kind === 'event') return undefined;
      if (write.kind === 'task') {
        const stored = await ledger.findTask(write.record.execution, write.record.path);
        return { ...write, record: { ...write.record, revision: (stored?.revision ?? 0) + 1 } };
      }
      if (write.kind !== 'execution') return write;
      const stored = await ledger.findExecution(write.record.id);
      return { ...write, record: { ...write.record, revision: (stored?.revision ?? 0) + 1 } };
    }),
  );
  return blind.filter((write) => write !== undefined);
}

/** The whole of a saga, done by somebody else while the commit at `at` is under way. */
async function overtaken(at: EventType, isBlind: boolean): Promise<SagaRun> {
  const store = createMemoryLedgerStore();
  const runs: SagaRun[] = [];
  const meanwhile = async (): Promise<void> => {
    const [run] = runs;
    if (!run) return;
    await run.harness.engine.conclude(run.execution, 'end');
    for (const path of ['stock', 'pay']) await undo(run, path);
  };
  const ledger = interrupted(store, { at, isBlind, meanwhile });
  const run = await done(chain, ['pay', 'stock'], { ledger });
  runs.push(run);
  await failing(run, 'ship');
  return run;
}

describe('two who find at once that something has to be undone', () => {
  it('begin to undo once', async () => {
    const run = await overtaken('workflow.status_changed', false);

    expect(undoCalls(run)).toEqual(['stock', 'pay']);
    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(await violations(run)).toEqual([]);
  });

  it('need the revision of the execution for it: without that condition it goes back to undoing after its end, and cannot end again', async () => {
    await expect(overtaken('workflow.status_changed', true)).rejects.toMatchObject({ code: 'no_progress' });
  });

  it('begin each compensation once', async () => {
    const run = await overtaken('task.compensating', false);

    expect(undoCalls(run)).toEqual(['stock', 'pay']);
    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(await violations(run)).toEqual([]);
  });

  it('need the revision of the task for it: without that condition one that was undone begins anew, and never ends', async () => {
    const run = await overtaken('task.compensating', true);

    expect(await run.harness.task(run.execution, 'stock')).toMatchObject({ undo: 'compensating' });
    expect(await violations(run)).not.toEqual([]);
  });
});

/** An operator says that `stock` was undone by hand, in the moment in which the saga is about to end without it. */
async function spokenFor(isBlind: boolean): Promise<SagaRun> {
  const store = createMemoryLedgerStore();
  const runs: SagaRun[] = [];
  const meanwhile = async (): Promise<void> => {
    const [run] = runs;
    const asked = { task: taskPath('stock'), as: 'done', by: 'ann', reason: 'I have counted' } as const;
    await run?.harness.engine.resolveCompensation(run.execution, asked);
  };
  const ledger = interrupted(store, { at: 'workflow.execution_completed', isBlind, meanwhile });
  const run = await done(chain, ['pay', 'stock'], { ledger });
  runs.push(run);
  await failing(run, 'ship');
  await undoFails(run, 'stock', [1, 2, 3]);
  return run;
}

describe('the end of a saga, while an operator acts', () => {
  it('has seen what was said: what was held back is undone', async () => {
    const run = await spokenFor(false);
    expect(await find(run)).toMatchObject({ status: 'compensating' });
    await undo(run, 'pay');

    expect(await find(run)).toMatchObject({ status: 'compensated' });
    expect(await violations(run)).toEqual([]);
  });

  it('overlooks what an operator has said, were the revision of the execution not a condition', async () => {
    const run = await spokenFor(true);

    expect(await find(run)).toMatchObject({ status: 'compensation_failed' });
  });
});
