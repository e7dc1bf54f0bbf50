import { advanceExecution, isSettled, liftQueue, type ExecutionRecord } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUp, FollowUps } from './follow-up.ts';
import { lookForTurn, takerOf } from './turns.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';
import { executionWrites } from './writes.ts';

/**
 * Lets those in whose turn it is, from the front of a queue, until one has to wait: nobody behind goes before that one. To be asked for after the
 * commit that puts an execution into a queue, and after the end of one: whichever of the two comes second sees the other. A crash may swallow
 * it: stream and sweeper repeat it for the execution that ended, and for each that waits.
 */
export async function letNextIn(ctx: EngineContext, queue: string): Promise<FollowUps> {
  const followUps: FollowUp[] = [];
  for (;;) {
    const [first] = await ctx.ledger.listParked(queue, 1);
    if (!first) return followUps;
    const step = await letIn(ctx, first.execution);
    if (step === 'waits') return followUps;
    if (step === 'gone') await ctx.commit([{ kind: 'unpark', entry: first }]);
    else followUps.push(...step);
  }
}

/** Of one that is queued: its own queue. */
export async function letInFront(ctx: EngineContext, { turn }: ExecutionRecord): Promise<FollowUps> {
  return turn?.queued ? letNextIn(ctx, turn.queued.entry.key) : [];
}

/** `waits`: it is not its turn. `gone`: it does not wait any more. */
type Step = FollowUps | 'waits' | 'gone';

async function letIn(ctx: EngineContext, id: ExecutionId): Promise<Step> {
  return untilCommitted<Step>(`Turn of ${id}`, async () => {
    const record = await ctx.getExecution(id);
    const queued = record.status === 'queued' ? record.turn?.queued : undefined;
    const { turns } = (await ctx.getWorkflow(record)).index.plan;
    if (!queued || !turns) return 'gone';
    const look = await lookForTurn(ctx.ledger, takerOf(record, turns));
    if (look.waits?.limit === queued.limit) return 'waits';
    const leaves = { kind: 'unpark', entry: queued.entry } as const;
    const now = ctx.clock.now();
    if (look.waits) {
      const { entry, ...place } = look.waits;
      const moved = advanceExecution(
        record,
        { turn: { ...record.turn, queued: { ...place, at: queued.at, entry } } },
        [{ type: 'workflow.status_changed', data: { from: 'queued', to: 'queued', queue: place } }],
        { now },
      );
      const moves = [leaves, { kind: 'park', entry } as const];
      if (!(await ctx.commit([...executionWrites(moved), ...moves, ...look.writes]))) return AGAIN;
      return letNextIn(ctx, entry.key);
    }
    const status = record.turn?.begun ? 'running' : 'planning';
    const begun = advanceExecution(
      liftQueue(record, now),
      { status },
      [{ type: 'workflow.status_changed', data: { from: 'queued', to: status } }],
      { now },
    );
    if (!(await ctx.commit([...executionWrites(begun), leaves, ...look.writes]))) return AGAIN;
    return goOn(ctx, begun.record);
  });
}

async function goOn(
  ctx: EngineContext,
  { id, workflow, version, status, deadline }: ExecutionRecord,
): Promise<FollowUps> {
  if (status === 'planning') {
    await ctx.machines.start(id, { name: workflow, version }, {});
    return [];
  }
  // Its machine runs, and has come to tasks that wait with it.
  await ctx.timers.schedule({ kind: 'execution_timeout', execution: id }, deadline);
  const tasks = await ctx.ledger.listTasks(id);
  return tasks
    .filter((task) => !isSettled(task.status))
    .map(({ path }) => ({ kind: 'admit', execution: id, path }) as const);
}
