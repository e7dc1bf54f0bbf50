import type { AgentType } from '../agents/index.ts';
import type { ChildTask, Plan } from '../plan/index.ts';
import { callsOf, isCalling, runsOf } from './calls.ts';

/** What the calls of an execution may use at worst, as far as their agents' types say what one costs. A budget counts the same. */
export interface Declared {
  /** US dollars. */
  readonly usd: DeclaredPart;
  /** Of language models. */
  readonly tokens: DeclaredPart;
}

export interface DeclaredPart {
  readonly worst: number;
  /** Agents and child workflows of which nobody says; they count as nothing. */
  readonly silent: readonly string[];
}

export interface DeclaredInput {
  readonly plan: Plan;
  readonly agentTypes: { readonly [name: string]: AgentType };
  /** Of one execution of a child workflow; undefined: it is not known. */
  readonly childDeclared: (task: ChildTask) => Declared | undefined;
}

export function declaredOf(input: DeclaredInput): Declared {
  return { usd: partOf(input, 'usd'), tokens: partOf(input, 'tokens') };
}

function partOf({ plan, agentTypes, childDeclared }: DeclaredInput, key: keyof Declared): DeclaredPart {
  const runs = runsOf(plan, 'worst');
  const silent = new Set<string>();
  let worst = 0;
  for (const task of plan.tasks) {
    if (!isCalling(task)) continue;
    const calls = callsOf(task, 'worst').count * (runs.get(task.id) ?? 1);
    if (task.kind === 'workflow') {
      const child = childDeclared(task)?.[key];
      worst += calls * (child?.worst ?? 0);
      for (const name of child?.silent ?? [task.workflow.name]) silent.add(name);
      continue;
    }
    const type = agentTypes[task.agentType];
    if (type?.runtime === 'human') continue;
    const cost = type?.cost?.[key];
    if (cost === undefined) silent.add(task.agent);
    worst += calls * task.retry.maxAttempts * (cost ?? 0);
  }
  return { worst: Math.round(worst * PRECISION) / PRECISION, silent: [...silent] };
}

/** Dollars are counted in millionths: what sums of them have beyond that is noise. */
const PRECISION = 1_000_000;
