import { describe, expect, it } from 'vitest';
import { plan, type PlannedAgent } from '../../../core/plan/index.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

function agentWith(keys: string, more = ''): PlannedAgent | undefined {
  const text = `
workflow:
  name: small
  version: "1"
  agents: { doer: { type: any_agent, ${keys} } }
  tasks: [{ id: only, agent: doer }]
  ${more}
`;
  return plan(validDefinition(text)).agents['doer'];
}

describe('the agents of a plan', () => {
  it('are one instance with one task at a time where nothing is said, and of unknown size', () => {
    expect(agentWith('')).toEqual({ type: 'any_agent', count: 1, maxConcurrentTasks: 1, capabilities: [] });
  });

  it('keep what is said', () => {
    const said = agentWith('count: 3, max_concurrent_tasks: 4, capabilities: [lint]');

    expect(said).toMatchObject({ count: 3, maxConcurrentTasks: 4, capabilities: ['lint'] });
  });

  it.each([
    ['"2 cores"', 2],
    ['"1 core"', 1],
    ['"0.25core"', 0.25],
    ['1.5', 1.5],
  ])('need %s as %d cores', (cpu, cores) => {
    expect(agentWith(`resources: { cpu: ${cpu} }`)).toMatchObject({ cores });
  });

  it.each([
    ['512MB', 512_000_000],
    ['4GB', 4_000_000_000],
    ['1.5 GiB', 1_610_612_736],
    ['64 KiB', 65_536],
    ['0.5KB', 500],
    ['128MiB', 134_217_728],
  ])('need %s as %d bytes', (memory, bytes) => {
    expect(agentWith(`resources: { memory: ${memory} }`)).toMatchObject({ memory: bytes });
  });

  it('have no pool where nobody says how much one instance can do: `count` is the width of a fan-out', () => {
    expect(agentWith('count: 3')).not.toHaveProperty('pool');
  });

  it('have a pool of their own, of all their instances, where that is said', () => {
    expect(agentWith('count: 3, max_concurrent_tasks: 4')?.pool).toEqual({
      name: 'small.doer',
      capacity: 12,
      instances: 3,
      strategy: 'least_loaded',
    });
  });

  it('share the pool that they name', () => {
    const pools =
      'resource_pools: { some: { capacity: 10, strategy: round_robin, max_queue: 5 }, plain: { capacity: 2 } }';

    expect(agentWith('pool: some, max_concurrent_tasks: 4', pools)?.pool).toEqual({
      name: 'some',
      capacity: 10,
      instances: 10,
      strategy: 'round_robin',
      maxQueue: 5,
    });
    expect(agentWith('pool: plain', pools)?.pool).toEqual({
      name: 'plain',
      capacity: 2,
      instances: 2,
      strategy: 'least_loaded',
    });
  });
});
