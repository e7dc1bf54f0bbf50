import type { AgentType } from '../agents/index.ts';
import type { AgentTask, Plan, PlannedTask } from '../plan/index.ts';
import { callsOf, iterationsOf, runsOf, type Case } from './calls.ts';
import type { Durations } from './durations.ts';
import type { PriceName } from './prices.ts';

/** How much of each priced thing an execution uses up. */
export type Usage = Readonly<Record<PriceName, number>>;

export interface UsageInput {
  readonly plan: Plan;
  readonly agentTypes: { readonly [name: string]: AgentType };
  readonly durations: Durations;
  readonly which: Case;
  /** Of the compiled machine. */
  readonly transitions: number;
}

/** What the engine does for one thing of an execution. */
interface Effort {
  /** Calls of its Lambda functions. */
  readonly requests: number;
  /** Items written in transactions, items read, events recorded and published. */
  readonly writes: number;
  readonly reads: number;
  readonly events: number;
}

/**
 * Counted on the ledger of the embedded engine, which a deployment shares (test/core/forecast/usage.test.ts counts again). What is done
 * twice because two met at one record is not in it, nor is waking those who wait.
 */
const efforts = {
  /** Start, begin, conclude. */
  execution: { requests: 3, writes: 7, reads: 6, events: 3 },
  /** Dispatched and settled. */
  call: { requests: 2, writes: 6, reads: 16, events: 3 },
  retry: { requests: 2, writes: 7, reads: 8, events: 4 },
  /** A container, a wait, an emitted event, a child: without an agent. */
  other: { requests: 1, writes: 4, reads: 12, events: 2 },
  iteration: { requests: 1, writes: 3, reads: 4, events: 1 },
  /** Of a container, on top of what it does itself: whoever settles looks whether the container has. */
  member: { requests: 0, writes: 0, reads: 3, events: 0 },
  /** One member that another one looks at when it has settled. */
  look: { requests: 0, writes: 0, reads: 1, events: 0 },
} as const satisfies Record<string, Effort>;

/** An assumption, until a deployment has been measured: GB-seconds of one call of the engine's functions, 0.1 s with 512 MB. */
const ENGINE_GB_SECONDS = 0.05;
/** In a transaction each item takes two write units. */
const UNITS_PER_WRITE = 2;
/** Seconds that Lambda lets a function run. */
const LONGEST_LAMBDA = 900;
const GIBIBYTE = 1_073_741_824;

export function usageOf(input: UsageInput): Usage {
  const agents = { lambdaRequest: 0, lambdaTime: 0, fargateProcessor: 0, fargateMemory: 0 };
  const times: Times = { execution: 1, call: 0, retry: 0, other: 0, iteration: 0, member: 0, look: 0 };
  const runs = runsOf(input.plan, input.which);
  for (const task of input.plan.tasks) {
    const run = runs.get(task.id) ?? 1;
    addSettlements(times, task, run, input.which);
    if (task.kind !== 'agent') continue;
    const calls = run * callsOf(task, input.which).count;
    const retries = input.which === 'best' ? 0 : calls * (task.retry.maxAttempts - 1);
    times.call += calls;
    times.retry += retries;
    addAgent(agents, task, calls + retries, input);
  }
  // The table's own keys.
  const kinds = Object.keys(efforts) as (keyof typeof efforts)[];
  const sum = (what: keyof Effort): number =>
    kinds.reduce((total, kind) => total + times[kind] * efforts[kind][what], 0);
  const requests = sum('requests');
  return {
    ...agents,
    transition: input.transitions,
    lambdaRequest: requests + agents.lambdaRequest,
    lambdaTime: requests * ENGINE_GB_SECONDS + agents.lambdaTime,
    write: sum('writes') * UNITS_PER_WRITE,
    read: sum('reads'),
    event: sum('events'),
  };
}

type Times = Record<keyof typeof efforts, number>;

/** What is settled without an agent: the task itself, its iterations, its children. */
function addSettlements(times: Times, task: PlannedTask, run: number, which: Case): void {
  const isPlain = task.kind === 'agent' && !task.forEach && task.fanOut === undefined;
  if (!isPlain) times.other += run;
  if (task.kind === 'workflow' && task.forEach) times.other += run * callsOf(task, which).count;
  if (task.kind !== 'loop' && task.kind !== 'group') return;
  const iterations = task.kind === 'loop' ? iterationsOf(task, which) : 1;
  const members = task.region.members.length;
  if (task.kind === 'loop') times.iteration += run * iterations;
  times.member += run * iterations * members;
  times.look += run * iterations * members ** 2;
}

type AgentUsage = Record<'lambdaRequest' | 'lambdaTime' | 'fargateProcessor' | 'fargateMemory', number>;

/** At worst an agent takes its timeout each time. What is not known counts as nothing, and `unknownCosts` says so. */
function addAgent(usage: AgentUsage, task: AgentTask, attempts: number, input: UsageInput): void {
  const { cores = 0, memory = 0 } = input.plan.agents[task.agent] ?? {};
  const { durations, which, agentTypes } = input;
  const known = durations.unit === 'seconds' ? (durations.of(task, which) ?? 0) : 0;
  const seconds = which === 'best' ? known : task.timeout;
  switch (agentTypes[task.agentType]?.runtime) {
    case 'lambda':
      usage.lambdaRequest += attempts;
      usage.lambdaTime += (attempts * Math.min(seconds, LONGEST_LAMBDA) * memory) / GIBIBYTE;
      break;
    case 'ecs':
      usage.fargateProcessor += attempts * seconds * cores;
      usage.fargateMemory += (attempts * seconds * memory) / GIBIBYTE;
      break;
    default:
      break;
  }
}
