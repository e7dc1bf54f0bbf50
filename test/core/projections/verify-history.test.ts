import { describe, expect, it } from 'vitest';
import type { SkeinEvent, TaskRecord } from '../../../core/execution/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import {
  foldEvents,
  verifyHistory,
  type AnomalyName,
  type History,
  type LedgerRecords,
} from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { aLimit, anExecution, aParkedEntry, aTask, aWatch } from '../../makers/ledger-records.ts';
import { changed, inserted, isAt, without } from '../../makers/planted-events.ts';
import { smallPlan } from '../../makers/small-plan.ts';

const plan = smallPlan({
  clone: {},
  lint: { after: ['clone'] },
  research: { after: ['clone'], fanOut: 2 },
  extra: { after: ['clone'], when: 'false' },
  flaky: { after: ['clone'], continueOnFailure: true },
  mend: { after: ['flaky'] },
  report: { after: ['lint', 'research', 'extra'] },
});

const blob = 'b'.repeat(64);

/** A retry, a fan-out, a skipped task, a failure that may happen alone and the task that it took down. */
function cleanEvents(): SkeinEvent[] {
  return say
    .openEventLog()
    .add('', say.started)
    .add('', say.begun)
    .add('clone', say.assigned(), [''])
    .add('lint', say.parkedFor('clone'), [''])
    .add('clone', say.accepted())
    .add('clone', { type: 'task.completed', data: { attempts: 1, output: { blob, bytes: 40_000 } } })
    .add('lint', say.assigned(), ['clone'])
    .add('lint', say.accepted())
    .add('lint', say.retried())
    .add('lint', say.parkedForRetry())
    .add('research[0]', say.assigned(), ['clone'])
    .add('research[1]', say.assigned(), ['clone'])
    .add('extra', say.skipped('skipped'), ['clone'])
    .add('flaky', say.assigned(), ['clone'])
    .add('flaky', say.accepted())
    .add('flaky', say.failed())
    .add('mend', say.skipped('upstream_failed', 'flaky failed'), ['flaky'])
    .add('research[1]', say.completed())
    .add('research[0]', say.completed())
    .add('research', say.completed(0), ['research[0]', 'research[1]'])
    .add('lint', say.assigned(2))
    .add('lint', say.completed(2))
    .add('report', say.assigned(), ['lint', 'research', 'extra'])
    .add('report', say.completed())
    .add('', say.ended(), ['report', 'mend']).events;
}

function cleanHistory(): History & { readonly records: LedgerRecords } {
  const events = cleanEvents();
  const view = foldEvents(events);
  const { status, output, endedAt } = view;
  const countOf = (path: string) => events.filter((event) => event.path === path).length;
  return {
    events,
    plan,
    view,
    blobs: new Set([blob]),
    records: {
      execution: anExecution({ status, output: output!, endedAt: endedAt!, events: countOf('') }),
      tasks: view.tasks.map(({ firstLamport: _l, agent: _a, startedAt: _s, calls: _c, ...task }) =>
        aTask({ ...task, events: countOf(task.path) }),
      ),
      limits: [aLimit()],
      parked: [],
      watches: [],
    },
  };
}

const namesOf = (history: History): AnomalyName[] => [
  ...new Set(verifyHistory(history).map((violation) => violation.name)),
];

