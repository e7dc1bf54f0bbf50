import { describe, expect, it } from 'vitest';
import type { SkeinEvent } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { CompiledWorkflow } from '../../compiler/index.ts';
import { createEmbeddedRuntime, createMemoryStores, type Stores } from '../../local/index.ts';
import { compileText, definitionText, type Script } from '../../simulation/index.ts';
import { createScriptedAgents } from '../makers/scripted-agents.ts';
import { createSimulatedWorld, type SimulatedWorld } from '../makers/simulated-world.ts';
import { aScenario, aTask, silent, succeeds } from '../makers/small-scenario.ts';

function compiled(...ids: readonly string[]): CompiledWorkflow {
  const scenario = aScenario({ tasks: ids.map((id) => aTask(id)) });
  return compileText(definitionText(scenario), scenario.agentTypes);
}

/** A machine that ends without having asked the engine for anything. */
const stillborn: CompiledWorkflow = {
  ...compiled('lint'),
  machine: {
    QueryLanguage: 'JSONata',
    StartAt: 'over',
    States: { over: { Type: 'Fail', Error: 'Broken', Cause: 'before it began' } },
  },
};

function open({ script = {}, stores = createMemoryStores('secret') }: { script?: Script; stores?: Stores } = {}) {
  const world = createSimulatedWorld({
    createAgents: (inWorld, answers) => createScriptedAgents(inWorld, answers, { script, onCall: () => undefined }),
  });
  const runtime = createEmbeddedRuntime({ stores, world });
  const start = async (workflow: CompiledWorkflow): Promise<ExecutionId> =>
    runtime.start({ ...(await runtime.publish(workflow)), input: {} });
  return { world, runtime, stores, start };
}

/** Lets the simulated world go on until a promise has come to something. */
async function eventually<Value>(world: SimulatedWorld, promise: Promise<Value>): Promise<Value> {
  let known = false;
  const know = () => void (known = true);
  promise.then(know, know);
  await world.runUntil(() => known);
  return promise;
}

describe('publish', () => {
  it('publishes equal content under its own version, however often', async () => {
    const { runtime } = open();

    expect(await runtime.publish(compiled('lint'))).toEqual({ workflow: 'small', version: '1' });
    expect(await runtime.publish(compiled('lint'))).toEqual({ workflow: 'small', version: '1' });
  });

  it('publishes other content of a version that is taken under the version and its digest', async () => {
    const { runtime, stores } = open();
    await runtime.publish(compiled('lint'));

    const edited = await runtime.publish(compiled('lint', 'scan'));
    const again = await runtime.publish(compiled('lint', 'scan'));

    expect(edited.version).toMatch(/^1\+[0-9a-f]{8}$/);
    expect(again).toEqual(edited);
    const [first, second] = [
      await stores.definitions.find('small', '1'),
      await stores.definitions.find('small', edited.version),
    ];
    expect(first?.plan.tasks.map(({ id }) => id)).toEqual(['lint']);
    expect(second?.plan.tasks.map(({ id }) => id)).toEqual(['lint', 'scan']);
    expect(edited.version).toBe(`1+${second?.digest.slice(0, 8)}`);
  });

  it('keeps such a draft from those who look for versions without naming one', async () => {
    const { runtime, stores } = open();
    await runtime.publish(compiled('lint'));

    await runtime.publish(compiled('lint', 'scan'));

    expect(await stores.definitions.list()).toMatchObject([{ name: 'small', version: '1' }]);
    expect(await stores.definitions.findLatest('small')).toMatchObject({ version: '1' });
  });

  it('takes an agent that has moved for other content', async () => {
    const { runtime } = open();
    const workflow = compiled('lint');
    const moved = { ...workflow.agentTypes['worker']!, module: '/elsewhere.ts' } as const;
    await runtime.publish(workflow);

    const { version } = await runtime.publish({ ...workflow, agentTypes: { worker: moved } });

    expect(version).not.toBe('1');
  });

  it('runs each execution by the version that it was started with', async () => {
    const { world, runtime, start } = open({ script: { lint: [succeeds(1_000)] } });
    const before = await start(compiled('lint'));

    const now = await start(compiled('lint', 'scan'));

    const [first, second] = [
      await eventually(world, runtime.whenEnded(before)),
      await eventually(world, runtime.whenEnded(now)),
    ];
    expect(first.tasks.map(({ path }) => path)).toEqual(['lint']);
    expect(second.tasks.map(({ path }) => path).toSorted()).toEqual(['lint', 'scan']);
  });
});

