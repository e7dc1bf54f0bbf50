import { describe, expect, it } from 'vitest';
import type { AgentType } from '../../../core/agents/index.ts';
import { knownDurations, unitDurations } from '../../../core/forecast/durations.ts';
import { usageOf, type Usage, type UsageInput } from '../../../core/forecast/usage.ts';
import { plan } from '../../../core/plan/index.ts';
import type { ValidDefinition } from '../../../core/validation/index.ts';
import { createEmbeddedRuntime, createMemoryStores } from '../../../local/index.ts';
import { lower } from '../../../statemachines/index.ts';
import { createCountingLedger, type LedgerCounts } from '../../makers/counting-ledger.ts';
import type { Script } from '../../../simulation/index.ts';
import { createScriptedAgents } from '../../makers/scripted-agents.ts';
import { createSimulatedWorld } from '../../makers/simulated-world.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

const workflowOf = (tasks: string): ValidDefinition =>
  validDefinition(`
workflow:
  name: counted
  version: "1"
  agents: { doer: { type: any_agent }, three: { type: any_agent, count: 3 } }
  tasks: [${tasks}]
`);

/** Longer than the moment after which a start is marked: an agent's usual time. */
const WORK_MS = 20;

/** What one execution asks of the ledger. */
async function countsOf(valid: ValidDefinition, script: Script = {}): Promise<LedgerCounts> {
  const stores = createMemoryStores('secret');
  const { ledger, counts } = createCountingLedger(stores.ledger);
  const planned = plan(valid);
  const world = createSimulatedWorld({
    createAgents(inWorld, answers) {
      const slow = { ...inWorld, schedule: (at: number, run: () => void) => inWorld.schedule(at + WORK_MS, run) };
      return createScriptedAgents(slow, answers, { script, onCall: () => undefined });
    },
  });
  const runtime = createEmbeddedRuntime({ stores: { ...stores, ledger }, world });
  const version = await runtime.publish({ plan: planned, machine: lower(planned), agentTypes: valid.agentTypes });
  const execution = await runtime.start({ ...version, input: {} });
  let ended = false;
  void runtime.whenEnded(execution).then(() => (ended = true));
  await world.runUntil(() => ended);
  return counts;
}

/** Tasks of one agent, one after the other. */
const chain = (count: number): string =>
  Array.from(
    { length: count },
    (_, n) => `{ id: t${n}, agent: doer, depends_on: [${n > 0 ? `t${n - 1}` : ''}] }`,
  ).join();

const flaky = (error = { name: 'Flaky', message: 'not yet' }): Script => ({
  flaky: [
    { answers: [{ after: 1, kind: 'fail', error }] },
    { answers: [{ after: 1, kind: 'fail', error }] },
    { answers: [{ after: 1, kind: 'succeed', value: 1 }] },
  ],
});

function usage(valid: ValidDefinition, which: 'best' | 'worst') {
  const { agentTypes } = valid;
  return usageOf({ plan: plan(valid), agentTypes, durations: unitDurations, which, transitions: 0 });
}

describe('usageOf', () => {
  it.each([
    ['one task', chain(1)],
    ['a chain', chain(30)],
    ['a diamond', `${chain(1)}, { id: a, agent: doer, depends_on: [t0] }, { id: b, agent: doer, depends_on: [t0, a] }`],
    ['a fan-out', '{ id: a, agent: three, parallel: true }'],
    ['a for_each', '{ id: a, agent: doer, for_each: { items: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] } }'],
    ['a group', `{ id: g, group: { tasks: [${chain(5)}] } }`],
    ['a large group', `{ id: g, group: { tasks: [${chain(40)}] } }`],
    ['a loop', `{ id: l, loop: { max_iterations: 4, tasks: [${chain(2)}] } }`],
    ['a wait and an event', `${chain(3)}, { id: w, wait: { seconds: 5 } }, { id: e, emit: { event: done } }`],
  ])('says within a fifth what the ledger of the engine is asked for %s', async (_case, tasks) => {
    const valid = workflowOf(tasks);
    const counts = await countsOf(valid);

    const { write, read, event } = usage(valid, 'best');

    for (const ratio of [write / 2 / counts.writes, read / counts.reads, event / counts.events]) {
      expect(ratio).toBeGreaterThan(0.8);
      expect(ratio).toBeLessThan(1.2);
    }
  });

  it('counts retries in the worst case, as the engine makes them', async () => {
    const valid = workflowOf('{ id: flaky, agent: doer, retry_policy: { max_attempts: 3, interval: 1 } }');
    const counts = await countsOf(valid, flaky());

    expect(usage(valid, 'worst')).toMatchObject({ write: 2 * counts.writes, read: counts.reads, event: counts.events });
  });

  it('prices nothing of agents that run nobody knows where', () => {
    const { fargateMemory, fargateProcessor, lambdaRequest } = usage(workflowOf(chain(1)), 'worst');

    expect({ fargateMemory, fargateProcessor, lambdaRequest }).toEqual({
      fargateMemory: 0,
      fargateProcessor: 0,
      lambdaRequest: 3 + 2 + 2 * 2,
    });
  });
});

