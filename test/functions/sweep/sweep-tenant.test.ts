import { describe, expect, it } from 'vitest';
import type { MachineRequest } from '../../../adapters/aws/index.ts';
import { UnavailableError } from '../../../core/errors/index.ts';
import type { ExecutionRecord, SkeinEvent } from '../../../core/execution/index.ts';
import { executionId } from '../../../core/ids/index.ts';
import type { LedgerWrite } from '../../../core/ports/index.ts';
import type { Engine } from '../../../engine/index.ts';
import { takeMachineEnding } from '../../../functions/sweep/machine-ending.ts';
import { sweepTenant } from '../../../functions/sweep/sweep-tenant.ts';
import { begun, ended, midnight, openEventLog, started } from '../../makers/event-log.ts';
import { anExecution } from '../an-execution.ts';
import { createFakeRuntime } from '../fake-runtime.ts';

const id = executionId('exec_1');

function open(engine: Partial<Engine> = {}) {
  const concluded: string[] = [];
  const repeated: string[] = [];
  const fake = createFakeRuntime({
    sweep: async () => [],
    sweepPools: async () => [],
    conclude: async (execution, token) => void concluded.push(`${execution} ${token}`),
    repeat: async (change) => void repeated.push(JSON.stringify(change)),
    ...engine,
  });
  const requested: MachineRequest[] = [];
  const rounds: (number | undefined)[] = [];
  const requests = {
    send: async (request: MachineRequest, round?: number) => {
      requested.push(request);
      rounds.push(round);
    },
  };
  const sweep = () => sweepTenant({ runtime: fake.runtime, requests }, 'acme');
  const record = async (change: Partial<ExecutionRecord>, events: readonly SkeinEvent[] = []) => {
    const written = events.map((event): LedgerWrite => ({ kind: 'event', event }));
    await fake.stores.ledger.commit([{ kind: 'execution', record: anExecution(change) }, ...written]);
  };
  return { ...fake, requests, sweep, record, concluded, repeated, requested, rounds };
}

const history = openEventLog().add('', started).add('', begun).events;
const whole = openEventLog().add('', started).add('', begun).add('', ended()).events;
const runnable = { machineArn: 'm', partArns: [] };

