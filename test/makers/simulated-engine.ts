import type { AgentType } from '../../core/agents/index.ts';
import { parseDefinition } from '../../core/definition/index.ts';
import { isSettled, isTerminal, settlingEvents, type SkeinEvent } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import { plan } from '../../core/plan/index.ts';
import { validate } from '../../core/validation/index.ts';
import { createEmbeddedRuntime, createMemoryStores, type CompiledWorkflow, type Stores } from '../../local/index.ts';
import { lower } from '../../statemachines/index.ts';
import type { Observed, ObservedCall, RunSimulated } from '../property/observed.ts';
import { definitionText, type Scenario } from './scenario.ts';
import { createScriptedAgents } from './scripted-agents.ts';
import { createSimulatedWorld } from './simulated-world.ts';

/** Definition text → what a runtime publishes. Throws with the diagnostics' sentences when there are errors. */
export function compileText(text: string, agentTypes: Scenario['agentTypes']): CompiledWorkflow {
  const types = Object.entries(agentTypes).map(([name, { input, output }]): [string, AgentType] => [
    name,
    {
      name,
      runtime: 'local',
      module: `/${name}.ts`,
      capabilities: [],
      ...(input && { input }),
      ...(output && { output }),
    },
  ]);
  const parsed = parseDefinition({ name: 'scenario.yaml', text });
  const checked = parsed.definition && validate(parsed.definition, { catalogue: new Map(types), forRun: true });
  const valid = checked?.valid;
  if (!valid) {
    const found = [...parsed.diagnostics, ...(checked?.diagnostics ?? [])];
    throw new Error(found.map(({ code, path, message }) => `${code} ${path}: ${message}`).join('\n'));
  }
  const planned = plan(valid);
  return { plan: planned, machine: lower(planned), agentTypes: Object.fromEntries(types) };
}

/** The execution of a scenario, with all that it has left behind. */
export interface SimulatedRun {
  readonly observed: Observed;
  readonly execution: ExecutionId;
  readonly events: readonly SkeinEvent[];
  readonly stores: Stores;
  readonly compiled: CompiledWorkflow;
}

export async function simulate(scenario: Scenario): Promise<SimulatedRun> {
  const compiled = compileText(definitionText(scenario), scenario.agentTypes);
  const stores = createMemoryStores('secret');
  const calls: (Omit<ObservedCall, 'at'> & { readonly time: number })[] = [];
  const world = createSimulatedWorld({
    createAgents: (inWorld, answers) =>
      createScriptedAgents(inWorld, answers, {
        script: scenario.script,
        onCall: ({ path, attempt, input, index, count }) => {
          calls.push({ path, attempt, input, index, count, time: inWorld.clock.now() });
        },
      }),
  });
  const runtime = createEmbeddedRuntime({ stores, world });
  const version = await runtime.publish(compiled);
  const execution = await runtime.start({ ...version, input: scenario.input });
  const startedAt = world.clock.now();
  if (scenario.cancelAt !== undefined) {
    world.schedule(startedAt + scenario.cancelAt, () => {
      // An execution that has ended by then refuses, as it should.
      runtime.cancel(execution, 'the test').catch(() => undefined);
    });
  }
  let ended = false;
  let failed: { readonly error: unknown } | undefined;
  runtime.whenEnded(execution).then(
    () => (ended = true),
    (error: unknown) => (failed = { error }),
  );
  await world.runUntil(() => ended || failed !== undefined);
  if (failed) throw failed.error;

  const events = await stores.ledger.listEvents(execution);
  const observed = await observe(stores, execution, events, startedAt);
  return {
    observed: { ...observed, calls: calls.map(({ time, ...call }) => ({ ...call, at: time - startedAt })) },
    execution,
    events,
    stores,
    compiled,
  };
}

export const runSimulated: RunSimulated = async (scenario) => (await simulate(scenario)).observed;

async function observe(
  stores: Stores,
  execution: ExecutionId,
  events: readonly SkeinEvent[],
  startedAt: number,
): Promise<Omit<Observed, 'calls'>> {
  const record = await stores.ledger.findExecution(execution);
  if (!record || !isTerminal(record.status)) throw new Error('the execution has no terminal record');
  const settling = new Set<string>(Object.values(settlingEvents));
  const tasks = await Promise.all(
    events
      .filter((event) => event.path !== '' && settling.has(event.type))
      .map(async ({ path, time }) => {
        const task = path === '' ? undefined : await stores.ledger.findTask(execution, path);
        if (!task || !isSettled(task.status)) throw new Error(`${path} has a settling event and no settled record`);
        const { status, attempts, output, error } = task;
        return { path, status, attempts, output: await valueOf(stores, output), error, settledAt: time - startedAt };
      }),
  );
  return {
    status: record.status,
    output: await valueOf(stores, record.output),
    endedAt: (record.endedAt ?? startedAt) - startedAt,
    completions: events.filter((event) => event.type === 'workflow.execution_completed').length,
    tasks,
  };
}

async function valueOf(stores: Stores, stored: { inline: unknown } | { blob: string } | undefined) {
  if (!stored) return null;
  return JSON.parse('inline' in stored ? JSON.stringify(stored.inline) : await stores.blobs.get(stored.blob)) as never;
}
