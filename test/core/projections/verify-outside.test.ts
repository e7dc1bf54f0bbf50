import { describe, expect, it } from 'vitest';
import type { SkeinEvent } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { verifyHistory, type AnomalyName, type LedgerRecords } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { anExecution, anId } from '../../makers/ledger-records.ts';
import { changed } from '../../makers/planted-events.ts';
import { aBusEvent, aChild, child, cleanEvents, cleanHistory, plan } from './region-history.ts';
import { namesOf, saidOf, withTask } from './verdicts.ts';

const at = (path: string, n: number): SkeinEvent =>
  cleanEvents().find((event) => event.path === path && event.n === n)!;

describe('verifyHistory of what an execution has to do with others', () => {
  it.each<[string, AnomalyName, string, (records: LedgerRecords) => Partial<LedgerRecords>]>([
    [
      'an event that was never published',
      'emitted_unpublished',
      'tell: It succeeded, and its event was not published.',
      () => ({ published: [] }),
    ],
    [
      'an event that nobody emitted',
      'published_unemitted',
      'tell_again: Event exec_1/tell_again was published, and the task did not succeed.',
      () => ({
        published: [aBusEvent, { ...aBusEvent, id: 'exec_1/tell_again' }],
      }),
    ],
    [
      'a child that had not ended',
      'child_outlived',
      `deep: It settled before its child ${child} had ended.`,
      () => ({ children: [anExecution({ ...aChild, status: 'running' })] }),
    ],
    [
      'a child that ended later',
      'child_outlived',
      `deep: It settled before its child ${child} had ended.`,
      () => ({ children: [anExecution({ ...aChild, lamport: 99 })] }),
    ],
    [
      'a child that failed',
      'child_differs',
      `deep: It was succeeded, and its child ${child} was failed.`,
      () => ({ children: [anExecution({ ...aChild, status: 'failed' })] }),
    ],
    [
      'a child of another parent',
      'child_differs',
      `deep: Its child ${child} does not name it as its parent.`,
      () => ({
        children: [anExecution({ ...aChild, parent: { execution: anId, path: taskPath('shallow') } })],
      }),
    ],
    [
      'an event that does not match',
      'wrong_event',
      'build: Its event does not match.',
      ({ tasks: records }) => ({
        tasks: withTask(records, 'build', { input: { inline: { commit: ['def'] } } }),
      }),
    ],
    [
      'a record of another round',
      'record_differs',
      'refine: The stored record and the events differ in round.',
      ({ tasks: records }) => ({ tasks: withTask(records, 'refine', { round: 0 }) }),
    ],
    [
      'a record of another child',
      'record_differs',
      'deep: The stored record and the events differ in child.',
      ({ tasks: records }) => ({ tasks: withTask(records, 'deep', { child: anId }) }),
    ],
    [
      'a record that counts other calls',
      'record_differs',
      'sweep: The stored record and the events differ in calls.',
      ({ tasks: records }) => ({
        tasks: records.map((task) => (task.calls ? { ...task, calls: { ...task.calls, settled: 2 } } : task)),
      }),
    ],
  ])('finds %s', (_what, name, said, plant) => {
    const clean = cleanHistory();
    const history = { ...clean, records: { ...clean.records, ...plant(clean.records) } };

    expect(namesOf(history)).toEqual([name]);
    expect(saidOf(history, name)).toContain(said);
  });

  it.each([
    ['failed', say.failed(0, 'ChildFailed'), 'failed'],
    ['timed out', say.failed(0, 'ChildFailed'), 'timed_out'],
    ['gave an output that breaks the schema of the task', say.failed(0, 'InvalidOutput'), 'succeeded'],
    ['was cancelled', say.cancelled('cancelled', 0), 'cancelled'],
  ] as const)('accepts a task whose child %s', (_what, settled, status) => {
    const { records } = cleanHistory();
    const events = [
      ...changed('deep', 2, settled)(cleanEvents()).slice(0, -1),
      { ...at('', 3), ...say.ended('failed') },
    ];

    const children = [anExecution({ ...aChild, status })];
    const found = verifyHistory({ events, plan, records: { ...records, tasks: [], children } });

    expect(found.filter(({ name }) => name.startsWith('child'))).toEqual([]);
  });
});