describe('whenEnded', () => {
  it('gives the view that is stored, to whoever waits and whoever comes later', async () => {
    const { world, runtime, stores, start } = open({ script: { lint: [succeeds(10, 'clean')] } });
    const execution = await start(compiled('lint'));

    const waiting = await eventually(world, Promise.all([runtime.whenEnded(execution), runtime.whenEnded(execution)]));
    const later = await runtime.whenEnded(execution);

    expect(waiting[0]).toMatchObject({ status: 'succeeded', output: { inline: { lint: 'clean' } } });
    expect(waiting[1]).toEqual(waiting[0]);
    expect(later).toEqual(waiting[0]);
    expect(await stores.views.find(execution)).toEqual(waiting[0]);
  });

  it.each(['before', 'after'])('rejects when the machine ends early, asked %s that', async (moment) => {
    const { world, runtime, start } = open();
    const execution = await start(stillborn);
    if (moment === 'after') await world.runUntil(() => true);

    const ended = eventually(world, runtime.whenEnded(execution));

    await expect(ended).rejects.toMatchObject({
      name: 'InvariantError',
      code: 'machine_ended_early',
      message: `The machine of ${execution} ended before its execution: Broken before it began.`,
      hint: expect.stringContaining(`skein resume ${execution}`) as string,
    });
    expect(await runtime.listIncidents()).toMatchObject([{ source: 'endings', status: 'open', execution }]);
  });

  it('waits again for an execution whose machine was started anew', async () => {
    const stores = createMemoryStores('secret');
    const machines = { broken: true };
    const { definitions } = stores;
    const find: typeof definitions.find = async (name, version) => {
      const found = await definitions.find(name, version);
      return found && machines.broken ? { ...found, machine: stillborn.machine as unknown as Json } : found;
    };
    const { world, runtime, start } = open({ stores: { ...stores, definitions: { ...definitions, find } } });
    const execution = await start(compiled('lint'));
    await world.runUntil(() => true);
    machines.broken = false;

    await runtime.resume(execution);

    expect(await eventually(world, runtime.whenEnded(execution))).toMatchObject({ status: 'succeeded' });
  });

  it('waits again for one whose incident was redriven', async () => {
    const stores = createMemoryStores('secret');
    const machines = { broken: true };
    const { definitions } = stores;
    const find: typeof definitions.find = async (name, version) => {
      const found = await definitions.find(name, version);
      return found && machines.broken ? { ...found, machine: stillborn.machine as unknown as Json } : found;
    };
    const { world, runtime, start } = open({ stores: { ...stores, definitions: { ...definitions, find } } });
    const execution = await start(compiled('lint'));
    await world.runUntil(() => true);
    machines.broken = false;
    const [incident] = await runtime.listIncidents();

    await runtime.redriveIncident(incident?.id ?? '', 'ann');

    expect(await eventually(world, runtime.whenEnded(execution))).toMatchObject({ status: 'succeeded' });
    expect(await runtime.listIncidents({ status: 'redriven' })).toMatchObject([{ acts: [{ by: 'ann' }] }]);
  });

  it('rejects for all who wait and will wait once the engine cannot go on', async () => {
    const { world, runtime, start } = open({ script: { lint: [succeeds(10)], scan: [silent] } });
    await start(compiled('lint'));
    const other = await start(compiled('scan'));
    runtime.subscribe((events) => {
      if (events.some(({ type }) => type === 'task.completed')) throw new Error('no more');
    });

    const waiting = eventually(world, runtime.whenEnded(other));
    await expect(waiting).rejects.toThrow('no more');

    await expect(runtime.whenEnded(other)).rejects.toThrow('no more');
  });

  it('leaves those alone who wait for an execution that goes on elsewhere when the runtime closes', async () => {
    const { world, runtime, stores, start } = open({ script: { lint: [silent] } });
    const execution = await start(compiled('lint'));
    await world.runUntil(() => true);
    let heard = false;
    const hear = () => void (heard = true);
    runtime.whenEnded(execution).then(hear, hear);

    runtime.close();
    for (let turn = 0; turn < 5; turn += 1) await world.runUntil(() => true);

    expect(heard).toBe(false);
    expect((await stores.ledger.findExecution(execution))?.status).toBe('running');
  });
});

describe('subscribe', () => {
  it('gives committed events in their order, until it is ended', async () => {
    const { world, runtime, stores, start } = open({ script: { a: [succeeds(5)], b: [succeeds(9)] } });
    const heard: SkeinEvent[] = [];
    const end = runtime.subscribe((events) => void heard.push(...events));
    const execution = await start(compiled('a', 'b'));
    await eventually(world, runtime.whenEnded(execution));

    end();
    await eventually(world, runtime.whenEnded(await start(compiled('a'))));

    const inOrder = await stores.ledger.listEvents(execution);
    expect(heard).toHaveLength(inOrder.length);
    expect(heard).toEqual(expect.arrayContaining([...inOrder]));
    for (const path of ['', 'a', 'b'])
      expect(heard.filter((event) => event.path === path)).toEqual(inOrder.filter((event) => event.path === path));
  });
});

describe('cancel', () => {
  it('ends an execution as cancelled after its grace period, and says by whom', async () => {
    const { world, runtime, start } = open({ script: { lint: [silent] } });
    const execution = await start(compiled('lint'));
    await world.runUntil(() => true);
    const cancelledAt = world.clock.now();

    await runtime.cancel(execution, 'the test');
    const view = await eventually(world, runtime.whenEnded(execution));

    expect(view).toMatchObject({ status: 'cancelled', reason: 'cancel', error: { message: 'Cancelled by the test.' } });
    expect(view.endedAt).toBe(cancelledAt + 30_000);
  });
});
