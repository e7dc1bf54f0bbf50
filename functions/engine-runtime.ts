import {
  createLambdaAgentRuntime,
  createSqsTimers,
  createStepFunctionsMachineRunner,
  createStepFunctionsTaskTokens,
  type LambdaAgentRuntimeDeps,
  type MachineRunnerDeps,
  type SendAgain,
  type SqsTimersDeps,
  type TenantList,
} from '../adapters/aws/index.ts';
import { createHttpAgentRuntime, type HttpAgentRuntimeOptions } from '../adapters/http/index.ts';
import { readHandle, type AgentType } from '../core/agents/index.ts';
import { UnavailableError } from '../core/errors/index.ts';
import type { Redrive } from '../core/execution/index.ts';
import type { AgentAnswers, AgentRuntime, Clock, Ids } from '../core/ports/index.ts';
import { createEngine, joinAgentRuntimes, type Engine } from '../engine/index.ts';
import { createBackground, type Background } from './background.ts';
import type { Report } from './report.ts';
import type { Runtime, TenantRuntime, TenantStores } from './runtime.ts';

/** The world behind the engine: AWS's, made by compose.ts, or one that a test has made. */
export interface EngineWorld {
  readonly stores: (tenant: string) => TenantStores;
  readonly tenants: TenantList;
  readonly machines: MachineRunnerDeps['client'];
  readonly queues: SqsTimersDeps['client'];
  readonly timerQueueUrl: string;
  /** A client that calls for this tenant, under this role; undefined: under the function's own. */
  readonly lambdaOf: (tenant: string, roleArn: string | undefined) => ReturnType<LambdaAgentRuntimeDeps['clientFor']>;
  /** For agents whose type names no role. */
  readonly roleArn?: string;
  /** Where agents and people reach the API, without a slash at the end. */
  readonly apiUrl?: string;
  /** Sends what was given up again; absent where nobody asks for it. */
  readonly sendAgain?: SendAgain;
  readonly fetch: HttpAgentRuntimeOptions['fetch'];
  readonly handleSecret: () => Promise<string>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly report: Report;
}

/** One engine for each tenant, made when its first event comes and kept as long as the container lives. */
export function createEngineRuntime(world: EngineWorld): Runtime {
  const { clock, ids, report } = world;
  const background = createBackground();
  const answered = new Set<string>();
  const tenants = new Map<string, TenantRuntime>();
  return {
    async forTenant(tenant) {
      const handleSecret = await world.handleSecret();
      const known = tenants.get(tenant);
      if (known) return known;
      // Before anything of the tenant is written: the sweeper looks only after those whom it knows.
      await world.tenants.add(tenant);
      const made = createTenantRuntime({ ...world, tenant, handleSecret, background, answered });
      tenants.set(tenant, made);
      return made;
    },
    listTenants: () => world.tenants.list(),
    tenantOf: async (handle) => readHandle(await world.handleSecret(), handle)?.tenant,
    hasAnswered: (token) => answered.has(token),
    clock,
    ids,
    background,
    report,
  };
}

interface TenantWorld extends Omit<EngineWorld, 'handleSecret'> {
  readonly tenant: string;
  readonly handleSecret: string;
  readonly background: Background;
  /** Tokens of states that have had their answer. */
  readonly answered: Set<string>;
}

/** Tokens remembered: those of one invocation are few, and only the last one asks. */
const TOKENS_KEPT = 1_000;

function createTenantRuntime(world: TenantWorld): TenantRuntime {
  const { tenant, clock, ids, report, background, answered, apiUrl } = world;
  const stores = world.stores(tenant);
  const runner = createStepFunctionsMachineRunner({
    client: world.machines,
    registry: stores.machines,
    ledger: stores.ledger,
  });
  const timers = createSqsTimers({ client: world.queues, queueUrl: world.timerQueueUrl, tenant, clock });
  const answers: AgentAnswers = {
    complete: (handle, output, usage) => engine.answers.complete(handle, output, usage),
    fail: (handle, error, usage) => engine.answers.fail(handle, error, usage),
    heartbeat: (handle) => engine.answers.heartbeat(handle),
  };
  const engine: Engine = createEngine({
    ...stores,
    tenant,
    engineId: ids.engineId(),
    handleSecret: world.handleSecret,
    agents: agentsOf(world, answers),
    machines: runner,
    tokens: createStepFunctionsTaskTokens({
      client: world.machines,
      onAnswer: (token) => {
        if (answered.size >= TOKENS_KEPT) answered.clear();
        answered.add(token);
      },
    }),
    timers,
    // The table's stream tells of events, also of those whose writer has died.
    bus: { publish: () => undefined },
    clock,
    ids,
    ...(apiUrl !== undefined && { resumeUrl: (execution) => `${apiUrl}/api/v1/executions/${execution}/resume` }),
    // A moment later there may be no process.
    later: (run) => run(),
    aside: background.add,
    ...(world.sendAgain && { redrive: redriveOf(world.sendAgain, tenant) }),
    onError: (error) => {
      report.error('a follow-up failed; the stream or the sweeper repeats it', error);
      report.count('FollowUpsFailed');
    },
  });
  return { tenant, stores, runner, timers, engine };
}

/** To the queue that it came from, as it was. */
function redriveOf(sendAgain: SendAgain, tenant: string): Redrive {
  return ({ id, source, letters }, body) =>
    sendAgain({
      source,
      body: typeof body === 'string' ? body : JSON.stringify(body),
      tenant,
      once: `${id}-${letters}`,
    });
}

function agentsOf({ tenant, report, apiUrl, ...world }: TenantWorld, answers: AgentAnswers): AgentRuntime {
  const clients = new Map<string | undefined, ReturnType<EngineWorld['lambdaOf']>>();
  const clientFor = (roleArn: string | undefined) => {
    const client = clients.get(roleArn) ?? world.lambdaOf(tenant, roleArn);
    clients.set(roleArn, client);
    return client;
  };
  const { roleArn } = world;
  const lambda = createLambdaAgentRuntime({ clientFor, answers, ...(roleArn !== undefined && { roleArn }) });
  const http =
    apiUrl === undefined
      ? undefined
      : createHttpAgentRuntime({
          answers,
          fetch: world.fetch,
          callbackUrl: async () => apiUrl,
          onError: (error) => report.error('the refusal of an agent could not be recorded', error),
        });
  return joinAgentRuntimes({ lambda, ...(http && { http }) }, notDeployed);
}

function notDeployed({ name, runtime }: AgentType): UnavailableError {
  return new UnavailableError({
    code: 'runtime_not_deployed',
    message: `Agent type ${name} runs on ${runtime}, which this deployment does not have.`,
    hint: 'Register it anew with `runtime: lambda` or `runtime: http`.',
  });
}
