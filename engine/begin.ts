import { ConflictError } from '../core/errors/index.ts';
import { advanceExecution, type ExecutionRecord } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { Json } from '../core/json/index.ts';
import { createExecution } from './create-execution.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { letInFront } from './let-in.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { executionWrites } from './writes.ts';

export interface Beginning {
  readonly execution: ExecutionId;
  readonly workflow: string;
  readonly version: string;
  /** Of the machine; it counts only where the machine was started past `start`, in the console for example. */
  readonly input: Json;
}

/** The machine has begun: its execution runs. Creates the record when the machine was started by hand. */
export async function begin(ctx: EngineContext, beginning: Beginning): Promise<FollowUps> {
  const execution = await untilCommitted(`Begin of ${beginning.execution}`, async () => {
    const found = await ctx.ledger.findExecution(beginning.execution);
    const record = found ?? (await createExecution(ctx, beginning.execution, beginning));
    refuseForeign(record, beginning);
    // A resumed execution begins again: whatever it is by now, it stays.
    if (record.status === 'queued') return beginQueued(ctx, record);
    if (record.status !== 'planning') return record;
    const advanced = advanceExecution(
      record,
      { status: 'running' },
      [{ type: 'workflow.status_changed', data: { from: 'planning', to: 'running' } }],
      { now: ctx.clock.now() },
    );
    return (await ctx.commit(executionWrites(advanced))) ? advanced.record : AGAIN;
  });
  // Its clock begins with its turn.
  if (execution.status === 'queued') return letInFront(ctx, execution);
  await ctx.timers.schedule({ kind: 'execution_timeout', execution: execution.id }, execution.deadline);
  return execution.parent ? [{ kind: 'share_pause', execution: execution.id }] : [];
}

/** Its machine was started by hand, and it is not its turn: the machine goes on to tasks that wait with it. */
async function beginQueued(ctx: EngineContext, record: ExecutionRecord): Promise<ExecutionRecord | typeof AGAIN> {
  const begun = { ...record, turn: { ...record.turn, begun: true as const }, revision: record.revision + 1 };
  return (await ctx.commit([{ kind: 'execution', record: begun }])) ? begun : AGAIN;
}

function refuseForeign(record: ExecutionRecord, { workflow, version }: Beginning): void {
  if (record.workflow === workflow && record.version === version) return;
  throw new ConflictError({
    code: 'foreign_execution',
    message: `Execution ${record.id} belongs to ${record.workflow} ${record.version}, not to ${workflow} ${version}.`,
  });
}
