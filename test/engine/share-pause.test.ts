import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { ChildTask } from '../../core/plan/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { createEngineHarness, type EngineHarness } from '../makers/engine-harness.ts';

const ann = { by: 'ann' };

/** Starts the same workflow again, whose own child is skipped. */
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

interface Family {
  readonly parent: ExecutionId;
  readonly child: ExecutionId;
}

/** A parent whose machine has come to `sub`; the child's machine has been started, and has not begun. */
async function startFamily(harness: EngineHarness): Promise<Family> {
  const parent = await harness.begin({ deep: true });
  await harness.dispatch(parent, 'sub');
  const child = harness.started.at(-1)!;
  return { parent, child };
}

const open = (ledger: LedgerStore = createMemoryLedgerStore()) =>
  createEngineHarness({ tasks: [sub, { id: 'leaf' }] }, { ledger });
const beginChild = ({ engine }: EngineHarness, execution: ExecutionId) =>
  engine.begin({ execution, workflow: 'sketch', version: '1', input: {} });
const statusesOf = async ({ ledger }: EngineHarness, { parent, child }: Family) => [
  (await ledger.findExecution(parent))?.status,
  (await ledger.findExecution(child))?.status,
];

describe('a child execution', () => {
  it('is paused and resumed with its parent, with a checkpoint of its own', async () => {
    const harness = await open();
    const family = await startFamily(harness);
    await beginChild(harness, family.child);

    await harness.engine.pause(family.parent, ann);
    const paused = await statusesOf(harness, family);
    const record = await harness.ledger.findExecution(family.child);
    await harness.engine.unpause(family.parent, ann);

    expect(paused).toEqual(['paused', 'paused']);
    expect(record?.paused).toMatchObject({ by: family.parent, isRecorded: true });
    expect(await statusesOf(harness, family)).toEqual(['running', 'running']);
  });

  it('is paused as soon as it begins, when its parent was before', async () => {
    const harness = await open();
    const family = await startFamily(harness);
    await harness.engine.pause(family.parent, ann);

    await beginChild(harness, family.child);
    await harness.dispatch(family.child, 'leaf');

    expect(await statusesOf(harness, family)).toEqual(['paused', 'paused']);
    expect(harness.calls).toEqual([]);
  });

  it('goes on when its parent goes on while it is being paused', async () => {
    const ledger = createMemoryLedgerStore();
    let happened = false;
    const raced: LedgerStore = {
      ...ledger,
      // The worst moment: the child has read that its parent is paused, and has not written yet.
      commit: async (writes) => {
        const [paused] = writes.flatMap((write) =>
          write.kind === 'execution' && write.record.paused ? (write.record.parent ?? []) : [],
        );
        if (paused && !happened) {
          happened = true;
          await harness.engine.unpause(paused.execution, ann);
        }
        return ledger.commit(writes);
      },
    };
    const harness = await open(raced);
    const family = await startFamily(harness);
    await beginChild(harness, family.child);

    await harness.engine.pause(family.parent, ann).catch(() => undefined);

    expect(happened).toBe(true);
    expect(await statusesOf(harness, family)).toEqual(['running', 'running']);
  });

  it('stays paused by whom it was paused by itself', async () => {
    const harness = await open();
    const family = await startFamily(harness);
    await beginChild(harness, family.child);
    await harness.engine.pause(family.child, { by: 'bob' });
    await harness.engine.pause(family.parent, ann);

    await harness.engine.unpause(family.parent, ann);

    expect(await statusesOf(harness, family)).toEqual(['running', 'paused']);
  });

  it('is not resumed without its parent', async () => {
    const harness = await open();
    const family = await startFamily(harness);
    await beginChild(harness, family.child);
    await harness.engine.pause(family.parent, ann);

    const resuming = harness.engine.unpause(family.child, ann);

    await expect(resuming).rejects.toMatchObject({ name: 'ConflictError', code: 'parent_paused' });
  });

  it('is stopped with its paused parent', async () => {
    const harness = await open();
    const family = await startFamily(harness);
    await beginChild(harness, family.child);
    await harness.engine.pause(family.parent, ann);

    await harness.engine.cancel(family.parent, 'bob');

    expect(await statusesOf(harness, family)).toEqual(['stopping', 'stopping']);
  });

  it('goes on to its end when its paused parent drains', async () => {
    const harness = await createEngineHarness({ tasks: [sub, { id: 'leaf' }], onFailure: 'drain' });
    const family = await startFamily(harness);
    await beginChild(harness, family.child);
    await harness.dispatch(family.parent, 'leaf');
    await harness.engine.pause(family.parent, ann);

    await harness.fail(family.parent, 'leaf');

    expect(await statusesOf(harness, family)).toEqual(['stopping', 'running']);
  });
});
