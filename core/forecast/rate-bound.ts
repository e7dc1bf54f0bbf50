import type { Plan } from '../plan/index.ts';
import { callsOf, runsOf } from './calls.ts';

/** What a rate limit makes an execution take at least, even if every call took no time and nobody else called. */
export interface RateBound {
  readonly agentType: string;
  /** In all. */
  readonly calls: number;
  /** Until the last of them may start. */
  readonly seconds: number;
}

/** Of all agent types with a limit the one that takes longest; undefined: none makes anybody wait. */
export function rateBound(plan: Plan): RateBound | undefined {
  const runs = runsOf(plan, 'best');
  const bounds = new Map<string, RateBound>();
  for (const task of plan.tasks) {
    const rate = task.kind === 'agent' ? plan.agents[task.agent]?.rate : undefined;
    if (task.kind !== 'agent' || !rate) continue;
    const { agentType } = task;
    const before = bounds.get(agentType)?.calls ?? 0;
    const calls = before + callsOf(task, 'best').count * (runs.get(task.id) ?? 1);
    bounds.set(agentType, { agentType, calls, seconds: Math.floor(Math.max(0, calls - 1) / rate.calls) * rate.per });
  }
  const [longest] = [...bounds.values()].toSorted((one, other) => other.seconds - one.seconds);
  return longest && longest.seconds > 0 ? longest : undefined;
}
