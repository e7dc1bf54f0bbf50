import type { TaskError, Usage } from '../core/agents/index.ts';
import { ConflictError, NotFoundError } from '../core/errors/index.ts';
import { approvalIdOf } from '../core/execution/index.ts';
import type { Json } from '../core/json/index.ts';
import type { AgentCall } from '../core/ports/index.ts';
import type { Runtime } from '../functions/runtime.ts';
import { TENANT } from './container.ts';

export type AgentAnswer =
  | { readonly kind: 'output'; readonly output: Json }
  | { readonly kind: 'error'; readonly error: TaskError }
  | { readonly kind: 'beat' };

/** Brings an answer of an agent, or the decision of a person, to the engine. One that comes too late is refused, and that is all. */
export async function answerAgent(runtime: Runtime, call: AgentCall, answer: AgentAnswer): Promise<void> {
  const { engine } = await runtime.forTenant(TENANT);
  const { answers } = engine;
  const give = (): Promise<void> => {
    if (answer.kind === 'beat') return answers.heartbeat(call.handle);
    if (call.agentType.runtime !== 'human')
      return answer.kind === 'output'
        ? answers.complete(call.handle, answer.output, usageOf(call))
        : answers.fail(call.handle, answer.error, usageOf(call));
    const by = 'a person';
    const decision =
      answer.kind === 'output'
        ? ({ kind: 'approve', output: answer.output, by } as const)
        : ({ kind: 'reject', reason: answer.error.message, by } as const);
    return engine.decide(approvalIdOf(call), decision);
  };
  try {
    await give();
  } catch (error) {
    if (!(error instanceof ConflictError) && !(error instanceof NotFoundError)) throw error;
  }
}

/** Every third attempt says nothing; of the others one uses less than its type says, and one more. */
function usageOf({ agentType: { cost }, attempt, path }: AgentCall): Usage | undefined {
  const share = (attempt + path.length) % 3;
  if (!cost || share === 0) return undefined;
  const part = share === 1 ? 0.5 : 1.25;
  const { usd, tokens } = cost;
  return {
    ...(usd !== undefined && { usd: usd * part }),
    ...(tokens !== undefined && { tokens: Math.floor(tokens * part) }),
  };
}
