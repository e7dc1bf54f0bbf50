import { InvariantError } from '../core/errors/index.ts';
import { isSettled, isStopped, type ExecutionRecord } from '../core/execution/index.ts';
import type { ExecutionId, TaskPath } from '../core/ids/index.ts';
import { answerAs } from './answer-state.ts';
import { closedAround } from './closed-around.ts';
import type { EngineContext } from './engine-context.ts';
import type { FollowUps } from './follow-up.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

export interface Iteration {
  readonly execution: ExecutionId;
  readonly loop: TaskPath;
  /** The iteration whose end the machine has come to. */
  readonly round: number;
  readonly token: string;
}

/**
 * The machine has come to the end of a loop's body: it goes back when the loop has opened a further iteration, on when the loop has
 * settled, and waits while neither is decided.
 */
export async function iterate(ctx: EngineContext, { execution, loop, round, token }: Iteration): Promise<FollowUps> {
  return untilCommitted(`Iteration of ${loop}`, async () => {
    const owner = await ctx.getExecution(execution);
    const record = await ctx.ledger.findTask(execution, loop);
    if (record && isSettled(record.status)) return [{ kind: 'answer', execution, path: loop, token }];
    if (isStopped(owner.status)) {
      await ctx.tokens.fail(token, 'ExecutionStopping', '');
      return [{ kind: 'collect', execution, container: loop }];
    }
    if (record?.round === undefined) return passOn(ctx, { execution: owner, loop, token });
    if (record.round > round) return [{ kind: 'iterate', token }];
    const bound = { ...record, token, revision: record.revision + 1 };
    if (!(await ctx.commit([{ kind: 'task', record: bound }]))) return AGAIN;
    return [{ kind: 'collect', execution, container: loop }];
  });
}

/** The end of a loop that never opened: something around it never did. */
async function passOn(
  ctx: EngineContext,
  { execution, loop, token }: { readonly execution: ExecutionRecord; readonly loop: TaskPath; readonly token: string },
): Promise<FollowUps> {
  const workflow = await ctx.getWorkflow(execution);
  const closed = await closedAround(ctx, { execution, workflow }, loop);
  if (!closed) throw notOpen(loop);
  await answerAs(ctx, closed, token);
  return [];
}

function notOpen(loop: TaskPath): InvariantError {
  return new InvariantError({
    code: 'loop_not_open',
    message: `The machine is at the end of ${loop}, which never began.`,
  });
}
