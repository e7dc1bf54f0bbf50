import { signHandle } from '../../core/agents/index.ts';
import { budgetApprovalIdOf } from '../../core/execution/index.ts';
import { executionId, taskPath, type ExecutionId } from '../../core/ids/index.ts';
import { digestOfText } from '../../core/json/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import type { AgentRuntime, LedgerStore, MachineRunner, PublishedWorkflow, Timer } from '../../core/ports/index.ts';
import { createEngine, type Engine, type Entry } from '../../engine/index.ts';
import { midnight } from '../makers/event-log.ts';
import { siteOfThisCommit } from './commit-sites.ts';
import type { Operation, PortCall } from './stepwise.ts';

/*
 * An operation is called by a text: a verb, the execution where it is not the first one, and what it is about.
 * `dispatch a`, `dispatch@exec_2 a~2` (by a state that was entered anew, with another token), `answer a#1`, `repeat task a`, `sweep 1`.
 */

export const EXECUTION = executionId('exec_1');
const SECRET = 'secret';
const TENANT = 'local';

/** An hour after everything else: timers are due, whatever they are about; clocks that differ do no harm. */
const HOUR = 3_600_000;
const LATE = midnight + HOUR;

/** What operations meet: the workflows that there are, and what agents do. */
export interface Surroundings {
  /** By name. */
  readonly plans: Readonly<Record<string, Plan>>;
  /** Which workflow an execution belongs to; default: `review`. */
  readonly workflowOf?: (execution: string) => string;
  readonly entry?: Entry;
  /** What the sweeper looks after, beside the pools. */
  readonly executions?: readonly string[];
  readonly fails?: (path: string, attempt: number) => boolean;
}

/** `dispatch@exec_2` is a `dispatch` in `exec_2`. */
export function verbOf(operation: string): { readonly verb: string; readonly execution: ExecutionId } {
  const [verb = '', execution = EXECUTION] = wordAt(operation, 0).split('@');
  return { verb, execution: executionId(execution) };
}

export function wordAt(operation: string, at: number): string {
  return operation.split(' ')[at] ?? '';
}

/** The text of an operation. */
export function named(verb: string, execution: string, what = ''): string {
  return `${verb}${execution === EXECUTION ? '' : `@${execution}`}${what === '' ? '' : ` ${what}`}`;
}

/** The token of a state: with the name of its execution, unless that is the first. */
export function tokenIn(execution: string, state: string): string {
  return execution === EXECUTION ? state : `${execution}/${state}`;
}

export function operationOf(surroundings: Surroundings, operation: string): Operation {
  const { verb } = verbOf(operation);
  const isSweep = verb === 'sweep' || verb === 'reclaim';
  const now = isSweep ? LATE + Number(wordAt(operation, 1)) * HOUR : verb === 'timer' ? LATE : midnight;
  return async (ask) => {
    const asides: Promise<unknown>[] = [];
    const engine = engineOf(surroundings, {
      ask,
      now,
      random: randomOf(operation),
      aside: (work) => asides.push(work),
    });
    await perform(surroundings, engine, operation);
    for (let at = 0; at < asides.length; at += 1) await asides[at];
  };
}

async function perform(surroundings: Surroundings, engine: Engine, operation: string): Promise<unknown> {
  const { verb, execution } = verbOf(operation);
  const [what, more] = [wordAt(operation, 1), wordAt(operation, 2)];
  const [path = '', attempt = '1'] = what.split('#');
  const { workflowOf = () => 'review', entry, fails = () => false } = surroundings;
  const workflow = { workflow: workflowOf(execution), version: '1', input: {} };
  const handle = signHandle(SECRET, {
    tenant: TENANT,
    execution,
    path: taskPath(path || 'none'),
    attempt: Number(attempt),
  });
  switch (verb) {
    case 'start':
      return engine.start({ ...workflow, ...(entry && { entry }) }, execution);
    case 'begin':
      return engine.begin({ execution, ...workflow });
    case 'dispatch':
      return engine.dispatch({ execution, ...calledAs(what.replace(/~\d+$/, '')), token: tokenIn(execution, what) });
    case 'iterate':
      return engine.iterate({
        execution,
        ...calledAs(`${what}/end`),
        task: what.split('[')[0] ?? '',
        token: tokenIn(execution, what),
      });
    case 'answer':
      return fails(path, Number(attempt))
        ? engine.answers.fail(handle, { name: 'Flaky', message: 'it failed', retryable: true })
        : engine.answers.complete(handle, {});
    case 'heartbeat':
      return engine.answers.heartbeat(handle);
    case 'cancel':
      return engine.cancel(execution, 'somebody');
    case 'pause':
      return engine.pause(execution, { by: 'somebody' });
    case 'unpause':
      return engine.unpause(execution, { by: 'somebody' });
    case 'conclude':
      return engine.conclude(execution, tokenIn(execution, 'conclude'));
    case 'publish':
      return engine.publish({ id: 'evt_1', type: what, source: 'outside', data: { said: more } });
    case 'reset':
      return engine.resetBreaker(what, 'somebody');
    case 'raise': {
      const asked = budgetApprovalIdOf({ execution, budget: 'calls', number: Number(attempt) });
      return engine.decide(asked, { kind: 'approve', output: { raise: Number(more) }, by: 'somebody' });
    }
    case 'repeat':
      return engine.repeat(
        what === 'task' ? { kind: 'task', execution, path: taskPath(more) } : { kind: 'execution', execution },
      );
    case 'changed':
      return engine.repeat(what === 'control' ? { kind: 'control', key: more } : { kind: 'bus_event', type: more });
    case 'sweep':
      return sweep(surroundings, engine);
    case 'reclaim':
      return engine.sweepPools(patience);
    case 'timer':
      return engine.onTimer(JSON.parse(operation.slice(operation.indexOf(' ') + 1)) as Timer);
    default:
      throw new Error(`nothing is called ${operation}`);
  }
}

