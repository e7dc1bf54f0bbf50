import { lambdaErrorMessage, type Usage } from '../../core/agents/index.ts';
import { ConflictError } from '../../core/errors/index.ts';
import { isTerminal, type ExecutionRecord } from '../../core/execution/index.ts';
import { executionId, handle, taskPath } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { ExecutionView, Violation } from '../../core/projections/index.ts';
import { storeView } from '../../functions/store-view.ts';
import { createReader } from '../../local/index.ts';
import { createPlaces } from '../makers/observe.ts';
import { compileScenario, type Press, behaviourOf, type Answer, type Scenario } from '../../simulation/index.ts';
import { createSimulatedWorld } from '../makers/simulated-world.ts';
import { createSimulatedDeployment, readCall, TENANT, type SimulatedDeployment } from './simulated-deployment.ts';
import type { Storm } from './weather.ts';

export interface Played {
  readonly view: ExecutionView;
  readonly violations: readonly Violation[];
  readonly deployment: SimulatedDeployment;
  /** Milliseconds from the start to the end. */
  readonly lasted: number;
}

/** Milliseconds of calm after the end: whatever a storm has broken is mended by then, or never. */
const CALM = 15 * 60_000;
/** Milliseconds after which an execution waits for something that nobody is going to do. */
const FOREVER = 3 * 86_400_000;

/** Plays a scenario on a simulated deployment, through a storm, until all is over and mended. */
export async function playScenario(scenario: Scenario, storm: Storm, press?: Press): Promise<Played> {
  const places = createPlaces();
  const usage = halfOf(Object.values(scenario.agentTypes)[0]?.cost);
  let deployment: SimulatedDeployment | undefined = undefined;
  const world = createSimulatedWorld({
    seed: storm.seed,
    createAgents: () => {
      throw new Error('agents are functions of Lambda here');
    },
    isBusy: () => deployment?.isBusy() ?? false,
  });
  const deployed = (deployment = createSimulatedDeployment({
    world,
    storm,
    onEvents: (events) => places.hear(events),
    agent: (payload, deployed) => {
      const { handle: own, path, execution, attempt } = readCall(payload);
      const place = places.find(executionId(execution), taskPath(path));
      const { answers, beats } = behaviourOf(scenario.script, place, attempt);
      for (let beat = 1; beat <= (beats?.count ?? 0); beat += 1)
        world.schedule(world.clock.now() + beat * (beats?.every ?? 0), () => {
          const beating = deployed.ask(async (runtime) =>
            (await runtime.forTenant(TENANT)).engine.answers.heartbeat(handle(own)),
          );
          // It comes too late, as it does in the world.
          beating.catch(() => undefined);
        });
      return answers.map((answer) => ({ after: answer.after, record: recordOf(own, answer, usage) }));
    },
  }));
  const workflows = compileScenario(scenario, press);
  for (const child of workflows.children) await deployed.publish(child);
  await deployed.publish(workflows.own);
  const { name: workflow, version } = workflows.own.plan.workflow;
  const id = world.ids.executionId();
  const startedAt = world.clock.now();
  await deployed.ask(async (runtime) => {
    const { engine, stores } = await runtime.forTenant(TENANT);
    await engine.start({ workflow, version, input: scenario.input }, id);
    await storeView(stores, id);
  });
  actFromOutside(scenario, { deployed, world, id, startedAt });

  const { stores } = deployed;
  let record: ExecutionRecord | undefined;
  const poll = async (): Promise<void> => void (record = await stores.ledger.findExecution(id));
  let calmUntil = Infinity;
  await world.runUntil(() => {
    void poll();
    const now = world.clock.now();
    if (calmUntil === Infinity && record && isTerminal(record.status)) {
      deployed.weather.calm();
      calmUntil = now + CALM;
    }
    if (now > startedAt + FOREVER) throw new Error(`it waits for ever: ${JSON.stringify(deployed.finds)}`);
    return now > calmUntil && !deployed.isBusy();
  });

  const reader = createReader(stores, () => true);
  const all = await stores.views.list({ limit: 1_000 });
  const violations = await Promise.all(all.map(({ execution }) => reader.verify(execution)));
  const view = await stores.views.find(id);
  if (!view) throw new Error('the execution has no view');
  return { view, violations: violations.flat(), deployment: deployed, lasted: (record?.endedAt ?? 0) - startedAt };
}

interface Outside {
  readonly deployed: SimulatedDeployment;
  readonly world: ReturnType<typeof createSimulatedWorld>;
  readonly id: ReturnType<typeof executionId>;
  readonly startedAt: number;
}

function actFromOutside(
  { cancelAt, pauses = [], events = [] }: Scenario,
  { deployed, world, id, startedAt }: Outside,
): void {
  const engineOf = async (runtime: Parameters<Parameters<SimulatedDeployment['ask']>[0]>[0]) =>
    (await runtime.forTenant(TENANT)).engine;
  if (cancelAt !== undefined) {
    world.schedule(startedAt + cancelAt, () => {
      deployed.ask(async (runtime) => (await engineOf(runtime)).cancel(id, 'the test')).catch(refused);
    });
  }
  const by = 'the test';
  for (const { at, until } of pauses) {
    world.schedule(startedAt + at, () => {
      deployed.ask(async (runtime) => (await engineOf(runtime)).pause(id, { by })).catch(refused);
    });
    world.schedule(startedAt + until, () => {
      deployed.ask(async (runtime) => (await engineOf(runtime)).unpause(id, { by })).catch(refused);
    });
  }
  events.forEach(({ at, type, data }, index) => {
    const event = { id: `event-${index + 1}`, type, source: 'outside', data };
    world.schedule(startedAt + at, () => {
      void deployed.ask(async (runtime) => (await engineOf(runtime)).publish(event));
    });
  });
}

/** It may have ended by then, or be stopping, or not have begun. */
function refused(error: unknown): void {
  if (!(error instanceof ConflictError)) throw error;
}

/** As Lambda writes down what became of an asynchronous invocation. */
/** What an agent that says what it uses says of each attempt. */
function halfOf(cost: Usage | undefined): { readonly usd: number; readonly tokens: number } | undefined {
  return cost && { usd: (cost.usd ?? 0) / 2, tokens: Math.floor((cost.tokens ?? 0) / 2) };
}

function recordOf(own: string, answer: Answer, usage: ReturnType<typeof halfOf>): Json {
  const told = { requestPayload: { handle: own } };
  switch (answer.kind) {
    case 'succeed':
      return {
        ...told,
        requestContext: { condition: 'Success' },
        responsePayload: usage ? { $skein: 1, output: answer.value, usage } : answer.value,
      };
    case 'fail': {
      const { name: errorType, message, retryable, retryAfter } = answer.error;
      const detail = { ...(retryable !== undefined && { retryable }), ...(retryAfter !== undefined && { retryAfter }) };
      const errorMessage = lambdaErrorMessage(message, detail);
      return {
        ...told,
        requestContext: { condition: 'RetriesExhausted' },
        responsePayload: { errorType, errorMessage },
      };
    }
    case 'crash':
      return {
        ...told,
        requestContext: { condition: 'RetriesExhausted' },
        responsePayload: { errorType: 'Runtime.ExitError', errorMessage: 'exited' },
      };
  }
}
