import { describe, expect, it } from 'vitest';
import { createMemoryDefinitionStore, createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { UnavailableError } from '../../core/errors/index.ts';
import { executionId } from '../../core/ids/index.ts';
import type { JsonObject } from '../../core/json/index.ts';
import type { AgentRuntime, LedgerStore } from '../../core/ports/index.ts';
import type { MachineResult } from '../../local/interpreter/index.ts';
import { createEmbeddedMachines } from '../../local/machines.ts';
import { createEngineHarness } from '../makers/engine-harness.ts';
import { createScriptedAgents } from '../makers/scripted-agents.ts';
import { createSimulatedWorld } from '../makers/simulated-world.ts';
import { smallPlan } from '../makers/small-plan.ts';

const id = executionId('exec_1');
const begins: JsonObject = { execution: id, workflow: 'sketch', version: '1' };

interface Call {
  readonly functionName: string;
  readonly payload: JsonObject;
  readonly more?: JsonObject;
}

/** A machine that makes these calls, one after the other. */
function machineOf(...calls: readonly Call[]): JsonObject {
  const states = calls.map(({ functionName, payload, more }, i) => [
    `call ${i}`,
    {
      Type: 'Task',
      Resource: `arn:aws:states:::lambda:invoke${'token' in payload ? '.waitForTaskToken' : ''}`,
      Arguments: { FunctionName: functionName, Payload: payload },
      ...(i + 1 < calls.length ? { Next: `call ${i + 1}` } : { End: true }),
      ...more,
    },
  ]);
  return { QueryLanguage: 'JSONata', StartAt: 'call 0', States: Object.fromEntries(states) as JsonObject };
}

/** The machine, published as `sketch`, over a real engine whose plan has no tasks. */
async function openMachines(machine: JsonObject, ledger: LedgerStore = createMemoryLedgerStore()) {
  const harness = await createEngineHarness({ tasks: [] }, { ledger });
  const noAgents = (): AgentRuntime =>
    createScriptedAgents(world, harness.engine.answers, { script: {}, onCall: () => undefined });
  const world = createSimulatedWorld({ createAgents: noAgents });
  const definitions = createMemoryDefinitionStore();
  const plan = smallPlan({});
  await definitions.publish({
    name: 'sketch',
    version: '1',
    digest: 'd',
    plan,
    machine,
    agentTypes: {},
    publishedAt: 0,
  });
  const ends: MachineResult[] = [];
  const machines = createEmbeddedMachines({
    clock: world.clock,
    schedule: world.schedule,
    random: () => world.ids.random(),
    engineId: 'eng_1',
    definitions,
    engine: () => harness.engine,
    onEnd: (_execution, result) => ends.push(result),
  });
  const start = () => machines.start(id, { name: 'sketch', version: '1' }, {});
  const run = async (): Promise<MachineResult | undefined> => {
    await start();
    await world.runUntil(() => ends.length > 0);
    return ends[0];
  };
  return { machines, harness, world, ends, start, run };
}

describe('createEmbeddedMachines', () => {
  it('calls the functions of the engine with what the machine gives them', async () => {
    const { run, harness } = await openMachines(
      machineOf({ functionName: 'begin', payload: { ...begins, input: { depth: 3 } } }),
    );

    const result = await run();

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: {} });
    expect(await harness.ledger.findExecution(id)).toMatchObject({
      status: 'running',
      input: { inline: { depth: 3 } },
    });
  });

  it('hands tokens of this process to functions that answer later, and knows no other', async () => {
    const waits = { execution: id, token: '{% $states.context.Task.Token %}' };
    const { start, machines, harness, world, ends } = await openMachines(
      machineOf({ functionName: 'begin', payload: begins }, { functionName: 'conclude', payload: waits }),
    );
    await start();
    await world.runUntil(() => harness.answers.length > 0);
    const { token } = harness.answers[0]!;

    const foreign = await machines.tokens.succeed('eng_0.1', {});
    const first = await machines.tokens.succeed(token, { status: 'succeeded' });
    const second = await machines.tokens.fail(token, 'TooLate', '');
    await world.runUntil(() => ends.length > 0);

    expect(token).toBe('eng_1.1');
    expect([foreign, first, second]).toEqual([false, true, false]);
    expect(ends).toMatchObject([{ status: 'SUCCEEDED', output: { status: 'succeeded' } }]);
  });

  it('lets a state fail by its token', async () => {
    const waits = { execution: id, token: '{% $states.context.Task.Token %}' };
    const { start, machines, harness, world, ends } = await openMachines(
      machineOf({ functionName: 'begin', payload: begins }, { functionName: 'conclude', payload: waits }),
    );
    await start();
    await world.runUntil(() => harness.answers.length > 0);

    await machines.tokens.fail(harness.answers[0]!.token, 'ExecutionStopping', 'as told');
    await world.runUntil(() => ends.length > 0);

    expect(ends).toMatchObject([{ status: 'FAILED', error: 'ExecutionStopping', cause: 'as told' }]);
  });

  it('shows what may pass as Lambda.ServiceException, which a state retries', async () => {
    const ledger = createMemoryLedgerStore();
    let failures = 0;
    const findExecution: LedgerStore['findExecution'] = async (execution) => {
      failures += 1;
      if (failures <= 2) throw new UnavailableError({ code: 'database_busy', message: 'busy' });
      return ledger.findExecution(execution);
    };
    const Retry = [{ ErrorEquals: ['Lambda.ServiceException'], IntervalSeconds: 1, MaxAttempts: 2 }];
    const { run } = await openMachines(machineOf({ functionName: 'begin', payload: begins, more: { Retry } }), {
      ...ledger,
      findExecution,
    });

    expect(await run()).toMatchObject({ status: 'SUCCEEDED' });
    expect(failures).toBeGreaterThan(2);
  });

  it.each([
    ['a function that nobody has', 'nobody', begins, 'InvariantError: No function is called nobody.'],
    ['a payload without an execution', 'begin', {}, 'InvariantError: A machine called without a execution.'],
    ['a payload without a token', 'conclude', { execution: id }, 'InvariantError: A machine called without a token.'],
    [
      'another workflow than the one that is published',
      'begin',
      { ...begins, workflow: 'other' },
      'NotFoundError: Workflow other has no published version 1.',
    ],
  ])('fails a state that calls %s for good', async (_what, functionName, payload, cause) => {
    const Retry = [{ ErrorEquals: ['Lambda.ServiceException'], IntervalSeconds: 1, MaxAttempts: 2 }];
    const { run } = await openMachines(machineOf({ functionName, payload, more: { Retry } }));

    expect(await run()).toMatchObject({ status: 'FAILED', error: 'Lambda.Unrecoverable', cause });
  });

  it('starts nothing when the machine of the execution runs, and starts it again when that has ended', async () => {
    const { start, world, ends } = await openMachines(machineOf({ functionName: 'begin', payload: begins }));
    await Promise.all([start(), start()]);
    await world.runUntil(() => ends.length > 0);
    const once = ends.length;

    await start();
    await world.runUntil(() => ends.length > once);

    expect(once).toBe(1);
    expect(ends).toHaveLength(2);
  });

  it('refuses a workflow that is not published', async () => {
    const { machines } = await openMachines(machineOf({ functionName: 'begin', payload: begins }));

    const start = machines.start(id, { name: 'sketch', version: '2' }, {});

    await expect(start).rejects.toMatchObject({ name: 'NotFoundError', code: 'workflow_not_found' });
  });

  it('ends machines as ABORTED, one or all, and leaves those alone that have ended', async () => {
    const waits = { execution: id, token: '{% $states.context.Task.Token %}' };
    const { start, machines, harness, world, ends } = await openMachines(
      machineOf({ functionName: 'begin', payload: begins }, { functionName: 'conclude', payload: waits }),
    );
    await start();
    await world.runUntil(() => harness.answers.length > 0);

    await machines.stop(id, 'cancelled');
    await machines.stop(id, 'once more');
    await world.runUntil(() => ends.length > 0);
    await start();
    machines.close();
    await world.runUntil(() => ends.length > 1);

    expect(ends).toMatchObject([
      { status: 'ABORTED', cause: 'cancelled' },
      { status: 'ABORTED', cause: 'the runtime is closing' },
    ]);
  });
});
