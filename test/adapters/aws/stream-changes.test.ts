import { describe, expect, it } from 'vitest';
import { readStreamRecord } from '../../../adapters/aws/index.ts';
import { untouchedTask } from '../../../core/execution/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import { openEventLog, started } from '../../makers/event-log.ts';
import { streamRecord, streamRecordsOf } from './stream-records.ts';

const execution = executionId('exec_1');
const path = taskPath('refine[1]/scan[2]');
const tenant = 'acme#1 50%';
const [event] = openEventLog().add('', started).events;

describe('readStreamRecord', () => {
  it('says of every write of the ledger whose it is and where the truth stands', () => {
    const record = { ...untouchedTask(execution, path), revision: 1 };
    const bus = { id: 'e', type: 'build.done', source: 's', time: 1, data: { inline: {} } };
    const records = streamRecordsOf(tenant, [
      { kind: 'task', record },
      { kind: 'event', event: event! },
      { kind: 'bus_event', event: bus },
      { kind: 'control', record: { key: 'breaker/flaky', value: {}, revision: 1 } },
    ]);

    expect(records.map(readStreamRecord)).toEqual([
      { tenant, kind: 'task', execution, path },
      { tenant, kind: 'event', execution, path: '', n: 1 },
      undefined,
      { tenant, kind: 'bus_event', type: 'build.done' },
      { tenant, kind: 'control', key: 'breaker/flaky' },
    ]);
  });

  it('says of an execution its id, and of the list of open ones nothing', () => {
    const record = {
      id: execution,
      tenant,
      workflow: 'w',
      version: '1',
      status: 'running',
      input: { inline: {} },
      startedAt: 0,
      deadline: 1,
      lamport: 1,
      events: 1,
      revision: 1,
    } as const;

    expect(streamRecordsOf(tenant, [{ kind: 'execution', record }]).map(readStreamRecord)).toEqual([
      { tenant, kind: 'execution', execution },
      undefined,
    ]);
  });

  it('has no news in what is removed, in watches, and in places of queues', () => {
    const entry = { key: 'k', execution, path, arrival: 1 };
    const watch = { execution, producer: path, consumer: path };
    const records = streamRecordsOf(tenant, [
      { kind: 'park', entry },
      { kind: 'unpark', entry: { ...entry, arrival: 2 } },
      { kind: 'watch', watch },
    ]);

    expect(records.map(readStreamRecord)).toEqual([undefined, undefined, undefined]);
  });

  it('says which version was published', () => {
    const record = JSON.stringify({ name: 'w', version: '1', digest: 'd', publishedAt: 1, body: 'b' });

    expect(readStreamRecord(streamRecord({ pk: 'T#t#WF', sk: 'V#w#1', kind: 'version', record }))).toEqual({
      tenant: 't',
      kind: 'version',
      name: 'w',
      version: '1',
    });
  });

  it('throws for a known kind of item that cannot be read', () => {
    expect(() =>
      readStreamRecord(streamRecord({ pk: 'T#t#EX#e', sk: 'TASK#a', kind: 'task', record: '{}' })),
    ).toThrow();
  });
});
