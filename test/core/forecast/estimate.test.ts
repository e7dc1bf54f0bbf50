import { describe, expect, it } from 'vitest';
import type { AgentType, Usage } from '../../../core/agents/index.ts';
import {
  estimate,
  knownDurations,
  prices,
  unitDurations,
  type Durations,
  type Estimate,
} from '../../../core/forecast/index.ts';
import type { Budget, PlannedAgent } from '../../../core/plan/index.ts';
import { smallPlan, type PlanSettings, type SmallTasks } from '../../makers/small-plan.ts';

const sized: PlannedAgent = { type: 't', count: 1, maxConcurrentTasks: 1, capabilities: [], cores: 2, memory: 2 ** 31 };
const { cores, memory, ...unsized } = sized;

interface Question {
  readonly settings?: PlanSettings;
  readonly runtime?: AgentType['runtime'];
  readonly durations?: Durations;
  readonly transitions?: number;
  readonly child?: Estimate;
  /** What the one agent type says that a call costs. */
  readonly cost?: Usage;
}

function estimateOf(tasks: SmallTasks, question: Question = {}): Estimate {
  const { settings, runtime = 'lambda', durations = unitDurations, transitions = 0, child, cost } = question;
  const anyAgent =
    runtime === 'local'
      ? { name: 'any_agent', runtime, module: '/a.ts', capabilities: [] }
      : runtime === 'http'
        ? { name: 'any_agent', runtime, url: 'http://a', capabilities: [] }
        : runtime === 'lambda'
          ? { name: 'any_agent', runtime, functionArn: 'f', capabilities: [] }
          : { name: 'any_agent', runtime, capabilities: [] };
  return estimate({
    plan: smallPlan(tasks, { agents: { doer: sized, unsized }, ...settings }),
    agentTypes: { any_agent: { ...anyAgent, ...(cost && { cost }) } },
    durations,
    transitions: { best: transitions, worst: transitions },
    childOf: () => child,
  });
}

const seconds = (known: Record<string, number>): Durations => knownDurations(new Map(Object.entries(known)));
const doer = { agent: 'doer', retry: { maxAttempts: 3 } };

/** The line of a price, as best and worst quantity and dollars. */
function lineOf({ cost }: Estimate, price: keyof typeof prices.rows) {
  return cost.lines.find((line) => line.price === price);
}

describe('estimate', () => {
  it('names the agent of each task that has one', () => {
    const tasks = { a: doer, g: { group: { tasks: { b: { agent: 'unsized' } } } }, w: { emit: 'e' } };

    expect(estimateOf(tasks).allocatedAgents).toStrictEqual({ a: 'doer', b: 'unsized' });
  });

  it('counts attempts: loops, items and retries in the worst case', () => {
    const tasks = {
      a: doer,
      l: { loop: { maxIterations: 4, until: 'true', tasks: { b: { ...doer, forEach: { maxItems: 10, batch: 5 } } } } },
      c: { ...doer, fanOut: 2 },
    };

    expect(estimateOf(tasks).calls).toEqual({ best: 1 + 0 + 2, worst: 3 + 4 * 2 * 3 + 6 });
  });

  it('adds the calls, the dollars and the depth of a child that is known', () => {
    const child = estimateOf({ a: doer }, { transitions: 10 });
    const parent = estimateOf({ sub: { workflow: 'child', forEach: { maxItems: 5, items: [1, 2] } } }, { child });

    expect(parent.calls).toEqual({ best: 2, worst: 6 });
    expect(parent.depth).toBe(1);
    expect(parent.cost.children.worst).toBeCloseTo(2 * child.cost.usd.worst);
    expect(parent.cost.unknown).toEqual([]);
    expect(parent.resources.peak.memory.value).toBe(2 * child.resources.peak.memory.value);
  });

  it('lets a child take as long as its own forecast says, or as somebody has said', () => {
    const tasks = { sub: { workflow: 'child' }, z: { ...doer, after: ['sub'] } };
    const inSteps = estimateOf({ a: doer, b: { ...doer, after: ['a'] } });
    const inSeconds = estimateOf({ a: doer }, { durations: seconds({ a: 7 }) });

    expect(estimateOf(tasks, { child: inSteps }).makespan.limited.best.length).toBe(3);
    const known = { child: inSeconds, durations: seconds({ z: 1 }) };
    expect(estimateOf(tasks, known).makespan).toMatchObject({ limited: { best: { length: 8 } }, unknown: [] });
    const said = { child: inSeconds, durations: seconds({ z: 1, sub: 20 }) };
    expect(estimateOf(tasks, said).makespan.limited.best.length).toBe(21);
  });

  it('says of an unknown child that it is not known', () => {
    const parent = estimateOf({ sub: { workflow: 'child' } });

    expect(parent.depth).toBe(Infinity);
    expect(parent.duration.bound.seconds).toBe(Infinity);
    expect(parent.cost.unknown).toEqual(['child workflows that are not known: child']);
  });

  it("ends with the timeout and its agents' grace, or what its children take to stop", () => {
    const child = estimateOf({ a: doer }, { settings: { timeout: 50, grace: 400 } });

    expect(estimateOf({ a: doer }).duration).toMatchObject({ timeout: 3600, stop: 30 });
    expect(estimateOf({ sub: { workflow: 'child' } }, { child }).duration).toMatchObject({
      stop: 400,
      bound: { seconds: 450 },
    });
  });
});

