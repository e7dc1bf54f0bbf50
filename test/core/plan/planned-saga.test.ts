import { describe, expect, it } from 'vitest';
import { plan, type Plan, type PlanOptions } from '../../../core/plan/index.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

function planned(task: string, saga = '{ compensation_enabled: true }', options: PlanOptions = {}): Plan {
  const text = `
workflow:
  name: small
  version: "1"
  fault_tolerance: { saga_pattern: ${saga} }
  agents: { doer: { type: any_agent } }
  tasks: [{ id: only, agent: doer, ${task} }]
`;
  return plan(validDefinition(text), options);
}

describe('what a plan says of undoing', () => {
  it('is held back by a compensation that fails, and done at once where the graph allows, unless it says otherwise', () => {
    expect(planned('timeout: 1').saga).toEqual({ serial: false, onFailure: 'hold' });
    expect(planned('timeout: 1', '{ serial: true, on_compensation_failure: continue }').saga).toEqual({
      serial: true,
      onFailure: 'continue',
    });
  });

  it('is a call of an agent with a time and a policy of its own', () => {
    expect(planned('compensate: { agent: doer }').tasks[0]?.compensate).toEqual({
      agent: 'doer',
      agentType: 'any_agent',
      timeout: 600,
      retry: { maxAttempts: 10, interval: 2, backoffRate: 2, maxDelay: 3600, jitter: 'full' },
    });
    const written = 'compensate: { agent: doer, input: { x: 1 }, timeout: 5, retry_policy: none }';
    expect(planned(`${written}, compensate_on_failure: true`).tasks[0]?.compensate).toMatchObject({
      input: { x: 1 },
      timeout: 5,
      retry: { maxAttempts: 1 },
      onFailure: true,
    });
  });

  it('takes as long as the operator says where it says nothing', () => {
    const options = { defaults: { compensationTimeout: 900 } };
    const timeoutOf = (compensate: string) =>
      planned(`compensate: ${compensate}`, undefined, options).tasks[0]?.compensate?.timeout;

    expect(timeoutOf('{ agent: doer }')).toBe(900);
    expect(timeoutOf('{ agent: doer, timeout: 5 }')).toBe(5);
  });

  it('is nothing where the saga is off', () => {
    const { saga, tasks } = planned('timeout: 1', '{ compensation_enabled: false }');

    expect(saga).toBeUndefined();
    expect(tasks[0]).not.toHaveProperty('compensate');
  });

  it('has a pivot where a task is one', () => {
    expect(planned('pivot: true').tasks[0]?.pivot).toBe(true);
    expect(planned('pivot: false').tasks[0]).not.toHaveProperty('pivot');
  });
});
