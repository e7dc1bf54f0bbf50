import { describe, expect, it } from 'vitest';
import type { PublishedEvent } from '../../../adapters/aws/index.ts';
import { UnavailableError } from '../../../core/errors/index.ts';
import type { SkeinEvent } from '../../../core/execution/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import { plan } from '../../../core/plan/index.ts';
import type { Change } from '../../../engine/index.ts';
import { createProjection, type ChangeGroup } from '../../../functions/project-view/project-changes.ts';
import { takeBatch } from '../../../functions/project-view/take-batch.ts';
import { streamRecord, streamRecordsOf } from '../../adapters/aws/stream-records.ts';
import { assigned, begun, completed, openEventLog, started } from '../../makers/event-log.ts';
import { validDefinition } from '../../makers/valid-definition.ts';
import { createFakeRuntime } from '../fake-runtime.ts';

const execution = executionId('exec_1');
const lint = taskPath('lint');

const definition = `
workflow:
  name: review
  version: "1"
  agents:
    linter: { type: linter, count: 2 }
  tasks:
    - { id: fetch, agent: linter, timeout: 60 }
    - { id: lint, agent: linter, depends_on: [fetch], timeout: 90 }
`;

const history = openEventLog().add('', started).add('', begun).add('lint', assigned()).add('lint', completed()).events;

async function open(refuse?: () => Error) {
  const repeated: Change[] = [];
  const fake = createFakeRuntime({ repeat: async (change) => void repeated.push(change) });
  const { ledger, definitions } = fake.stores;
  await ledger.commit(history.map((event) => ({ kind: 'event', event })));
  const version = { name: 'review', version: '1', digest: 'd', machine: {}, agentTypes: {}, publishedAt: 0 };
  await definitions.publish({ ...version, plan: plan(validDefinition(definition)) });
  const published: PublishedEvent[] = [];
  const requested: object[] = [];
  const project = createProjection({
    runtime: fake.runtime,
    source: 'skein.test',
    bus: {
      publish: async (events) => {
        if (refuse) throw refuse();
        published.push(...events);
      },
    },
    requests: { send: async (request) => void requested.push(request) },
  });
  return { ...fake, project, repeated, published, requested };
}

const news = ({ path, n }: SkeinEvent) => ({ tenant: 'acme', kind: 'event', execution, path, n }) as const;
const groupOf = (...changes: ChangeGroup['changes']): ChangeGroup => ({ tenant: 'acme', execution, changes });

describe('createProjection', () => {
  it('stores the fold of all events, whichever the change tells of', async () => {
    const { project, stores } = await open();

    await project(groupOf(news(history[1]!)));

    expect(await stores.views.find(execution)).toMatchObject({
      status: 'running',
      events: 4,
      tasks: [{ path: 'lint' }],
    });
  });

  it('publishes the events that the change tells of, under ids that stay the same', async () => {
    const { project, published } = await open();

    await project(groupOf(news(history[3]!)));
    await project(groupOf(news(history[3]!)));

    expect(published.map(({ id, type }) => `${type} ${id}`)).toEqual(Array(2).fill('task.completed exec_1/lint#2'));
    expect(published[0]).toMatchObject({
      source: 'skein.test',
      subject: 'exec_1/lint',
      extensions: { tenant: 'acme', correlationid: 'exec_1', lamport: history[3]!.lamport },
      data: { workflow_id: 'review', execution_id: 'exec_1', task_path: 'lint', attempts: 1 },
    });
  });

  it('tells with a start who will work, and for how long at the most', async () => {
    const { project, published } = await open();

    await project(groupOf(news(history[0]!)));

    expect(published).toMatchObject([
      {
        type: 'workflow.execution_started',
        subject: 'exec_1',
        data: {
          workflow_id: 'review',
          workflow_version: '1',
          execution_id: 'exec_1',
          orchestration_pattern: 'graph',
          estimated_duration: 150,
          allocated_agents: [{ agent: 'linter', agent_type: 'linter', instances: 2, tasks: ['fetch', 'lint'] }],
          timestamp: '2026-11-21T00:00:00.000Z',
        },
      },
    ]);
  });

  it('tells of an assignment also under the name for agents', async () => {
    const { project, published } = await open();

    await project(groupOf(news(history[2]!)));

    expect(published.map(({ type }) => type)).toEqual(['task.assigned', 'agent.task_assigned']);
    expect(new Set(published.map(({ id }) => id)).size).toBe(2);
    expect(published[1]?.data).toMatchObject({
      workflow_id: 'review',
      execution_id: 'exec_1',
      agent_id: 'linter',
      task_id: 'lint',
      dependencies: ['fetch'],
      estimated_duration: 90,
      timestamp: '2026-11-21T00:00:02.000Z',
    });
  });

  it('has the engine repeat what follows from changes of tasks and executions, each once', async () => {
    const { project, repeated, published } = await open();
    const task = { tenant: 'acme', kind: 'task', execution, path: lint } as const;

    await project(groupOf(task, { ...task }, { tenant: 'acme', kind: 'execution', execution }));

    expect(repeated).toMatchObject([
      { kind: 'task', execution, path: 'lint' },
      { kind: 'execution', execution },
    ]);
    expect(published).toEqual([]);
  });

  it('asks for the machines of a version that has none', async () => {
    const { project, stores, requested } = await open();
    const change = { tenant: 'acme', kind: 'version', name: 'review', version: '1' } as const;

    await project({ tenant: 'acme', changes: [change] });
    await stores.machines.markRunnable('review', '1', { machineArn: 'm', partArns: [] });
    await project({ tenant: 'acme', changes: [change] });

    expect(requested).toEqual([{ tenant: 'acme', workflow: 'review', version: '1' }]);
  });
});

describe('takeBatch', () => {
  it('reports the records of executions that failed, and only those', async () => {
    const records = streamRecordsOf(
      'acme',
      history.map((event) => ({ kind: 'event', event })),
    );
    const others = [
      streamRecord({ pk: 'T#acme#WF', sk: 'V#w#1', kind: 'version', record: '{"name":"w","version":"1"}' }),
      streamRecord({ pk: 'T#acme#QUEUE#k', sk: 'a', kind: 'parked', record: '{}' }),
    ];
    const projected: ChangeGroup[] = [];
    const { runtime, errors } = createFakeRuntime();

    const { batchItemFailures } = await takeBatch(
      [...others, ...records],
      async (group) => {
        if (group.execution) throw new UnavailableError({ code: 'event_bus_unavailable', message: 'no' });
        projected.push(group);
      },
      runtime.report,
    );

    expect(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual(
      records.map(({ dynamodb }) => dynamodb.SequenceNumber),
    );
    expect(projected.map(({ changes }) => changes)).toEqual([
      [{ tenant: 'acme', kind: 'version', name: 'w', version: '1' }],
    ]);
    expect(errors).toHaveLength(1);
  });
});
