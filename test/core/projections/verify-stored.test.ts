import { describe, expect, it } from 'vitest';
import { taskPath } from '../../../core/ids/index.ts';
import {
  foldEvents,
  verifyHistory,
  type AnomalyName,
  type History,
  type LedgerRecords,
} from '../../../core/projections/index.ts';
import { aLimit, anExecution, aParkedEntry, aTask, aWatch } from '../../makers/ledger-records.ts';
import { cleanHistory, plan } from './task-history.ts';
import { namesOf, saidOf, withTask } from './verdicts.ts';

const liveAttempt = { number: 1, state: 'running', engine: 'e', startedAt: 0, deadline: 0, heartbeatAt: 0 } as const;

describe('verifyHistory of what is stored', () => {
  it('finds a terminal status that the history does not know of', () => {
    const history = cleanHistory();

    expect(saidOf({ ...history, events: history.events.slice(0, -1) }, 'never_ended')).toEqual([
      'the execution: The execution has a terminal status, and no workflow.execution_completed.',
    ]);
  });

  it.each<[string, AnomalyName, string, (records: LedgerRecords) => Partial<LedgerRecords>]>([
    [
      'a record with another status',
      'record_differs',
      'lint: The stored record and the events differ in status.',
      ({ tasks }) => ({ tasks: withTask(tasks, 'lint', { status: 'failed' }) }),
    ],
    [
      'a record with another output',
      'record_differs',
      'lint: The stored record and the events differ in output.',
      ({ tasks }) => ({ tasks: withTask(tasks, 'lint', { output: { inline: 1 } }) }),
    ],
    [
      'a record that counts other events',
      'record_differs',
      'lint: It counts 9 events of 7.',
      ({ tasks }) => ({ tasks: withTask(tasks, 'lint', { events: 9 }) }),
    ],
    [
      'an execution with another status',
      'record_differs',
      'the execution: The stored record and the events differ in status.',
      ({ execution }) => ({ execution: { ...execution, status: 'failed' } }),
    ],
    [
      'a settled task that no event names',
      'record_differs',
      'ghost: The stored record and the events differ in status.',
      ({ tasks }) => ({ tasks: [...tasks, aTask({ path: taskPath('ghost'), status: 'failed' })] }),
    ],
    [
      'a record that was lost',
      'record_missing',
      'clone: It has events and no record.',
      ({ tasks }) => ({ tasks: tasks.slice(1) }),
    ],
    [
      'an attempt that is still alive',
      'attempt_leaked',
      'lint: Attempt 1 is still alive.',
      ({ tasks }) => ({ tasks: withTask(tasks, 'lint', { attempt: liveAttempt }) }),
    ],
    [
      'a place that is still held',
      'limit_leaked',
      'lint: It still holds a place of max_parallel.',
      () => ({ limits: [aLimit({ holders: [taskPath('lint')] })] }),
    ],
    [
      'a task that is still parked',
      'parking_leaked',
      'lint: It is still parked under limit#exec_1#max_parallel.',
      () => ({ parked: [aParkedEntry()] }),
    ],
    ['a watch that still waits', 'watch_leaked', 'report: It still watches lint.', () => ({ watches: [aWatch()] })],
  ])('finds %s', (_what, name, said, plant) => {
    const clean = cleanHistory();
    const history = { ...clean, records: { ...clean.records, ...plant(clean.records) } };

    expect(namesOf(history)).toEqual([name]);
    expect(saidOf(history, name)).toContain(said);
  });

  it.each<[string, string, (view: NonNullable<History['view']>) => NonNullable<History['view']>]>([
    [
      'another status',
      'the execution: The stored view and the events differ in status.',
      (view) => ({ ...view, status: 'failed' }),
    ],
    [
      'a task that differs',
      'lint: The stored view and the events differ in attempts.',
      (view) => ({ ...view, tasks: view.tasks.map((task) => ({ ...task, attempts: 7 })) }),
    ],
    [
      'a task too few',
      'clone: The stored view and the events differ in status.',
      (view) => ({ ...view, tasks: view.tasks.slice(1) }),
    ],
    [
      'a task too many',
      'ghost: The stored view has this task, and no event names it.',
      (view) => ({ ...view, tasks: [...view.tasks, { ...view.tasks[0]!, path: taskPath('ghost') }] }),
    ],
  ])('finds a stored view with %s', (_what, said, plant) => {
    const clean = cleanHistory();
    const history = { ...clean, view: plant(clean.view!) };

    expect(namesOf(history)).toEqual(['view_differs']);
    expect(saidOf(history, 'view_differs')).toContain(said);
  });

  it('gives a view and the records of a running execution time to catch up', () => {
    const { events } = cleanHistory();
    const early = foldEvents(events.slice(0, 3));

    const records = { execution: anExecution({ status: 'planning' }), tasks: [] };

    expect(verifyHistory({ events: events.slice(0, 8), plan, view: early, records })).toEqual([]);
  });
});
