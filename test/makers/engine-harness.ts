import { setImmediate as turnOfTheEventLoop } from 'node:timers/promises';
import {
  createMemoryBlobStore,
  createMemoryDefinitionStore,
  createMemoryLedgerStore,
  createSeededIds,
} from '../../adapters/embedded/index.ts';
import type { AgentType } from '../../core/agents/index.ts';
import { signHandle } from '../../core/agents/index.ts';
import { waitsWithoutCause, type SkeinEvent, type TaskRecord } from '../../core/execution/index.ts';
import { taskPath, type ExecutionId, type Handle } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { AgentTask, Plan, PlannedTask } from '../../core/plan/index.ts';
import type { AgentCall, LedgerStore, Timer } from '../../core/ports/index.ts';
import { createEngine, type Engine } from '../../engine/index.ts';
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';

type TaskSketch = Partial<AgentTask> & { readonly id: string };
/** Tasks of agents with what matters written out; containers and the rest in full, beside `members` that say who is outermost. */
export type PlanSketch = Partial<Omit<Plan, 'tasks'>> & { readonly tasks: readonly (TaskSketch | PlannedTask)[] };

const agentType: AgentType = { name: 'worker', runtime: 'local', module: '/worker.ts', capabilities: [] };

/** What a state that waits with a token was told. */
export interface TokenAnswer {
  readonly token: string;
  /** `succeeded`, or the name of the error. */
  readonly answer: string;
}

/** The engine over a memory ledger, with every port that leads outside recorded instead of performed. */
export interface EngineHarness {
  readonly engine: Engine;
  /** Of the one workflow. */
  readonly plan: Plan;
  readonly ledger: LedgerStore;
  readonly clock: SimulatedClock;
  readonly calls: AgentCall[];
  readonly cancelled: Handle[];
  /** Milliseconds that agents were given when they were told to stop. */
  readonly patiences: number[];
  readonly answers: TokenAnswer[];
  /** Those that have not been delivered. */
  readonly timers: { readonly timer: Timer; readonly at: number }[];
  readonly events: SkeinEvent[];
  /** Whose machines were started, and stopped. */
  readonly started: ExecutionId[];
  readonly aborted: ExecutionId[];
  readonly errors: unknown[];
  /** Tokens that are dead from now on. */
  readonly deadTokens: Set<string>;
  /** Starts an execution and lets its machine begin. */
  begin(input?: Json): Promise<ExecutionId>;
  /** As the machine does it when it comes to the task's state; the token is called like the path unless one is given. */
  dispatch(execution: ExecutionId, path: string, token?: string): Promise<void>;
  task(execution: ExecutionId, path: string): Promise<TaskRecord | undefined>;
  handle(execution: ExecutionId, path: string, attempt?: number): Handle;
  /** Lets time pass and delivers the timers that are due then, in order. */
  pass(milliseconds: number): Promise<void>;
  /** As the machine does it at the end of a loop's body: `refine[1]` is the end of round 1. */
  iterate(execution: ExecutionId, iteration: string, token?: string): Promise<void>;
  /** An agent's answer. */
  answer(execution: ExecutionId, path: string, output?: Json): Promise<void>;
  fail(execution: ExecutionId, path: string, name?: string): Promise<void>;
  /** Until nothing happens by itself any more. */
  quiet(): Promise<void>;
}

export interface HarnessOptions {
  readonly ledger?: LedgerStore;
  readonly engineId?: string;
  /** Of the one agent type that all tasks have. */
  readonly schemas?: Pick<AgentType, 'input' | 'output'>;
  /** Beside it, by name. */
  readonly agentTypes?: Readonly<Record<string, AgentType>>;
  /** Called instead of accepting a call silently. */
  readonly onCall?: (call: AgentCall, harness: EngineHarness) => Promise<void>;
  readonly capacity?: () => { limit: string; size: number; free: number };
  readonly aside?: (work: Promise<void>) => void;
}

