import type { AgentType, TaskError, Usage } from '../../core/agents/index.ts';
import { executionId, handle, taskPath, type Handle } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { AgentAnswers, AgentCall } from '../../core/ports/index.ts';
import { midnight } from './event-log.ts';

/** The n-th call of a test, of an agent type; five minutes to answer. */
export function agentCall(agentType: AgentType, change: Partial<AgentCall> = {}): AgentCall {
  return {
    handle: handle('hdl_1'),
    execution: executionId('exec_1'),
    path: taskPath('lint'),
    task: 'lint',
    agent: 'linter',
    agentType,
    attempt: 1,
    idempotencyKey: 'exec_1/lint',
    input: {},
    index: 0,
    count: 1,
    deadline: midnight + 300_000,
    ...change,
  };
}

export interface Answer {
  readonly handle: Handle;
  readonly output?: Json;
  readonly error?: TaskError;
  readonly usage?: Usage;
}

export interface Mailbox extends AgentAnswers {
  /** Every completion and failure so far. */
  readonly answers: readonly Answer[];
  readonly heartbeats: readonly Handle[];
  /** Resolves with the first `count` answers once they are there. */
  received(count: number): Promise<readonly Answer[]>;
}

/** Takes answers as the engine would; `refuse` decides which ones it throws at. */
export function openMailbox(refuse: (answer: Answer) => Error | undefined = () => undefined): Mailbox {
  const answers: Answer[] = [];
  const heartbeats: Handle[] = [];
  let waiting: { readonly count: number; readonly resolve: (answers: readonly Answer[]) => void }[] = [];

  const take = async (answer: Answer): Promise<void> => {
    const refusal = refuse(answer);
    answers.push(answer);
    const ready = waiting.filter(({ count }) => answers.length >= count);
    waiting = waiting.filter((it) => !ready.includes(it));
    for (const { count, resolve } of ready) resolve(answers.slice(0, count));
    if (refusal) throw refusal;
  };

  return {
    answers,
    heartbeats,
    complete: (to, output, usage) => take({ handle: to, output, ...(usage && { usage }) }),
    fail: (to, error, usage) => take({ handle: to, error, ...(usage && { usage }) }),
    heartbeat: async (from) => {
      heartbeats.push(from);
    },
    received: (count) =>
      answers.length >= count
        ? Promise.resolve(answers.slice(0, count))
        : new Promise((resolve) => waiting.push({ count, resolve })),
  };
}
