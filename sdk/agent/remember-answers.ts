import type { AgentFunction } from '../../core/agents/index.ts';
import type { Json } from '../../core/json/index.ts';

/** Where answers are remembered: a table with a time to live, a file, a map. */
export interface AnswerStore {
  /** The answer that was put under the key; undefined when there is none. */
  find(key: string): Promise<Json | undefined>;
  /** Resolves once it would be found again after a crash. */
  put(key: string, answer: Json): Promise<void>;
}

/**
 * The agent, which does the work of a task once it has succeeded no second time: it answers what it answered before. Calls are
 * at least once, so this is for work that must not be repeated and cannot recognise a repeat by itself. Two deliveries at the
 * very same time both work; only a lock can prevent that, such as Powertools' idempotency middleware (see the guide).
 */
export function rememberAnswers(agent: AgentFunction, store: AnswerStore): AgentFunction {
  return async (task, context) => {
    const known = await store.find(context.idempotencyKey);
    if (known !== undefined) return known;
    const answer = await agent(task, context);
    await store.put(context.idempotencyKey, answer);
    return answer;
  };
}

/** Remembers as long as the process lives: for tests, and for repeats that reach the same process. */
export function memoryAnswers(): AnswerStore {
  const answers = new Map<string, Json>();
  return {
    find: async (key) => answers.get(key),
    put: async (key, answer) => void answers.set(key, answer),
  };
}
