import { isJsonObject, type Json } from '../core/json/index.ts';
import { callFromMachine, tenantOfCall, tokenOfCall, type MachineFunction } from '../engine/index.ts';
import type { Runtime } from './runtime.ts';

/**
 * Does what a state of a machine asks for. A state whose answer has gone out must not fail any more, or Step Functions could take
 * the failure for the answer: what was left undone then is repeated by the stream.
 */
export function answerMachine(runtime: Runtime, called: MachineFunction) {
  return async (payload: Json): Promise<object> => {
    const token = tokenOfCall(payload);
    try {
      const { engine } = await runtime.forTenant(tenantOfCall(payload));
      await callFromMachine(engine, called, payload);
    } catch (error) {
      if (token === undefined || !runtime.hasAnswered(token)) throw error;
      runtime.report.error('a follow-up failed after the answer; the stream or the sweeper repeats it', error);
      runtime.report.count('FollowUpsFailed');
    }
    return {};
  };
}

/** What the lines of the log of a machine's call have in common; its token is a permission, and never among them. */
export function keysOfCall(payload: Json): Record<string, string> {
  const told = isJsonObject(payload) ? payload : {};
  const keys = ['tenant', 'execution', 'task'];
  return Object.fromEntries(
    Object.entries(told).filter((entry): entry is [string, string] => {
      const [key, value] = entry;
      return keys.includes(key) && typeof value === 'string';
    }),
  );
}
