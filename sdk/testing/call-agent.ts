import {
  MAX_ANSWER_BYTES,
  type AgentContext,
  type AgentFunction,
  type AgentTask,
  type TaskError,
  type Usage,
} from '../../core/agents/index.ts';
import { answerText, createUsageMeter, taskErrorOf } from '../../core/answers/index.ts';
import { parseJson, type Json } from '../../core/json/index.ts';

/** What the engine would say beside the input; everything has a default. */
export interface CallOptions {
  /** The task's id; default `task`. */
  readonly task?: string;
  /** Default: the task's id. */
  readonly path?: string;
  /** Position in a fan-out and its width; default 0 of 1. */
  readonly index?: number;
  readonly count?: number;
  /** Default 1, the first try. */
  readonly attempt?: number;
  /** Default `exec_test`. */
  readonly execution?: string;
  /** Its name in the workflow; default `agent`. */
  readonly agent?: string;
}

/** One call of an agent, after its end. */
export interface AgentRun {
  /** What the ledger would store. */
  readonly outcome: { readonly output: Json } | { readonly error: TaskError };
  /** What the agent threw, as it was; undefined when it answered. */
  readonly thrown: unknown;
  readonly heartbeats: number;
  readonly logs: readonly string[];
  /** All that it has said it used; undefined: nothing. */
  readonly usage: Usage | undefined;
}

export interface StartedAgent {
  /** As the engine does when the execution stops or the attempt has timed out. */
  abort(why?: string): void;
  /** So far. */
  readonly heartbeats: number;
  readonly logs: readonly string[];
  /** Resolves also when the agent fails. */
  readonly ended: Promise<AgentRun>;
}

/** Calls the agent once. Resolves also when it fails. */
export function callAgent(agent: AgentFunction, input: Json, options: CallOptions = {}): Promise<AgentRun> {
  return startAgent(agent, input, options).ended;
}

/** Calls the agent, to abort it on the way or to look at its signs of life. */
export function startAgent(agent: AgentFunction, input: Json, options: CallOptions = {}): StartedAgent {
  const controller = new AbortController();
  const logs: string[] = [];
  let heartbeats = 0;
  const { task, call } = callOf(input, options);
  const meter = createUsageMeter((message) => void logs.push(message));
  const context: AgentContext = {
    ...call,
    signal: controller.signal,
    usage: (used) => meter.add(used),
    heartbeat: () => void (heartbeats += 1),
    log: (message) => void logs.push(message),
  };

  async function run(): Promise<AgentRun> {
    try {
      const text = answerText(await agent(task, context), MAX_ANSWER_BYTES);
      return { outcome: { output: parseJson(text) }, thrown: undefined, heartbeats, logs, usage: meter.total() };
    } catch (thrown) {
      return { outcome: { error: taskErrorOf(thrown) }, thrown, heartbeats, logs, usage: meter.total() };
    }
  }

  return {
    abort: (why = 'the execution is being stopped') =>
      controller.abort(Object.assign(new Error(why), { name: 'AbortError' })),
    get heartbeats() {
      return heartbeats;
    },
    logs,
    ended: run(),
  };
}

/**
 * The same attempt delivered twice, as it happens after a crash: one after the other, or `atOnce`. An agent is ready for it when
 * both runs end alike and its effects are there once.
 */
export async function deliverTwice(
  agent: AgentFunction,
  input: Json,
  { atOnce = false, ...options }: CallOptions & { readonly atOnce?: boolean } = {},
): Promise<readonly [AgentRun, AgentRun]> {
  const first = callAgent(agent, input, options);
  if (!atOnce) await first;
  const second = callAgent(agent, input, options);
  return Promise.all([first, second]);
}

function callOf(
  input: Json,
  options: CallOptions,
): { task: AgentTask; call: Omit<AgentContext, 'signal' | 'heartbeat' | 'usage' | 'log'> } {
  const { task: id = 'task', index = 0, count = 1, attempt = 1, execution = 'exec_test', agent = 'agent' } = options;
  const path = options.path ?? id;
  return {
    // A copy, as every runtime gives: what an agent does to its input must not reach anybody else.
    task: { id, path, input: structuredClone(input), index, count },
    call: { execution, agent, attempt, idempotencyKey: `${execution}/${path}` },
  };
}
