import type { App } from 'aws-cdk-lib';
import { AgentsStack } from './stacks/agents-stack.ts';
import { ApiStack } from './stacks/api-stack.ts';
import { EngineStack } from './stacks/engine-stack.ts';
import { EventsStack } from './stacks/events-stack.ts';
import { ObservabilityStack } from './stacks/observability-stack.ts';
import { StateStack } from './stacks/state-stack.ts';
import { stackName } from './names.ts';
import type { StageProps } from './stages.ts';

/** A stage of Skein, whole. Each stack asks only those above it. */
export function createStacks(app: App, stage: StageProps) {
  const id = (stack: string): string => stackName(stage.name, stack);
  const state = new StateStack(app, id('State'), stage);
  const events = new EventsStack(app, id('Events'), stage);
  const { ledger, artifacts, handleSecret } = state;
  const agents = new AgentsStack(app, id('Agents'), { stage, ledger, answers: events.answers });
  const { bus, timers, answers, machines, endings } = events;
  const parts = { stage, ledger, artifacts, handleSecret, timers, tenantRole: agents.tenantRole };
  const api = new ApiStack(app, id('Api'), { ...parts, machines, answers, endings });
  const engine = new EngineStack(app, id('Engine'), {
    ...parts,
    bus,
    answers,
    machines,
    endings,
    deadLetters: new Map([...events.deadLetters, ['resources', agents.deadLetters]]),
    apiUrl: api.rest.url,
  });
  const functions = [agents.applier, api.handler, ...engine.functions];
  const { handler: streamReader } = engine.projection;
  const observability = new ObservabilityStack(app, id('Observability'), {
    stage,
    functions: new Map(functions.map((fn) => [fn.folder, fn])),
    deadLetters: engine.deadLetters,
    streamReader,
    api: api.rest.api,
  });
  return { state, events, agents, api, engine, observability };
}