type Effort = Partial<Record<'execution' | 'call' | 'retry' | 'other' | 'iteration' | 'member' | 'look', number>>;

/** What the ledger is asked for, and its functions are called, by what happens. */
const efforts = {
  execution: { lambdaRequest: 3, write: 14, read: 6, event: 3 },
  call: { lambdaRequest: 2, write: 12, read: 16, event: 3 },
  retry: { lambdaRequest: 2, write: 14, read: 8, event: 4 },
  other: { lambdaRequest: 1, write: 8, read: 12, event: 2 },
  iteration: { lambdaRequest: 1, write: 6, read: 4, event: 1 },
  member: { lambdaRequest: 0, write: 0, read: 3, event: 0 },
  look: { lambdaRequest: 0, write: 0, read: 1, event: 0 },
};

function sumOf(effort: Effort): Partial<Usage> {
  const sum = { lambdaRequest: 0, write: 0, read: 0, event: 0 };
  for (const [kind, times] of Object.entries({ execution: 1, ...effort })) {
    const each = efforts[kind as keyof typeof efforts];
    for (const key of ['lambdaRequest', 'write', 'read', 'event'] as const) sum[key] += times * each[key];
  }
  return sum;
}

describe('usageOf, by what an execution does', () => {
  const usageOfTasks = (tasks: SmallTasks, input: Partial<UsageInput> = {}): Usage => {
    const asked = { agentTypes: {}, durations: unitDurations, which: 'worst', transitions: 0 } as const;
    return usageOf({ plan: smallPlan(tasks), ...asked, ...input });
  };
  const once = { retry: { maxAttempts: 1 } };
  const three = { maxItems: 3, items: [1, 2, 3] };
  const emits = { x: { emit: 'x' }, y: { emit: 'y' } };

  it.each<[string, SmallTasks, Effort]>([
    ['nothing', {}, {}],
    ['a call and its retries', { a: { retry: { maxAttempts: 3 } } }, { call: 1, retry: 2 }],
    ['an event and a wait', { e: { emit: 'e' }, w: { wait: { kind: 'seconds', seconds: 5 } } }, { other: 2 }],
    ['a fan-out with its calls', { a: { ...once, fanOut: 4 } }, { other: 1, call: 4 }],
    [
      'a for_each with its calls',
      { a: { retry: { maxAttempts: 2 }, forEach: three } },
      { other: 1, call: 3, retry: 3 },
    ],
    ['a child', { c: { workflow: 'child' } }, { other: 1 }],
    ['a child for each item', { c: { workflow: 'child', forEach: three } }, { other: 1 + 3 }],
    ['a group and who looks at whom', { g: { group: { tasks: emits } } }, { other: 3, member: 2, look: 4 }],
    [
      'a loop, in each iteration',
      { l: { loop: { maxIterations: 5, tasks: emits } } },
      { other: 1 + 10, iteration: 5, member: 10, look: 20 },
    ],
    [
      'a loop in a loop',
      { l: { loop: { maxIterations: 3, tasks: { m: { loop: { maxIterations: 2, tasks: { x: once } } } } } } },
      { other: 1 + 3, iteration: 3 + 6, member: 3 + 6, look: 3 + 6, call: 6 },
    ],
    [
      'a group in a loop',
      { l: { loop: { maxIterations: 3, tasks: { g: { group: { tasks: emits } } } } } },
      { other: 1 + 3 + 6, iteration: 3, member: 3 + 6, look: 3 + 12 },
    ],
    [
      'children in a loop',
      { l: { loop: { maxIterations: 2, tasks: { c: { workflow: 'child', forEach: three } } } } },
      { other: 1 + 2 + 6, iteration: 2, member: 2, look: 2 },
    ],
  ])('counts %s', (_what, tasks, effort) => {
    expect(usageOfTasks(tasks)).toMatchObject(sumOf(effort));
  });

  it('counts at best one iteration where a loop may leave, first attempts, and no items of an unknown list', () => {
    const unknown = { ...once, forEach: { maxItems: 9 } };
    const tasks = { l: { loop: { maxIterations: 5, until: 'true', tasks: { a: {}, b: unknown } } } };

    expect(usageOfTasks(tasks, { which: 'best' })).toMatchObject(
      sumOf({ other: 2, iteration: 1, member: 2, look: 4, call: 1 }),
    );
  });

  it("takes the machine's transitions as they are, and 0.05 GB-seconds for each call of the engine's own", () => {
    const { transition, lambdaTime } = usageOfTasks({ a: once }, { transitions: 17 });

    expect(transition).toBe(17);
    expect(lambdaTime).toBeCloseTo(0.05 * (3 + 2), 10);
  });

  const resources = { cores: 2, memory: 3 * 2 ** 30 };
  const agents = { doer: { type: 't', count: 1, maxConcurrentTasks: 1, capabilities: [], ...resources } };
  const agentTypes = (runtime: 'lambda' | 'ecs' | 'model') => ({
    any_agent: {
      name: 'any_agent',
      capabilities: [],
      ...(runtime === 'lambda' ? { runtime, functionArn: 'f' } : { runtime }),
    } satisfies AgentType,
  });
  const loop = { l: { loop: { maxIterations: 2, tasks: { a: { agent: 'doer', forEach: three } } } } };
  const plan = smallPlan(loop, { agents });
  const durations = knownDurations(new Map([['a', 1_000]]));

  it('lets a Lambda agent work for 15 minutes at most', () => {
    const input = { plan, durations, agentTypes: agentTypes('lambda'), which: 'best' } as const;

    const { lambdaRequest, lambdaTime } = usageOfTasks(loop, input);
    const unpriced = usageOfTasks(loop, { ...input, agentTypes: agentTypes('model') });

    expect(lambdaRequest - unpriced.lambdaRequest).toBe(2 * 3);
    expect(lambdaTime - unpriced.lambdaTime).toBeCloseTo(2 * 3 * 900 * 3, 6);
  });

  it('lets an ECS agent work as long as it takes, and at worst its timeout in every attempt', () => {
    const input = { plan, durations, agentTypes: agentTypes('ecs') };

    expect(usageOfTasks(loop, { ...input, which: 'best' })).toMatchObject({
      fargateProcessor: 6 * 1_000 * 2,
      fargateMemory: 6 * 1_000 * 3,
    });
    expect(usageOfTasks(loop, input)).toMatchObject({
      fargateProcessor: 6 * 3 * 300 * 2,
      fargateMemory: 6 * 3 * 300 * 3,
    });
  });

  it('has no time at best of what is counted in steps, or takes nobody knows how long', () => {
    const input = { plan, agentTypes: agentTypes('ecs'), which: 'best' } as const;

    for (const unknown of [unitDurations, knownDurations(new Map())]) {
      expect(usageOfTasks(loop, { ...input, durations: unknown })).toMatchObject({
        fargateProcessor: 0,
        fargateMemory: 0,
      });
    }
  });

  it.each(['lambda', 'ecs'] as const)('has no time of %s agents that do not say what they need', (runtime) => {
    const { doer } = agents;
    const { cores, memory, ...mute } = doer;

    for (const known of [{ doer: mute }, {}]) {
      const used = usageOfTasks(loop, {
        plan: smallPlan(loop, { agents: known }),
        agentTypes: agentTypes(runtime),
      });
      const unpriced = usageOfTasks(loop, { agentTypes: agentTypes('model') });

      expect(used.lambdaTime).toBe(unpriced.lambdaTime);
      expect([used.fargateProcessor, used.fargateMemory]).toEqual([0, 0]);
    }
  });
});
