import { describe, expect, it } from 'vitest';
import { unitDurations } from '../../../core/forecast/durations.ts';
import { usageOf } from '../../../core/forecast/usage.ts';
import { plan } from '../../../core/plan/index.ts';
import type { ValidDefinition } from '../../../core/validation/index.ts';
import { createEmbeddedRuntime, createMemoryStores } from '../../../local/index.ts';
import { lower } from '../../../statemachines/index.ts';
import { createCountingLedger, type LedgerCounts } from '../../makers/counting-ledger.ts';
import type { Script } from '../../makers/scenario.ts';
import { createScriptedAgents } from '../../makers/scripted-agents.ts';
import { createSimulatedWorld } from '../../makers/simulated-world.ts';
import { validDefinition } from '../../makers/valid-definition.ts';

const workflowOf = (tasks: string): ValidDefinition =>
  validDefinition(`
workflow:
  name: counted
  version: "1"
  agents: { doer: { type: any_agent }, three: { type: any_agent, count: 3 } }
  tasks: [${tasks}]
`);

/** What one execution asks of the ledger. */
async function countsOf(valid: ValidDefinition, script: Script = {}): Promise<LedgerCounts> {
  const stores = createMemoryStores('secret');
  const { ledger, counts } = createCountingLedger(stores.ledger);
  const planned = plan(valid);
  const world = createSimulatedWorld({
    createAgents: (inWorld, answers) => createScriptedAgents(inWorld, answers, { script, onCall: () => undefined }),
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
