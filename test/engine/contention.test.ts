import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { SkeinEvent } from '../../core/execution/index.ts';
import type { AgentCall, LedgerStore, LedgerWrite } from '../../core/ports/index.ts';
import { createEngineHarness, type EngineHarness, type PlanSketch } from '../makers/engine-harness.ts';

const after = (...tasks: readonly string[]) => tasks.map((task) => ({ task, on: 'success' as const }));
const patient = { maxAttempts: 2, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;

/** One of everything that a task can come to. */
const sketch: PlanSketch = {
  maxParallel: 2,
  onFailure: 'continue',
  tasks: [
    { id: 'clone', heartbeat: 60 },
    { id: 'flaky', retry: patient, dependsOn: after('clone') },
    { id: 'scan', fanOut: 3, dependsOn: after('clone') },
    { id: 'unwanted', when: 'false' },
    { id: 'invalid', input: { depth: '${ input.depth }' }, continueOnFailure: true },
    { id: 'hopeless', dependsOn: after('invalid') },
    { id: 'report', dependsOn: after('flaky', 'scan') },
  ],
};

const paths = ['clone', 'flaky', 'scan[0]', 'scan[1]', 'scan[2]', 'unwanted', 'invalid', 'hopeless', 'report'];

/** Every commit loses its first rounds, as if another writer had been faster; nobody is faster to create an execution. */
function losing(ledger: LedgerStore, rounds: number): LedgerStore {
  const lost = new Map<string, number>();
  const keyOf = (write: LedgerWrite) => (write.kind === 'task' ? [write.record.path, write.record.status] : write.kind);
  const creates = (write: LedgerWrite) => write.kind === 'execution' && write.record.revision === 1;
  return {
    ...ledger,
    commit: async (writes) => {
      const key = JSON.stringify(writes.map(keyOf));
      const before = lost.get(key) ?? 0;
      lost.set(key, before + 1);
      return before < rounds && !writes.some(creates) ? 'conflict' : ledger.commit(writes);
    },
  };
}

async function answer(call: AgentCall, { engine }: EngineHarness): Promise<void> {
  if (call.path === 'clone') await engine.answers.heartbeat(call.handle);
  setImmediate(() => {
    const fails = call.path === 'flaky' && call.attempt === 1;
    if (fails) void engine.answers.fail(call.handle, { name: 'Flaky', message: 'not yet' });
    else void engine.answers.complete(call.handle, call.path);
  });
}

/** Events of one path are numbered 1, 2, 3, … in the order in which they are published. */
function isGap({ path, n }: SkeinEvent, at: number, events: readonly SkeinEvent[]): boolean {
  return n !== events.slice(0, at + 1).filter((event) => event.path === path).length;
}

async function run(ledger: LedgerStore, cancelled: boolean) {
  const harness = await createEngineHarness(sketch, { ledger, onCall: answer });
  const execution = await harness.begin();
  await Promise.all(paths.map((path) => harness.dispatch(execution, path)));
  if (cancelled) await harness.engine.cancel(execution, 'the test');
  for (let second = 0; second < 3; second += 1) {
    await harness.quiet();
    await harness.pass(1_000);
  }
  await harness.quiet();
  // A state is entered again after a crash: also this has to get through.
  await harness.dispatch(execution, 'report', 'report again');
  await harness.engine.conclude(execution, 'end');
  await harness.pass(30_000);
  const tasks = await ledger.listTasks(execution);
  const record = await ledger.findExecution(execution);
  return {
    status: record?.status,
    output: record?.output,
    tasks: tasks.map(({ path, status, attempts, output, error }) => ({
      path,
      status,
      attempts,
      output,
      error: error?.name,
    })),
    gaps: harness.events.filter(isGap),
    errors: harness.errors,
  };
}

describe('an engine that loses rounds against other writers', () => {
  it.each([1, 3])('comes to the same results when each of its commits loses %i', async (rounds) => {
    const undisturbed = await run(createMemoryLedgerStore(), false);

    const disturbed = await run(losing(createMemoryLedgerStore(), rounds), false);

    expect(undisturbed).toMatchObject({ status: 'succeeded', gaps: [], errors: [] });
    expect(disturbed).toEqual(undisturbed);
  });

  it('ends what was cancelled all the same', async () => {
    const ending = await run(losing(createMemoryLedgerStore(), 2), true);

    expect(ending).toMatchObject({ status: 'cancelled', gaps: [], errors: [] });
  });
});
