import {
  estimate,
  knownDurations,
  unitDurations,
  type Durations,
  type Estimate,
  type Span,
} from '../core/forecast/index.ts';
import type { AgentType } from '../core/agents/index.ts';
import type { Json } from '../core/json/index.ts';
import type { ChildTask, Plan } from '../core/plan/index.ts';
import type { PublishedWorkflow, ViewFilter } from '../core/ports/index.ts';
import { observedDurations, type ExecutionView } from '../core/projections/index.ts';
import { measurePartition, type Machine } from '../statemachines/index.ts';
import type { PublishedLookup } from './workflow-calls.ts';

/** Of each workflow at the most, the newest ones. */
const MOST_EXECUTIONS = 100;

/** What is known of durations: `declared` by task id of the workflow itself, and executions of it and of its children. */
export interface KnownTimes {
  readonly declared?: ReadonlyMap<string, number>;
  readonly observed?: { list(filter: ViewFilter): Promise<readonly ExecutionView[]> };
}

/** A workflow that can be forecast. */
export interface EstimatedWorkflow {
  readonly plan: Plan;
  readonly agentTypes: { readonly [name: string]: AgentType };
  readonly transitions: Span;
  /** Those that were compiled with it; others are looked for among the published ones. */
  readonly children: readonly EstimatedWorkflow[];
}

/** Forecasts a workflow, its children first: those that were compiled with it, else those that are published. */
export async function estimateWorkflow(
  workflow: EstimatedWorkflow,
  times: KnownTimes,
  published: Pick<PublishedLookup, 'find'>,
): Promise<Estimate> {
  const estimates = new Map<string, Estimate | undefined>();
  const estimateOf = async (of: EstimatedWorkflow, declared?: ReadonlyMap<string, number>): Promise<Estimate> => {
    const { plan, agentTypes, transitions } = of;
    for (const task of plan.tasks) {
      if (task.kind !== 'workflow' || estimates.has(keyOf(task))) continue;
      const child = await findChild(task, of, published);
      estimates.set(keyOf(task), child && (await estimateOf(child)));
    }
    const durations = await durationsOf(plan, times, declared);
    return estimate({ plan, agentTypes, durations, transitions, childOf: (task) => estimates.get(keyOf(task)) });
  };
  return estimateOf(workflow, times.declared);
}

/** A published version, as it can be forecast. */
export function forecastable({ plan, agentTypes, ...found }: PublishedWorkflow): EstimatedWorkflow {
  // The store holds what `link` gave.
  const machineOf = (stored: Json): Machine => stored as unknown as Machine;
  const parts = (found.parts ?? []).map((part) => ({ name: '', machine: machineOf(part) }));
  const { transitions } = measurePartition({ root: machineOf(found.machine), parts }, numberAtEnd);
  return { plan, agentTypes, transitions, children: [] };
}

async function findChild(
  { workflow: { name, version } }: ChildTask,
  { children }: EstimatedWorkflow,
  published: Pick<PublishedLookup, 'find'>,
): Promise<EstimatedWorkflow | undefined> {
  const beside = children.find(({ plan: { workflow } }) => workflow.name === name && workflow.version === version);
  if (beside) return beside;
  const found = await published.find(name, version);
  return found && forecastable(found);
}

/** Of a part's machine in a database. */
function numberAtEnd(name: string): number | undefined {
  const number = /\d+$/.exec(name)?.[0];
  return number === undefined ? undefined : Number(number);
}

function keyOf({ workflow: { name, version } }: ChildTask): string {
  return JSON.stringify([name, version]);
}

async function durationsOf(
  { workflow }: Plan,
  { declared: anyDeclared, observed }: KnownTimes,
  declared: ReadonlyMap<string, number> | undefined,
): Promise<Durations> {
  // All of a forecast is in one unit: once anything is known in seconds, so is what is said of the children.
  if (!anyDeclared && !observed) return unitDurations;
  const views = await observed?.list({ workflow: workflow.name, status: 'succeeded', limit: MOST_EXECUTIONS });
  const medians = Array.from(observedDurations(views ?? []), ([id, { median }]) => [id, median] as const);
  return knownDurations(new Map([...medians, ...(declared ?? [])]));
}
