import type { ExecutionRecord } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Compensation, RetryPolicy } from '../../core/plan/index.ts';
import { verifyHistory, type Violation } from '../../core/projections/index.ts';
import { createEngineHarness, type EngineHarness, type HarnessOptions, type PlanSketch } from './engine-harness.ts';

export const after = (...tasks: string[]) => tasks.map((task) => ({ task, on: 'success' as const }));
const persistent: RetryPolicy = { maxAttempts: 3, interval: 2, backoffRate: 2, maxDelay: 3600, jitter: 'none' };
export const compensate: Compensation = { agent: 'undoer', agentType: 'worker', timeout: 600, retry: persistent };
export const worker = { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [] };

/** Three tasks that can be undone, one after another, and a fourth one that will fail. */
export const chain: PlanSketch = {
  tasks: [
    { id: 'pay', compensate },
    { id: 'stock', dependsOn: after('pay'), compensate },
    { id: 'ship', dependsOn: after('stock'), compensate },
    { id: 'mail', dependsOn: after('ship') },
  ],
  saga: { serial: false, onFailure: 'hold' },
};

export interface SagaRun {
  readonly harness: EngineHarness;
  readonly execution: ExecutionId;
}

/** Does these tasks one after another, with their path as their answer. */
export async function done(
  sketch: PlanSketch,
  paths: readonly string[],
  options: HarnessOptions = {},
): Promise<SagaRun> {
  const harness = await createEngineHarness({ agents: { worker, undoer: worker }, ...sketch }, options);
  const execution = await harness.begin({ order: 7 });
  for (const path of paths) {
    await harness.dispatch(execution, path);
    await harness.answer(execution, path, { of: path });
  }
  return { harness, execution };
}

/** This one fails, and the machine comes to its end. */
export async function failing({ harness, execution }: SagaRun, path: string): Promise<void> {
  await harness.dispatch(execution, path);
  await harness.fail(execution, path);
  await harness.engine.conclude(execution, 'end');
  await harness.quiet();
}

const SUFFIX = '~compensation';

/** The tasks whose compensations were called, in the order of the calls. */
export function undoCalls({ harness }: SagaRun): string[] {
  return harness.calls.filter(({ path }) => path.endsWith(SUFFIX)).map(({ path }) => path.replace(SUFFIX, ''));
}

/** The compensation of a task answers. */
export async function undo({ harness, execution }: SagaRun, path: string, attempt = 1): Promise<void> {
  await harness.engine.answers.complete(harness.handle(execution, path + SUFFIX, attempt), {});
  await harness.quiet();
}

/** Attempts of the compensation of a task fail; each is tried again a minute later at the latest. */
export async function undoFails(run: SagaRun, path: string, attempts = [1]): Promise<void> {
  const { harness, execution } = run;
  for (const attempt of attempts) {
    const handle = harness.handle(execution, path + SUFFIX, attempt);
    await harness.engine.answers.fail(handle, { name: 'BankClosed', message: 'come back tomorrow' });
    await harness.quiet();
    await harness.pass(60_000);
    await harness.quiet();
  }
}

export async function find({ harness, execution }: SagaRun): Promise<ExecutionRecord | undefined> {
  return harness.ledger.findExecution(execution);
}

/** The promises that its history breaks. */
export async function violations({ harness, execution }: SagaRun): Promise<readonly Violation[]> {
  const record = await harness.ledger.findExecution(execution);
  if (!record) throw new Error('There is no such execution.');
  return verifyHistory({
    events: await harness.ledger.listEvents(execution),
    plan: harness.plan,
    records: { execution: record, tasks: await harness.ledger.listTasks(execution) },
  });
}