describe('the cost of an estimate', () => {
  it('is the sum of its lines, each a quantity at its list price', () => {
    const { cost } = estimateOf({ a: doer }, { transitions: 1_000_000 });

    for (const { price, quantity, usd } of cost.lines) {
      const { usd: dollars, per } = prices.rows[price];
      expect(usd.worst).toBeCloseTo((quantity.worst * dollars) / per, 10);
    }
    expect(cost.usd.worst).toBeCloseTo(
      cost.lines.reduce((sum, { usd }) => sum + usd.worst, 0),
      10,
    );
    expect(lineOf(estimateOf({ a: doer }, { transitions: 1_000_000 }), 'transition')?.usd.best).toBeCloseTo(25);
  });

  it('has the memory and the time of Lambda agents: as known, and at worst their timeouts', () => {
    const engine = 0.05 * (3 + 2);
    const known = estimateOf({ a: doer }, { durations: seconds({ a: 10 }) });

    expect(lineOf(known, 'lambdaTime')?.quantity.best).toBeCloseTo(engine + 10 * 2);
    expect(lineOf(known, 'lambdaTime')?.quantity.worst).toBeCloseTo(engine + 0.05 * 4 + 3 * 300 * 2);
  });

  it('has the processors and the memory of ECS agents', () => {
    const known = estimateOf({ a: doer }, { runtime: 'ecs', durations: seconds({ a: 10 }) });

    expect(lineOf(known, 'fargateProcessor')?.quantity).toEqual({ best: 20, worst: 3 * 300 * 2 });
    expect(lineOf(known, 'fargateMemory')?.quantity).toEqual({ best: 20, worst: 3 * 300 * 2 });
  });

  it.each([
    ['model', doer, 'tokens of models: doer'],
    ['http', doer, 'what agents cost where they run (http): doer'],
    ['local', doer, 'what agents cost where they run (local): doer'],
    ['lambda', { agent: 'unsized' }, 'time of agents without `resources`: unsized'],
    ['lambda', doer, 'at best, time of agents whose tasks take nobody knows how long: doer'],
  ] as const)('says what it does not know of %s agents', (runtime, task, unknown) => {
    expect(estimateOf({ a: task }, { runtime }).cost.unknown).toEqual([unknown]);
  });
});