const patience = { grace: 60_000, every: 300_000 };

async function sweep({ plans, executions = [EXECUTION] }: Surroundings, engine: Engine): Promise<void> {
  for (const execution of executions) await engine.sweep(executionId(execution), patience);
  const agents = Object.values(plans).flatMap((plan) => Object.values(plan.agents));
  if (agents.some(({ pool }) => pool)) await engine.sweepPools(patience);
}

/** `l[1]/x` as the machine says it: the task, and the rounds of the loops around it. */
function calledAs(path: string): { readonly task: string; readonly rounds: readonly number[] } {
  const segments = path.split('/');
  const rounds = segments.slice(0, -1).flatMap((segment) => /\[(\d+)\]$/.exec(segment)?.[1] ?? []);
  return { task: segments.at(-1) ?? '', rounds: rounds.map(Number) };
}

/** Numbers that depend on the operation alone: whoever does it again meets the same. */
function randomOf(operation: string): () => number {
  let asked = 0;
  return () => {
    asked += 1;
    return Number.parseInt(digestOfText(`${operation} ${asked}`).slice(0, 8), 16) / 2 ** 32;
  };
}

interface Process {
  readonly ask: (call: PortCall) => Promise<unknown>;
  readonly now: number;
  readonly random: () => number;
  readonly aside: (work: Promise<unknown>) => void;
}

function engineOf({ plans }: Surroundings, { ask, now, random, aside }: Process): Engine {
  /** Every method of a port is a call that leaves the process. */
  const asking = <Port extends object>(port: string, own: Partial<Port> = {}): Port =>
    new Proxy(own as Port, {
      get: (target, method) =>
        (Reflect.get(target, method) as unknown) ??
        ((...args: unknown[]) =>
          ask({ port, method: String(method), args, ...(method === 'commit' && { site: siteOfThisCommit() }) })),
    });
  const agents = { capacity: () => undefined, outlivesEngine: () => true };
  return createEngine({
    tenant: TENANT,
    engineId: 'eng_model',
    handleSecret: SECRET,
    ledger: asking<LedgerStore>('ledger', { durable: async () => undefined }),
    // Values of models stand in their records.
    blobs: asking('blobs'),
    definitions: { ...asking('definitions'), find: async (name) => published(plans, name) },
    agents: asking<AgentRuntime>('agents', agents),
    machines: asking<MachineRunner>('machines', { stop: async () => undefined }),
    tokens: asking('tokens'),
    timers: asking('timers'),
    bus: { publish: () => undefined },
    clock: { now: () => now },
    ids: { executionId: () => EXECUTION, engineId: () => 'eng_model', random },
    later: (run) => run(),
    aside,
    // What fails aside is acknowledged all the same: the stream repeats it.
    onError: () => undefined,
  });
}

function published(plans: Surroundings['plans'], name: string): PublishedWorkflow | undefined {
  const plan = plans[name];
  const anyAgent = { name: 'any_agent', runtime: 'local', module: '/any.ts', capabilities: [] } as const;
  return (
    plan && { name, version: '1', digest: 'd', plan, machine: {}, agentTypes: { any_agent: anyAgent }, publishedAt: 0 }
  );
}
