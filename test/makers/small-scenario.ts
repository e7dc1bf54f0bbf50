import type { Json, JsonObject } from '../../core/json/index.ts';
import type {
  Behaviour,
  Scenario,
  ScriptedError,
  Script,
  TaskDocument,
  WorkflowDocument,
} from '../../simulation/index.ts';

type Workflow = WorkflowDocument['workflow'];

/** A task of the agent `solo`, without retries unless it says so. */
export function aTask(id: string, more: Partial<TaskDocument> = {}): TaskDocument {
  return { id, agent: 'solo', retry_policy: 'none', ...more };
}

interface SmallScenario extends Partial<
  Pick<Workflow, 'output' | 'timeout' | 'concurrency' | 'on_skip' | 'retry_policies' | 'fault_tolerance'>
> {
  readonly tasks: readonly TaskDocument[];
  readonly script?: Script;
  readonly input?: JsonObject;
  readonly cancelAt?: number;
  readonly agentTypes?: Scenario['agentTypes'];
  readonly children?: Scenario['children'];
  readonly events?: Scenario['events'];
  readonly pauses?: Scenario['pauses'];
}

/** A definition with the agents `solo`, and `trio`, which is three of a kind. */
export function aWorkflow(
  name: string,
  tasks: readonly TaskDocument[],
  more: Partial<Workflow> = {},
): WorkflowDocument {
  const agents = { solo: { type: 'worker' }, trio: { type: 'worker', count: 3 } };
  return { workflow: { name, version: '1', agents, tasks, ...more } };
}

/** A hand-written scenario. */
export function aScenario({
  tasks,
  script,
  input,
  cancelAt,
  agentTypes,
  children,
  events,
  pauses,
  ...rest
}: SmallScenario): Scenario {
  return {
    document: aWorkflow('small', tasks, rest),
    children,
    events,
    pauses,
    agentTypes: agentTypes ?? { worker: {} },
    script: script ?? {},
    input: input ?? {},
    cancelAt,
  };
}

/** Every failure is survived by what does not depend on it. */
export const goesOn = { fault_tolerance: { on_failure: 'continue' } } as const;

export const succeeds = (after: number, value: Json = {}): Behaviour => ({
  answers: [{ after, kind: 'succeed', value }],
});

export const fails = (after: number, error: Partial<ScriptedError> = {}): Behaviour => ({
  answers: [{ after, kind: 'fail', error: { name: 'Broken', message: 'as scripted', ...error } }],
});

export const crashes = (after: number): Behaviour => ({ answers: [{ after, kind: 'crash' }] });

export const silent: Behaviour = { answers: [] };
