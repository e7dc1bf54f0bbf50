import { InvariantError } from '../core/errors/index.ts';
import { isTerminal } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import type { ExecutionView } from '../core/projections/index.ts';
import type { MachineResult } from './interpreter/index.ts';
import type { Stores } from './stores.ts';

export type Endings = ReturnType<typeof createEndings>;

interface Waiter {
  readonly resolve: (view: ExecutionView) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Those who wait for executions to end, and what keeps these from it: a machine that has ended too early, or the first error
 * after which the engine cannot promise anything.
 */
export function createEndings(stores: Stores) {
  const waiters = new Map<ExecutionId, Waiter[]>();
  const lost = new Map<ExecutionId, InvariantError>();
  let fatal: { readonly error: unknown } | undefined;
  const take = (execution: ExecutionId): readonly Waiter[] => {
    const waiting = waiters.get(execution) ?? [];
    waiters.delete(execution);
    return waiting;
  };
  const fail = (execution: ExecutionId, error: unknown) => take(execution).forEach(({ reject }) => reject(error));

  return {
    end: (view: ExecutionView) => take(view.execution).forEach(({ resolve }) => resolve(view)),
    failAll: (error: unknown) => {
      fatal ??= { error };
      for (const execution of [...waiters.keys()]) fail(execution, error);
    },
    /** A machine that has ended before its execution did will not end it any more: answers that, and undefined where it has ended. */
    check: async (execution: ExecutionId, result: MachineResult) => {
      const record = await stores.ledger.findExecution(execution);
      if (!record || isTerminal(record.status)) return undefined;
      const error = endedEarly(execution, result);
      lost.set(execution, error);
      fail(execution, error);
      return error;
    },
    /** Its machine runs again. */
    takeUp: (execution: ExecutionId) => void lost.delete(execution),
    wait: async (execution: ExecutionId): Promise<ExecutionView> => {
      const stored = await stores.views.find(execution);
      // The view may be of an end from which an operator has had it go on.
      if (stored && isTerminal(stored.status)) {
        const record = await stores.ledger.findExecution(execution);
        if (record?.status === stored.status) return stored;
      }
      if (fatal) throw fatal.error;
      const error = lost.get(execution);
      if (error) throw error;
      return new Promise((resolve, reject) => {
        waiters.set(execution, [...(waiters.get(execution) ?? []), { resolve, reject }]);
      });
    },
  };
}

function endedEarly(execution: ExecutionId, result: MachineResult): InvariantError {
  const why = result.status === 'FAILED' ? `${result.error ?? ''} ${result.cause ?? ''}`.trim() : result.status;
  return new InvariantError({
    code: 'machine_ended_early',
    message: `The machine of ${execution} ended before its execution: ${why}.`,
    hint: `Nothing that was recorded is lost: \`skein resume ${execution}\` takes it up again.`,
  });
}