export async function createEngineHarness(sketch: PlanSketch, options: HarnessOptions = {}): Promise<EngineHarness> {
  const clock = createSimulatedClock();
  const ledger = options.ledger ?? createMemoryLedgerStore();
  const definitions = createMemoryDefinitionStore();
  const ids = createSeededIds(7);
  const recorded = {
    calls: [] as AgentCall[],
    cancelled: [] as Handle[],
    patiences: [] as number[],
    answers: [] as TokenAnswer[],
    timers: [] as { timer: Timer; at: number }[],
    events: [] as SkeinEvent[],
    started: [] as ExecutionId[],
    aborted: [] as ExecutionId[],
    errors: [] as unknown[],
    deadTokens: new Set<string>(),
  };
  const { calls, cancelled, patiences, answers, timers, events, started, aborted, errors, deadTokens } = recorded;
  const tell = async (token: string, answer: string): Promise<boolean> => {
    if (deadTokens.has(token)) return false;
    answers.push({ token, answer });
    return true;
  };
  const engine = createEngine({
    tenant: 'local',
    engineId: options.engineId ?? 'engine-1',
    handleSecret: 'secret',
    ledger: withCauses(ledger),
    blobs: createMemoryBlobStore(),
    definitions,
    clock,
    ids,
    agents: {
      call: async (call) => {
        calls.push(call);
        await options.onCall?.(call, harness);
      },
      cancel: async (handle, _why, patience) => {
        cancelled.push(handle);
        if (patience !== undefined) patiences.push(patience);
      },
      capacity: () => options.capacity?.(),
      outlivesEngine: () => false,
    },
    machines: {
      start: async (execution) => void started.push(execution),
      stop: async (execution) => void aborted.push(execution),
    },
    tokens: {
      succeed: (token) => tell(token, 'succeeded'),
      fail: (token, error) => tell(token, error),
    },
    timers: { schedule: async (timer, at) => void timers.push({ timer, at }) },
    bus: { publish: (published) => void events.push(...published) },
    later: (run) => run(),
    ...(options.aside && { aside: options.aside }),
    onError: (error) => void errors.push(error),
  });
  const plan = planOf(sketch);
  await definitions.publish({
    name: 'sketch',
    version: '1',
    digest: 'd',
    plan,
    machine: {},
    agentTypes: {
      worker: { ...agentType, ...options.schemas },
      any_agent: { ...agentType, ...options.schemas },
      ...options.agentTypes,
    },
    publishedAt: 0,
  });

  const harness: EngineHarness = {
    ...recorded,
    engine,
    plan,
    ledger,
    clock,
    async begin(input = {}) {
      const execution = await engine.start({ workflow: 'sketch', version: '1', input });
      await engine.begin({ execution, workflow: 'sketch', version: '1', input: {} });
      return execution;
    },
    dispatch: (execution, path, token = path) => engine.dispatch({ execution, ...calledAs(path), token }),
    task: (execution, path) => ledger.findTask(execution, taskPath(path)),
    handle: (execution, path, attempt = 1) =>
      signHandle('secret', { tenant: 'local', execution, path: taskPath(path), attempt }),
    async pass(milliseconds) {
      clock.advanceBy(milliseconds);
      const due = timers.filter(({ at }) => at <= clock.now()).sort((a, b) => a.at - b.at);
      timers.splice(0, timers.length, ...timers.filter((waiting) => !due.includes(waiting)));
      for (const { timer } of due) await engine.onTimer(timer);
    },
    async iterate(execution, iteration, token = `${iteration}.iterate`) {
      const { rounds } = calledAs(`${iteration}/any`);
      const task = /([^/[]+)\[\d+\]$/.exec(iteration)?.[1] ?? iteration;
      await engine.iterate({ execution, task, rounds, token });
    },
    async answer(execution, path, output = {}) {
      await engine.answers.complete(harness.handle(execution, path), output);
      await harness.quiet();
    },
    async fail(execution, path, name = 'ToolBroken') {
      await engine.answers.fail(harness.handle(execution, path), { name, message: 'it broke', retryable: false });
      await harness.quiet();
    },
    async quiet() {
      for (let turn = 0; turn < 20; turn += 1) await turnOfTheEventLoop();
    },
  };
  return harness;
}

/** Fails whoever commits a task that waits, and does not say what for. */
export function withCauses(ledger: LedgerStore): LedgerStore {
  return {
    ...ledger,
    commit(writes) {
      for (const write of writes) {
        if (write.kind !== 'task' || !waitsWithoutCause(write.record)) continue;
        throw new Error(`${write.record.path} is ${write.record.status}, and nothing says why`);
      }
      return ledger.commit(writes);
    },
  };
}

/** What the machine says for a path: `refine[1]/scan[2]` is item `scan[2]` in round 1. */
function calledAs(path: string): { task: string; rounds: readonly number[] } {
  const segments = path.split('/');
  const rounds = segments.slice(0, -1).flatMap((segment) => {
    const round = /\[(\d+)\]$/.exec(segment)?.[1];
    return round === undefined ? [] : [Number(round)];
  });
  return { task: segments.at(-1) ?? path, rounds };
}

const agentTask: Omit<AgentTask, 'id'> = {
  kind: 'agent',
  agent: 'worker',
  agentType: 'worker',
  dependsOn: [],
  join: 'all_success',
  timeout: 300,
  retry: { maxAttempts: 1, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' },
  continueOnFailure: false,
};

function isOtherKind(task: TaskSketch | PlannedTask): task is Exclude<PlannedTask, AgentTask> {
  return task.kind !== undefined && task.kind !== 'agent';
}

function planOf({ tasks, ...rest }: PlanSketch): Plan {
  const planned = tasks.map((task): PlannedTask => (isOtherKind(task) ? task : { ...agentTask, ...task }));
  const plan: Omit<Plan, keyof { [brand: symbol]: true }> = {
    workflow: { name: 'sketch', version: '1', tags: [] },
    digest: 'd',
    tasks: planned,
    members: planned.filter(({ container }) => container === undefined).map(({ id }) => id),
    edges: [],
    skeleton: { kind: 'series', blocks: planned.map(({ id }) => ({ kind: 'task', task: id })) },
    gates: [],
    criticalPath: { tasks: [], length: 0 },
    agents: {},
    timeout: 3600,
    grace: 30,
    onFailure: 'fail_fast',
    onSkip: 'satisfies',
    ...rest,
  };
  // Sketched by hand instead of planned: the engine reads no more of a plan than stands here.
  return plan as Plan;
}
