import { describe, expect, it } from 'vitest';
import type { EventBody, TaskRecord } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { foldEvents, verifyHistory, type ExecutionView, type LedgerRecords } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { aLimit, anExecution, aParkedEntry, aTask, aWatch } from '../../makers/ledger-records.ts';

const path = taskPath('a');
const eventsOf = (...bodies: readonly EventBody[]) =>
  bodies.reduce((log, body) => log.add('a', body, ['']), say.openEventLog().add('', say.started).add('', say.begun))
    .events;

const running = anExecution({ events: 2 });

/** What a record of task `a` tells otherwise than its events. */
function found(bodies: readonly EventBody[], record: Partial<TaskRecord>): string[] {
  const events = eventsOf(...bodies);
  const tasks = [aTask({ path, events: bodies.length, ...record })];
  return verifyHistory({ events, records: { execution: running, tasks } }).map(({ message }) => message);
}

const { assigned, completed, failed, skipped, parkedFor, opened } = say;
const differs = (key: string): string => `The stored record and the events differ in ${key}.`;
const error = { name: 'ToolBroken', message: 'no such file' };
const cause = { kind: 'dependency', tasks: [taskPath('b')] } as const;

describe('verifyHistory of the record of a task', () => {
  it.each<[string, EventBody[], Partial<TaskRecord>]>([
    ['succeeded', [assigned(), completed()], { status: 'succeeded', attempts: 1, output: { inline: 'done' } }],
    ['failed', [assigned(), failed()], { status: 'failed', attempts: 1, error }],
    ['skipped', [skipped('skipped', 'no')], { status: 'skipped', why: 'no' }],
    ['upstream_failed', [skipped('upstream_failed', 'b failed')], { status: 'upstream_failed', why: 'b failed' }],
    ['parked', [parkedFor('b')], { status: 'parked', cause }],
    ['running', [assigned()], { status: 'running', attempts: 1 }],
  ])('of one that is %s compares what that status means, and no more', (status, bodies, record) => {
    const meaning = { succeeded: 'output', failed: 'error', skipped: 'why', upstream_failed: 'why', parked: 'cause' };
    const others = {
      output: { inline: 'other' },
      error: { name: 'Other', message: '' },
      why: 'other',
      cause: { kind: 'dependency', tasks: [] },
    } as const;

    expect(found(bodies, record)).toEqual([]);
    for (const [key, value] of Object.entries(others)) {
      const isMeant = meaning[status as keyof typeof meaning] === key;
      expect(found(bodies, { ...record, [key]: value })).toEqual(isMeant ? [differs(key)] : []);
    }
  });

  it.each<[string, Partial<TaskRecord>]>([
    ['status', { status: 'pending' }],
    ['attempts', { attempts: 2 }],
    ['round', { round: 1 }],
    ['child', { child: running.id }],
  ])('compares its %s', (key, change) => {
    expect(found([assigned()], { status: 'running', attempts: 1, ...change })).toEqual([differs(key)]);
  });

  it('has an untouched task be pending, and without attempts', () => {
    expect(found([], {})).toEqual([]);
    expect(found([], { attempts: 1 })).toEqual([differs('attempts')]);
  });

  it('leaves times out, and while the execution runs a record that counts other events', () => {
    expect(found([assigned()], { status: 'running', attempts: 1, settledAt: 5 })).toEqual([]);
    expect(found([assigned()], { status: 'failed', events: 2 })).toEqual([]);
  });

  it('compares the calls of a for_each as they opened, and those that settled only at the end', () => {
    const counts = { items: { inline: [] }, count: 5, calls: 3, started: 2, settled: 1, failed: 0 };
    const open = { status: 'running', calls: counts } as const;
    const bodies = [opened({ items: 5, calls: 3 })];

    expect(found(bodies, open)).toEqual([]);
    expect(found(bodies, { ...open, calls: { ...counts, count: 4 } })).toEqual([differs('calls')]);
    expect(found(bodies, { ...open, calls: { ...counts, calls: 4 } })).toEqual([differs('calls')]);
    expect(found(bodies, { status: 'running' })).toEqual([differs('calls')]);
  });
});

describe('verifyHistory of a stored view', () => {
  const events = eventsOf(assigned());
  const view = foldEvents(events);
  const ofView = (stored: ExecutionView): string[] =>
    verifyHistory({ events, view: stored }).map(({ path: at, message }) => `${at}: ${message}`);

  it('that lags behind a running execution has time to catch up', () => {
    expect(ofView({ ...view, events: 2, status: 'planning', tasks: [] })).toEqual([]);
  });

  it('that has seen all the events, or more, does not', () => {
    expect(ofView({ ...view, status: 'planning' })).toEqual([': The stored view and the events differ in status.']);
    expect(ofView({ ...view, events: 9 })).toEqual([': The stored view and the events differ in events.']);
  });

  it('names each key of a task that differs', () => {
    const tasks = view.tasks.map((task) => ({ ...task, agent: 'other', attempts: 2 }));

    expect(ofView({ ...view, tasks })).toEqual([
      'a: The stored view and the events differ in attempts.',
      'a: The stored view and the events differ in agent.',
    ]);
  });
});

describe('verifyHistory of what outlives an execution', () => {
  const bodies = [assigned(), completed()];
  const leaks = (records: Partial<LedgerRecords>, isEnded = true): string[] => {
    const events = isEnded ? [...eventsOf(...bodies), ...endOf(eventsOf(...bodies))] : eventsOf(...bodies);
    const execution = isEnded
      ? anExecution({ status: 'succeeded', output: { inline: { b: 'done' } }, events: 3 })
      : running;
    const task = aTask({ path, status: 'succeeded', attempts: 1, output: { inline: 'done' }, events: 2 });
    return verifyHistory({ events, records: { execution, tasks: [task], ...records } }).map(
      ({ path: at, message }) => `${at}: ${message}`,
    );
  };
  const endOf = (events: ReturnType<typeof eventsOf>) => [
    { ...events[0]!, n: 3, lamport: 9, time: events[0]!.time + 9_000, ...say.ended() },
  ];
  const held = {
    limits: [aLimit({ holders: [path, taskPath('b')] }), aLimit({ limit: 'g.max_parallel', holders: [path] })],
    parked: [aParkedEntry()],
    watches: [aWatch()],
  };

  it('finds nothing where nothing is held', () => {
    expect(leaks({})).toEqual([]);
    expect(leaks({ limits: [aLimit()], parked: [], watches: [] })).toEqual([]);
  });

  it('finds every place, parking and watch, and does so only at the end', () => {
    expect(leaks(held)).toEqual([
      'a: It still holds a place of max_parallel.',
      'b: It still holds a place of max_parallel.',
      'a: It still holds a place of g.max_parallel.',
      'lint: It is still parked under limit#exec_1#max_parallel.',
      'report: It still watches lint.',
    ]);
    expect(leaks(held, false)).toEqual([]);
  });

  it('finds a task without a record, and a record that counts other events, at the end', () => {
    const other = aTask({ path, status: 'succeeded', attempts: 1, output: { inline: 'done' }, events: 5 });

    expect(leaks({ tasks: [] })).toEqual(['a: It has events and no record.']);
    expect(leaks({ tasks: [other] })).toEqual(['a: It counts 5 events of 2.']);
    expect(leaks({ tasks: [] }, false)).toEqual([]);
  });
});