describe('the findings of an estimate', () => {
  const chain = { a: doer, b: { ...doer, after: ['a'] } };

  it('are none where all is enough, or nothing is known', () => {
    expect(estimateOf(chain, { settings: { timeout: 1 } }).findings).toEqual([]);
    expect(estimateOf(chain, { durations: seconds({ a: 5, b: 5 }), settings: { timeout: 10 } }).findings).toEqual([]);
  });

  it('name a timeout that even the best case exceeds, with its path', () => {
    const { findings } = estimateOf(chain, { durations: seconds({ a: 5, b: 6 }), settings: { timeout: 10 } });

    expect(findings).toMatchObject([
      {
        code: 'LINT921',
        path: ['workflow', 'timeout'],
        message: 'At best the workflow takes 11 s, along a → b, and its timeout is 10 s.',
      },
    ]);
  });

  it('name a timeout that is too short for the calls that a rate limit lets begin in it', () => {
    const agents = { doer: { ...sized, rate: { calls: 2, per: 60 } } };
    const many = { a: doer, b: doer, c: { ...doer, fanOut: 3 } };

    const { findings } = estimateOf(many, { settings: { timeout: 119, agents } });

    expect(findings).toMatchObject([
      {
        code: 'LINT921',
        message:
          'At best 5 calls of `any_agent` take 120 s by its rate limit, and the timeout of the workflow is 119 s.',
      },
    ]);
    expect(estimateOf(many, { settings: { timeout: 120, agents } }).findings).toEqual([]);
  });

  it('name each part of a budget that the worst case is beyond', () => {
    const budget = { usd: 0.1, calls: 5, wallTime: 600, depth: 0, tokens: 1, onExceeded: 'fail' } as const;

    const { findings } = estimateOf(chain, { settings: { budget }, cost: { usd: 0.05, tokens: 1 } });

    expect(findings.map(({ code, path }) => [code, path.join('.')])).toEqual([
      ['LINT922', 'workflow.budget.usd'],
      ['LINT922', 'workflow.budget.tokens'],
      ['LINT922', 'workflow.budget.calls'],
      ['LINT922', 'workflow.budget.wall_time'],
    ]);
    expect(findings[2]?.message).toBe('At worst an execution needs 6 calls, and its budget is 5 calls.');
  });

  const child = estimateOf({ a: doer });
  const withChild = { sub: { workflow: 'child' } };

  const allowing = (budget: Partial<Budget>): PlanSettings => ({ budget: { ...budget, onExceeded: 'fail' } });

  it.each<[string, SmallTasks, Question, string]>([
    ['dollars', chain, { cost: { usd: 0.7 }, settings: allowing({ usd: 2.5 }) }, '$4.20, and its budget is $2.50'],
    [
      'tokens, also those of a child',
      { sub: { workflow: 'child', forEach: { maxItems: 5 } } },
      { child: estimateOf({ a: doer }, { cost: { tokens: 10 } }), settings: allowing({ tokens: 1 }) },
      '150 tokens, and its budget is 1 token',
    ],
    ['calls', chain, { settings: allowing({ calls: 5 }) }, '6 calls, and its budget is 5 calls'],
    ['time', chain, { settings: allowing({ wallTime: 1_811.4 }) }, '1812 s, and its budget is 1811 s'],
    [
      'time, which ends with the timeout and the grace after it',
      chain,
      { settings: { ...allowing({ wallTime: 100 }), timeout: 1_000, grace: 40 } },
      '1040 s, and its budget is 100 s',
    ],
    [
      'depth',
      withChild,
      { child, settings: allowing({ depth: 0 }) },
      '1 level of child workflows, and its budget is 0 levels of child workflows',
    ],
  ])('say how much of %s is needed and allowed', (_what, tasks, question, needs) => {
    expect(estimateOf(tasks, question).findings.map(({ message }) => message)).toEqual([
      `At worst an execution needs ${needs}.`,
    ]);
  });

  it('count as nothing what nobody says, and say of whom', () => {
    const { declared, findings } = estimateOf(withChild, { settings: allowing({ usd: 0.001 }) });
    const own = estimateOf(chain, { cost: { usd: 0.1 } }).declared;

    expect(declared).toEqual({ usd: { worst: 0, silent: ['child'] }, tokens: { worst: 0, silent: ['child'] } });
    expect(own).toEqual({ usd: { worst: 0.6, silent: [] }, tokens: { worst: 0, silent: ['doer'] } });
    expect(findings).toEqual([]);
  });

  it('are none of a budget that is just enough, or of which nobody knows whether it is', () => {
    const enough = allowing({ calls: 6, wallTime: 1_812, depth: 0 });
    const unknown = allowing({ depth: 0, wallTime: 1 });

    expect(estimateOf(chain, { settings: enough }).findings).toEqual([]);
    expect(estimateOf(withChild, { settings: unknown }).findings).toEqual([]);
  });
});