describe('verifyHistory', () => {
  it('finds nothing in a clean history, in whatever order it was exported', () => {
    const history = cleanHistory();

    expect(verifyHistory(history)).toEqual([]);
    expect(verifyHistory({ ...history, events: history.events.toReversed() })).toEqual([]);
    expect(verifyHistory({ events: history.events })).toEqual([]);
  });

  it('finds nothing in any beginning of a clean history', () => {
    const { events } = cleanHistory();

    const found = events.map((_, i) => verifyHistory({ events: events.slice(0, i + 1), plan }));

    expect(found.flat()).toEqual([]);
  });

  it('says which promise is broken, where, and how', () => {
    const history = { ...cleanHistory(), events: changed('report', 1, { lamport: 3 })(cleanEvents()) };

    expect(verifyHistory({ events: history.events, plan })).toEqual([
      {
        promise: 6,
        name: 'started_early',
        path: 'report',
        message: 'It began at clock 3, when its join said wait.',
      },
    ]);
  });

  it.each<[string, AnomalyName, (events: readonly SkeinEvent[]) => readonly SkeinEvent[]]>([
    ['a history without its start', 'history_without_start', without('', 1)],
    ['a second start', 'started_twice', inserted('', 1, say.started)],
    ['a second terminal status', 'ended_twice', inserted('', 3, say.ended('failed'))],
    ['a change of status after the end', 'event_after_end', inserted('', 3, say.stopping('lint'))],
    ['an assignment that the end does not know of', 'event_after_end', changed('report', 2, { lamport: 99 })],
    ['a status that does not follow from the one before', 'status_jump', without('', 2)],
    ['an event that was lost', 'missing_event', (events) => events.filter((event) => !isAt(event, 'lint', 4))],
    ['an event that was delivered twice', 'duplicate_event', (events) => [...events, ...events.slice(5, 6)]],
    [
      'an event of another execution',
      'foreign_event',
      (events) => [...events, { ...events[6]!, execution: executionId('exec_2') }],
    ],
    [
      'clocks that were swapped',
      'clock_not_increasing',
      (events) => {
        const [a, b] = [events[6]!, events[7]!];
        return changed('lint', a.n, { lamport: b.lamport })(changed('lint', b.n, { lamport: a.lamport })(events));
      },
    ],
    ['a task that settles twice', 'settled_twice', inserted('report', 2, say.completed())],
    ['an attempt after the settlement', 'event_after_settlement', inserted('extra', 1, say.assigned())],
    ['a task that never settles', 'never_settled', without('mend', 1)],
    ['an item that never settles', 'never_settled', without('research[0]', 2)],
    ['an attempt number that was left out', 'attempt_out_of_order', changed('lint', 6, say.assigned(3))],
    ['two attempts at once', 'two_attempts_alive', inserted('report', 1, say.assigned(2))],
    ['an attempt that started without assignment', 'started_without_assignment', without('clone', 1)],
    ['a retry without an attempt', 'retried_without_attempt', inserted('lint', 4, say.retried())],
    ['a completion without an attempt', 'answered_without_attempt', without('report', 1)],
    ['a failure without a live attempt', 'answered_without_attempt', inserted('flaky', 2, say.retried())],
    ['a wrong count of attempts', 'attempts_miscounted', changed('lint', 7, say.completed(1))],
    ['a task that is parked while its agent works', 'parked_while_running', inserted('flaky', 2, say.parkedFor('x'))],
    ['a task that is skipped after an attempt', 'skipped_after_attempt', changed('flaky', 3, say.skipped('skipped'))],
    [
      'a running task that is cancelled, not unknown',
      'cancelled_while_running',
      changed('flaky', 3, say.cancelled('cancelled', 1)),
    ],
    ['an unknown task that never ran', 'unknown_without_attempt', changed('extra', 1, say.cancelled('unknown', 0))],
    ['a task that starts before its dependencies settle', 'started_early', changed('report', 1, { lamport: 3 })],
    [
      'a task that fails before its dependencies settle',
      'started_early',
      changed('extra', 1, { ...say.failed(0), lamport: 2 }),
    ],
    [
      'a task that is lost without a failure above it',
      'ended_without_cause',
      changed('extra', 1, say.skipped('upstream_failed')),
    ],
    ['a task without a condition that is skipped', 'ended_without_cause', changed('mend', 1, say.skipped('skipped'))],
    ['a fan-out that settles before its items', 'collected_early', changed('research', 1, { lamport: 4 })],
    [
      'an output that is not stored',
      'value_missing',
      changed('clone', 3, {
        type: 'task.completed',
        data: { attempts: 1, output: { blob: 'c'.repeat(64), bytes: 40_000 } },
      }),
    ],
  ])('finds %s', (_what, name, plant) => {
    const { blobs } = cleanHistory();

    expect(namesOf({ events: plant(cleanEvents()), plan, blobs: blobs! })).toContain(name);
  });

  it('finds a success in spite of a failure that may not happen alone', () => {
    const strict = { ...plan, tasks: plan.tasks.map((task) => ({ ...task, continueOnFailure: false })) };

    expect(namesOf({ events: cleanEvents(), plan: strict })).toEqual(['wrong_ending']);
  });

  it('finds a terminal status that the history does not know of', () => {
    const history = cleanHistory();

    expect(namesOf({ ...history, events: history.events.slice(0, -1) })).toContain('never_ended');
  });

  it.each<[string, AnomalyName, (records: LedgerRecords) => Partial<LedgerRecords>]>([
    [
      'a record with another status',
      'record_differs',
      ({ tasks }) => ({ tasks: withTask(tasks, 'lint', { status: 'failed' }) }),
    ],
    [
      'a record with another output',
      'record_differs',
      ({ tasks }) => ({ tasks: withTask(tasks, 'lint', { output: { inline: 1 } }) }),
    ],
    [
      'a record that counts other events',
      'record_differs',
      ({ tasks }) => ({ tasks: withTask(tasks, 'lint', { events: 9 }) }),
    ],
    [
      'an execution with another status',
      'record_differs',
      ({ execution }) => ({ execution: { ...execution, status: 'failed' } }),
    ],
    [
      'a settled task that no event names',
      'record_differs',
      ({ tasks }) => ({ tasks: [...tasks, aTask({ path: taskPath('ghost'), status: 'failed' })] }),
    ],
    ['a record that was lost', 'record_missing', ({ tasks }) => ({ tasks: tasks.slice(1) })],
    [
      'an attempt that is still alive',
      'attempt_leaked',
      ({ tasks }) => ({ tasks: withTask(tasks, 'lint', { attempt: liveAttempt }) }),
    ],
    ['a place that is still held', 'limit_leaked', () => ({ limits: [aLimit({ holders: [taskPath('lint')] })] })],
    ['a task that is still parked', 'parking_leaked', () => ({ parked: [aParkedEntry()] })],
    ['a watch that still waits', 'watch_leaked', () => ({ watches: [aWatch()] })],
  ])('finds %s', (_what, name, plant) => {
    const history = cleanHistory();

    expect(namesOf({ ...history, records: { ...history.records, ...plant(history.records) } })).toEqual([name]);
  });

  it.each<[string, (view: NonNullable<History['view']>) => NonNullable<History['view']>]>([
    ['another status', (view) => ({ ...view, status: 'failed' })],
    ['a task that differs', (view) => ({ ...view, tasks: view.tasks.map((task) => ({ ...task, attempts: 7 })) })],
    ['a task too few', (view) => ({ ...view, tasks: view.tasks.slice(1) })],
    [
      'a task too many',
      (view) => ({ ...view, tasks: [...view.tasks, { ...view.tasks[0]!, path: taskPath('ghost') }] }),
    ],
  ])('finds a stored view with %s', (_what, plant) => {
    const history = cleanHistory();

    expect(namesOf({ ...history, view: plant(history.view!) })).toEqual(['view_differs']);
  });

  it('gives a view and the records of a running execution time to catch up', () => {
    const { events } = cleanHistory();
    const early = foldEvents(events.slice(0, 3));

    const records = { execution: anExecution({ status: 'planning' }), tasks: [] };

    expect(verifyHistory({ events: events.slice(0, 8), plan, view: early, records })).toEqual([]);
  });

  it('accepts an attempt that another engine calls again, and an intent that was withdrawn', () => {
    const again = inserted('flaky', 2, say.assigned(1))(cleanEvents());
    const withdrawn = say
      .openEventLog()
      .add('', say.started)
      .add('', say.begun)
      .add('clone', say.assigned(), [''])
      .add('clone', say.cancelled('cancelled', 0)).events;

    expect(verifyHistory({ events: again, plan })).toEqual([]);
    expect(verifyHistory({ events: withdrawn })).toEqual([]);
  });
});

const liveAttempt = { number: 1, state: 'running', engine: 'e', startedAt: 0, deadline: 0, heartbeatAt: 0 } as const;

function withTask(tasks: readonly TaskRecord[], path: string, change: Partial<TaskRecord>): TaskRecord[] {
  return tasks.map((task) => (task.path === path ? { ...task, ...change } : task));
}
