import { describe, expect, it } from 'vitest';
import type { AgentType } from '../../../core/agents/index.ts';
import { costOf, type Cost, type CostInput } from '../../../core/forecast/cost.ts';
import { knownDurations, unitDurations } from '../../../core/forecast/durations.ts';
import { prices } from '../../../core/forecast/index.ts';
import type { PlannedAgent } from '../../../core/plan/index.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';

const agent = (resources: Pick<PlannedAgent, 'cores' | 'memory'>): PlannedAgent => ({
  type: 'any_agent',
  count: 1,
  maxConcurrentTasks: 1,
  capabilities: [],
  ...resources,
});

/** Agents that say all, part or nothing of what they need. */
const agents = {
  sized: agent({ cores: 1, memory: 2 ** 30 }),
  wide: agent({ memory: 2 ** 30 }),
  deep: agent({ cores: 1 }),
  mute: agent({}),
};

const agentTypes = (runtime: 'lambda' | 'ecs' | 'model' | 'human'): CostInput['agentTypes'] => ({
  any_agent: {
    name: 'any_agent',
    capabilities: [],
    ...(runtime === 'lambda' ? { runtime, functionArn: 'f' } : { runtime }),
  } satisfies AgentType,
});

function costOfTasks(tasks: SmallTasks, input: Partial<CostInput> = {}): Cost {
  return costOf({
    plan: smallPlan(tasks, { agents }),
    agentTypes: agentTypes('lambda'),
    durations: unitDurations,
    transitions: { best: 0, worst: 0 },
    childCost: () => undefined,
    ...input,
  });
}

describe('costOf', () => {
  it('says of which day and region its prices are', () => {
    expect(costOfTasks({})).toMatchObject({ date: prices.date, region: prices.region });
  });

  it('has a line for what is used, in both cases, and none for what is not', () => {
    const { lines } = costOfTasks({ a: { agent: 'sized' } }, { transitions: { best: 1_000, worst: 2_000 } });

    expect(lines.map(({ price }) => price)).toEqual([
      'transition',
      'lambdaRequest',
      'lambdaTime',
      'write',
      'read',
      'event',
    ]);
    expect(lines[0]).toEqual({
      price: 'transition',
      quantity: { best: 1_000, worst: 2_000 },
      usd: { best: 0.025, worst: 0.05 },
    });
  });

  it('adds the children that are known, once for each call and iteration', () => {
    const dear = { best: 1, worst: 10 };
    const tasks = {
      once: { workflow: 'child' },
      often: { workflow: 'child', forEach: { maxItems: 4 } },
      l: { loop: { maxIterations: 3, until: 'true', tasks: { again: { workflow: 'child' } } } },
      strange: { workflow: 'unknown' },
      e: { emit: 'e' },
    };

    const { children, usd, lines } = costOfTasks(tasks, {
      childCost: ({ workflow }) => (workflow.name === 'child' ? dear : undefined),
    });

    expect(children).toEqual({ best: 1 + 0 + 1, worst: 10 + 40 + 30 });
    expect(usd.best).toBeCloseTo(2 + lines.reduce((sum, line) => sum + line.usd.best, 0), 10);
    expect(usd.worst).toBeCloseTo(80 + lines.reduce((sum, line) => sum + line.usd.worst, 0), 10);
  });
});

describe('what is not in the cost', () => {
  const oneOfEach = Object.fromEntries(Object.keys(agents).map((name) => [name, { agent: name }]));
  const durations = knownDurations(new Map(Object.keys(agents).map((name) => [name, 5])));

  it.each([
    ['Lambda agents that do not say their memory', 'lambda', ['time of agents without `resources`: deep, mute']],
    ['ECS agents that leave out one of the two', 'ecs', ['time of agents without `resources`: wide, deep, mute']],
    ['any model', 'model', ['tokens of models: sized, wide, deep, mute']],
    ['agents that run elsewhere', 'human', ['what agents cost where they run (human): sized, wide, deep, mute']],
  ] as const)('names %s', (_what, runtime, unknown) => {
    expect(costOfTasks(oneOfEach, { agentTypes: agentTypes(runtime), durations }).unknown).toEqual(unknown);
  });

  it('names agents of which not even the type is known', () => {
    expect(costOfTasks({ a: { agent: 'sized' } }, { agentTypes: {} }).unknown).toEqual([
      'what agents cost where they run (not known): sized',
    ]);
    expect(costOfTasks({ a: { agent: 'ghost' } }, { durations }).unknown).toEqual([
      'time of agents without `resources`: ghost',
    ]);
  });

  it('names each agent and each child once, children first, and what is known not at all', () => {
    const { unknown } = costOfTasks(
      {
        a: { agent: 'mute' },
        b: { agent: 'mute' },
        slow: { agent: 'sized' },
        c: { workflow: 'first' },
        d: { workflow: 'first', after: ['c'] },
        e: { workflow: 'second' },
        f: { workflow: 'known' },
        g: { emit: 'g' },
      },
      {
        durations,
        childCost: ({ workflow }) => (workflow.name === 'known' ? { best: 1, worst: 1 } : undefined),
      },
    );

    expect(unknown).toEqual([
      'child workflows that are not known: first, second',
      'time of agents without `resources`: mute',
      'at best, time of agents whose tasks take nobody knows how long: sized',
    ]);
    expect(costOfTasks({ sized: { agent: 'sized' } }, { durations }).unknown).toEqual([]);
  });

  it('does not take steps for seconds', () => {
    expect(costOfTasks({ sized: { agent: 'sized' } }).unknown).toEqual([
      'at best, time of agents whose tasks take nobody knows how long: sized',
    ]);
  });
});
