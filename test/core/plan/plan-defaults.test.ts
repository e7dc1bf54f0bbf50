import { describe, expect, it } from 'vitest';
import { plan, type PlanOptions } from '../../../core/plan/index.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

const silent = `
workflow:
  name: silent
  version: "1"
  agents:
    own: { type: linter, circuit_breaker: { timeout_seconds: 7 } }
    shared: { type: linter }
  tasks:
    - { id: first, agent: own }
    - { id: patient, agent: own, queue_timeout: 40 }
    - { id: both, group: { tasks: [{ id: inside, agent: own }] } }
    - { id: second, agent: shared }
  fault_tolerance:
    circuit_breaker: { success_threshold: 3 }
`;
const outspoken = silent
  .replace('version: "1"', 'version: "1"\n  timeout: 60')
  .replace('timeout_seconds: 7', 'failure_threshold: 2')
  .replace('success_threshold: 3', 'failure_threshold: 4');

const defaults = { timeout: 7_200, failureThreshold: 9, queueTimeout: 90 };

describe('the defaults of a plan', () => {
  it('are what a definition gets that says nothing', () => {
    const { timeout, agents } = plan(validDefinition(silent), { defaults });

    expect(timeout).toBe(7_200);
    expect(agents['own']?.breaker).toMatchObject({ failureThreshold: 9, timeout: 7 });
    expect(agents['shared']?.breaker).toMatchObject({ failureThreshold: 9, successThreshold: 3 });
  });

  it('say how long a task waits for its agent that does not say so itself, also inside of others', () => {
    const waits = (options: PlanOptions): object =>
      Object.fromEntries(plan(validDefinition(silent), options).tasks.map((task) => [task.id, task]));

    expect(waits({ defaults })).toMatchObject({
      first: { queueTimeout: 90 },
      inside: { queueTimeout: 90 },
      patient: { queueTimeout: 40 },
    });
    expect(waits({})).not.toHaveProperty('first.queueTimeout');
  });

  it('give way to what a definition says, and make no breakers', () => {
    const { timeout, agents } = plan(validDefinition(outspoken), { defaults });
    const without = plan(validDefinition(silent.slice(0, silent.indexOf('  fault_tolerance'))), { defaults });

    expect(timeout).toBe(60);
    expect([agents['own']?.breaker?.failureThreshold, agents['shared']?.breaker?.failureThreshold]).toEqual([2, 4]);
    expect(without.agents['shared']).not.toHaveProperty('breaker');
  });

  it('are not meant by who speaks of a share of failures alone', () => {
    const share = silent.replace('timeout_seconds: 7', 'failure_rate: { threshold: 25%, minimum_calls: 4 }');
    const both = share.replace('minimum_calls: 4 }', 'minimum_calls: 4 }, failure_threshold: 3');

    for (const options of [{ defaults }, {}]) {
      const { breaker } = plan(validDefinition(share), options).agents['own'] ?? {};
      expect(breaker).toMatchObject({ failureRate: { threshold: 0.25, window: 60, minimumCalls: 4 } });
      expect(breaker).not.toHaveProperty('failureThreshold');
    }
    expect(plan(validDefinition(both), { defaults }).agents['own']?.breaker).toMatchObject({ failureThreshold: 3 });
  });
});
