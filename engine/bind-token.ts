import type { EngineContext } from './engine-context.ts';
import type { Look } from './look.ts';

/** Gives the task the token of the state that asks; it may have it already. False: the task has changed, look again. */
export async function bindToken(ctx: EngineContext, { record, token }: Look): Promise<boolean> {
  if (token === undefined || token === record.token) return true;
  return ctx.commit([{ kind: 'task', record: { ...record, token, revision: record.revision + 1 } }]);
}