describe('sweepTenant', () => {
  it('answers what the engine has found in open executions', async () => {
    const { sweep, record, stores } = open({ sweep: async (execution) => [`wake of ${execution}`] });
    await record({});
    await stores.machines.markRunnable('review', '1', runnable);

    expect(await sweep()).toEqual([`wake of ${id}`]);
  });

  it('looks after the pools of the tenant, also when nothing is open', async () => {
    const { sweep } = open({ sweepPools: async () => ['slot pool/shared/slot/0'] });

    expect(await sweep()).toEqual(['slot pool/shared/slot/0']);
  });

  it('goes on after an execution that cannot be mended now', async () => {
    const { sweep, record, stores, errors } = open({
      sweep: async (execution) => {
        if (execution === id) throw new UnavailableError({ code: 'database_unavailable', message: 'no' });
        return ['a find'];
      },
    });
    await record({});
    await record({ id: executionId('exec_2') });
    await stores.machines.markRunnable('review', '1', runnable);

    expect(await sweep()).toEqual(['a find']);
    expect(errors).toHaveLength(1);
  });

  it('asks again for the machines of a version that an execution has waited for', async () => {
    const { sweep, record, clock, requested, rounds } = open();
    await record({ status: 'planning' }, history.slice(0, 1));
    await sweep();
    expect(requested).toEqual([]);

    clock.advanceBy(60_000);
    expect(await sweep()).toContain(`view ${id}`);
    await sweep();
    clock.advanceBy(300_000);
    await sweep();

    expect(requested).toEqual(Array(3).fill({ tenant: 'acme', workflow: 'review', version: '1' }));
    // The queue hears one request of a round: the one before may have been lost.
    const [first, repeated, next] = rounds;
    expect(repeated).toBe(first);
    expect(next).not.toBe(first);
  });

  it.each(['ended', 'missing'] as const)('concludes an execution whose machine has %s', async (status) => {
    const { sweep, record, clock, stores, statuses, concluded } = open();
    await record({}, history);
    await stores.machines.markRunnable('review', '1', runnable);
    statuses.set(id, status);
    clock.advanceBy(60_000);

    expect(await sweep()).toContain(`suspected machine_ended ${id}`);
    expect(concluded).toEqual([]);
    clock.advanceBy(300_000);

    expect(await sweep()).toContain(`machine_ended ${id}`);
    expect(concluded).toEqual([`${id} the machine has ended`]);
  });

  it.each<[string, (at: ReturnType<typeof open>) => Promise<unknown>]>([
    ['whose machine is seen again', async ({ statuses }) => statuses.set(id, 'running')],
    ['that somebody has written since', ({ record }) => record({ revision: 2 })],
    ['that was looked at only a moment ago', async () => undefined],
  ])('leaves one alone %s', async (_what, happens) => {
    const at = open();
    const { sweep, record, clock, stores, statuses, concluded } = at;
    await record({}, history);
    await stores.machines.markRunnable('review', '1', runnable);
    statuses.set(id, 'missing');
    clock.advanceBy(60_000);
    await sweep();
    await happens(at);
    clock.advanceBy(_what.endsWith('ago') ? 1_000 : 300_000);

    await sweep();

    expect(concluded).toEqual([]);
  });

  it('asks Step Functions no faster than it may', async () => {
    const { runtime, record, clock, stores, requests } = open();
    await record({}, history);
    await stores.machines.markRunnable('review', '1', runnable);
    clock.advanceBy(60_000);
    let asked = 0;

    await sweepTenant({ runtime, requests, pace: async () => void (asked += 1) }, 'acme');

    expect(asked).toBe(1);
  });

  it('does not conclude twice, nor an execution whose machine was not started yet', async () => {
    const { sweep, record, clock, stores, statuses, concluded } = open();
    await record({ concludeToken: 'the machine has ended' }, history);
    await record({ id: executionId('exec_2'), status: 'planning' });
    await stores.machines.markRunnable('review', '1', runnable);
    statuses.set(id, 'ended');
    statuses.set('exec_2', 'missing');
    clock.advanceBy(60_000);

    await sweep();

    expect(concluded).toEqual([]);
  });

  it('stores the view of an execution that has ended, and whose last events nobody has told of', async () => {
    const { sweep, record, clock, stores } = open();
    const running = openEventLog().add('', started).add('', begun);
    await stores.views.put({ ...(await viewOf(running.events)) });
    await record({ status: 'succeeded', endedAt: midnight }, whole);
    expect(await sweep()).toEqual([]);

    clock.advanceBy(60_000);

    expect(await sweep()).toEqual([`view ${id}`]);
    expect(await stores.views.find(id)).toMatchObject({ status: 'succeeded' });
    expect(await sweep()).toEqual([]);
  });

  it('tells machines whose executions have ended once more, and stops those that do not hear', async () => {
    const { sweep, record, stores, clock, running, repeated, stopped } = open();
    await record({ status: 'succeeded' }, whole);
    await record({ id: executionId('exec_2') });
    await stores.definitions.publish({
      name: 'review',
      version: '1',
      digest: 'd',
      publishedAt: 0,
      machine: {},
      agentTypes: {},
      plan: {} as never,
    });
    await stores.machines.markRunnable('review', '1', runnable);
    running.push(id, executionId('exec_2'), executionId('exec_of_nobody'));

    expect(await sweep()).toEqual([`suspected machine_left ${id}`]);
    expect([repeated, stopped]).toEqual([[JSON.stringify({ kind: 'execution', execution: id })], []]);
    clock.advanceBy(300_000);
    expect(await sweep()).toEqual(expect.arrayContaining([`machine_left ${id}`]));
    expect(stopped).toEqual([id]);
  });
});

async function viewOf(events: readonly SkeinEvent[]) {
  const { foldEvents } = await import('../../../core/projections/index.ts');
  return foldEvents(events);
}

describe('takeMachineEnding', () => {
  const body = (name: string) => JSON.stringify({ source: 'aws.states', detail: { name, status: 'ABORTED' } });

  it('concludes the execution whose machine has ended', async () => {
    const { runtime, record, concluded, counted } = open();
    await record({});

    await takeMachineEnding(runtime, body(id));

    expect(concluded).toEqual([`${id} the machine has ended`]);
    expect(counted).toEqual({ SweepFinds: 1 });
  });

  it('has nothing to do for one that has ended, for a part, or for a stranger', async () => {
    const { runtime, record, concluded, counted } = open();
    await record({ status: 'failed' });

    for (const name of [id, `${id}-0`, 'somebody']) await takeMachineEnding(runtime, body(name));

    expect(concluded).toEqual([]);
    expect(counted).toEqual({});
  });
});
