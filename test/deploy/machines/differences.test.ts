import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { isJsonObject, type Json, type JsonObject } from '../../../core/json/index.ts';
import type { Scenario } from '../../../simulation/index.ts';
import { openTwinStage, runTwin, type TwinStage } from './twin-run.ts';

let stage: TwinStage;
beforeAll(async () => {
  stage = await openTwinStage(inject('endpoint'));
});
afterAll(() => stage.close());

const scenario: Scenario = {
  document: {
    workflow: {
      name: 'small',
      version: '1',
      timeout: '24h',
      agents: { one: { type: 'worker' } },
      tasks: [
        { id: 'first', agent: 'one' },
        { id: 'second', agent: 'one', depends_on: ['first'] },
      ],
    },
  },
  agentTypes: { worker: {} },
  script: {},
  input: {},
};

/** A machine with other states, or another start. */
const withMembers = (machine: Json, { States, ...members }: JsonObject): Json => {
  if (!isJsonObject(machine) || !isJsonObject(machine.States) || !isJsonObject(States)) throw new Error('no machine');
  return { ...machine, ...members, States: { ...machine.States, ...States } };
};

describe('runTwin', () => {
  it('has no complaint about the same machine', async () => {
    const compared = await runTwin(scenario, { stage, tenant: 'same' });

    expect(compared).toMatchObject({ complaints: [], isSame: true });
    expect(compared.visits).toBeGreaterThan(5);
  });

  it('sees that a state is visited on one side only', async () => {
    const detour = { StartAt: 'detour', States: { detour: { Type: 'Pass', Next: 'begin' } } };
    const distort = (machine: Json): Json => withMembers(machine, detour);

    const { complaints } = await runTwin(scenario, { stage, tenant: 'detour', distort });

    expect(complaints[0]).toBe('detour is visited 0 times by the interpreter, 1 times by Step Functions');
  });

  it('sees that the machine ends otherwise', async () => {
    const otherwise = { States: { succeeded: { Type: 'Fail', Error: 'Otherwise' } } };
    const distort = (machine: Json): Json => withMembers(machine, otherwise);

    const { complaints } = await runTwin(scenario, { stage, tenant: 'otherwise', distort });

    expect(complaints[0]).toMatch(/^the interpreter ends .*SUCCEEDED.*, Step Functions .*FAILED/);
  });
});
