import { describe, expect, it } from 'vitest';
import { estimatedResources, type EstimatedResources } from '../../../core/forecast/resources.ts';
import type { Plan, PlannedAgent } from '../../../core/plan/index.ts';
import { smallPlan, type PlanSettings, type SmallTasks } from '../../makers/small-plan.ts';

const agent = (cores: number, memory: number, count = 1): PlannedAgent => ({
  type: 'any_agent',
  count,
  maxConcurrentTasks: 1,
  capabilities: [],
  cores,
  memory,
});

/** Big ones and small ones. */
const agents = { big: agent(8, 16e9, 2), small: agent(0.5, 1e9, 10) };

function resourcesOf(tasks: SmallTasks, settings: PlanSettings = {}): EstimatedResources {
  return estimatedResources(smallPlan(tasks, { agents, ...settings }), () => undefined);
}

describe('estimatedResources', () => {
  it('adds up all instances of all agents', () => {
    expect(resourcesOf({ a: { agent: 'big' } })).toMatchObject({ instances: 12, total: { cores: 21, memory: 42e9 } });
  });

  it('takes the heaviest of what the graph lets run at once, and names it', () => {
    const { peak } = resourcesOf({
      a: { agent: 'big' },
      b: { agent: 'small', after: ['a'] },
      c: { agent: 'small', after: ['a'] },
    });

    expect(peak.cores).toEqual({ value: 8, by: 'graph', tasks: ['a'] });
    expect(peak.attempts).toEqual({ value: 2, by: 'graph', tasks: ['b', 'c'] });
  });

  it('has no more of an agent than there are instances', () => {
    const { peak } = resourcesOf({ a: { agent: 'big' }, b: { agent: 'big' }, c: { agent: 'big' } });

    expect(peak.cores).toEqual({ value: 16, by: 'agents', tasks: [] });
    expect(peak.attempts.value).toBe(3);
  });

  it('counts the neediest agents where max_parallel leaves fewer than the graph', () => {
    const tasks = { a: { agent: 'big' }, b: { agent: 'small' }, c: { agent: 'small' }, d: { agent: 'small' } };

    const { peak } = resourcesOf(tasks, { maxParallel: 2 });

    expect(peak.cores).toMatchObject({ value: 8.5, by: 'agents' });
    expect(peak.attempts).toMatchObject({ value: 2, by: 'agents' });
  });

  it("holds a group to its own limit, and a loop to its body's width", () => {
    const five = Object.fromEntries(Array.from({ length: 5 }, (_, n) => [`t${n}`, { agent: 'small' }]));
    const prefixed = (prefix: string) => Object.fromEntries(Object.entries(five).map(([id, it]) => [prefix + id, it]));

    const { peak } = resourcesOf({
      group: { group: { maxParallel: 3, tasks: prefixed('g') } },
      loop: { loop: { maxIterations: 100, tasks: prefixed('l') } },
    });

    expect(peak.attempts).toMatchObject({ value: 8, by: 'graph' });
    expect(peak.cores.value).toBe(4);
  });

  it('counts a fan-out by its items and a for_each by its calls at once', () => {
    const { peak } = resourcesOf({
      a: { agent: 'small', fanOut: 4 },
      b: { agent: 'small', forEach: { maxItems: 100, maxConcurrency: 7, batch: 20 } },
    });

    expect(peak.attempts.value).toBe(4 + 5);
  });

  it('counts as many children as run at once, beside the limits', () => {
    const child = resourcesOf({ a: { agent: 'big' }, b: { agent: 'small' } });
    const plan: Plan = smallPlan(
      { sub: { workflow: 'child', forEach: { maxConcurrency: 3, maxItems: 9 } }, own: { agent: 'small' } },
      { agents, maxParallel: 1 },
    );

    const { peak } = estimatedResources(plan, () => child);

    expect(peak.attempts.value).toBe(3 * 2 + 1);
    expect(peak.memory.value).toBe(3 * 17e9 + 1e9);
  });

  it('lists the agents that do not say what they need, and counts them as nothing', () => {
    const { cores, ...mute } = agent(1, 1e9);
    const resources = resourcesOf({ a: { agent: 'mute' } }, { agents: { mute, ...agents } });

    expect(resources.unspecified).toEqual(['mute']);
    expect(resources.peak.cores.value).toBe(0);
  });

  it.each<[string, Partial<PlannedAgent>]>([
    ['cores', { memory: 1e9 }],
    ['memory', { cores: 1 }],
  ])('lists an agent that says nothing of its %s', (_what, said) => {
    const half = { type: 't', count: 1, maxConcurrentTasks: 1, capabilities: [], ...said };

    expect(resourcesOf({ a: { agent: 'half' } }, { agents: { half, ...agents } }).unspecified).toEqual(['half']);
  });

  it('adds parts of a core without a rounding error, and rounds up what is less than a permille', () => {
    const tenths = { tenth: agent(0.1, 1, 3), least: agent(0.0001, 1) };

    const { total, peak } = resourcesOf({ a: { agent: 'tenth', fanOut: 3 } }, { agents: tenths });

    expect(total).toEqual({ cores: 0.301, memory: 4 });
    expect(peak.cores.value).toBe(0.3);
  });

  it('has one task take no more instances than there are, however many attempts it makes', () => {
    const { peak } = resourcesOf({ a: { agent: 'big', fanOut: 5 }, b: { agent: 'small', after: ['a'] } });

    expect(peak.cores).toEqual({ value: 16, by: 'graph', tasks: ['a'] });
    expect(peak.attempts).toEqual({ value: 5, by: 'graph', tasks: ['a'] });
  });

  it('fills the places of a limit with the neediest first, as often as there are attempts of them', () => {
    const smalls = { s: { agent: 'small', fanOut: 4 } };

    const one = resourcesOf({ a: { agent: 'big' }, ...smalls }, { maxParallel: 3 });
    const more = resourcesOf({ a: { agent: 'big', fanOut: 2 }, b: { agent: 'big' }, ...smalls }, { maxParallel: 4 });

    expect(one.peak.cores).toEqual({ value: 8 + 2 * 0.5, by: 'agents', tasks: [] });
    expect(more.peak.cores).toEqual({ value: 2 * 8 + 2 * 0.5, by: 'agents', tasks: [] });
    expect(more.peak.memory.value).toBe(2 * 16e9 + 2 * 1e9);
    expect(more.peak.attempts.value).toBe(4);
  });

  it('holds a group to its limit in what it needs, and names the tasks of it that the graph lets run', () => {
    const inside = { a: { agent: 'big' }, b: { agent: 'small' }, c: { agent: 'small' }, sub: { workflow: 'child' } };
    const child = resourcesOf({ x: { agent: 'small' } });
    const plan = smallPlan(
      { g: { group: { maxParallel: 2, tasks: inside } }, o: { agent: 'big', after: ['g'] } },
      { agents },
    );

    const { peak } = estimatedResources(plan, () => child);

    expect(peak.cores).toEqual({ value: 8 + 0.5 + 0.5, by: 'graph', tasks: ['a', 'b', 'c', 'sub'] });
    expect(peak.attempts.value).toBe(2 + 1);
  });

  it('counts nothing for what is no call, and for agents and children that nobody knows', () => {
    const tasks = { e: { emit: 'e' }, w: { wait: { kind: 'seconds', seconds: 5 } }, c: { workflow: 'child' } } as const;

    expect(resourcesOf({ ...tasks, a: { agent: 'ghost' } }).peak).toEqual({
      attempts: { value: 0, by: 'graph', tasks: [] },
      cores: { value: 0, by: 'graph', tasks: [] },
      memory: { value: 0, by: 'graph', tasks: [] },
    });
  });

  it('has a group without a limit need what its graph lets run', () => {
    const inside = { a: { agent: 'big' }, b: { agent: 'small' } };

    expect(resourcesOf({ g: { group: { tasks: inside } } }).peak.cores).toMatchObject({
      value: 8.5,
      tasks: ['a', 'b'],
    });
  });

  it('says that the graph proves what both bounds give', () => {
    expect(resourcesOf({ a: { agent: 'big' } }, { maxParallel: 1 }).peak.cores).toEqual({
      value: 8,
      by: 'graph',
      tasks: ['a'],
    });
  });
});
