import { describe, expect, it } from 'vitest';
import { childExecutionId, type BusEvent, type SkeinEvent, type TaskRecord } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { Json } from '../../../core/json/index.ts';
import type { Plan } from '../../../core/plan/index.ts';
import {
  foldEvents,
  verifyHistory,
  type AnomalyName,
  type History,
  type LedgerRecords,
} from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { anExecution, anId, aTask } from '../../makers/ledger-records.ts';
import { changed, inserted, renumbered, without, type Plant } from '../../makers/planted-events.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';

const { midnight } = say;
const tasks: SmallTasks = {
  clone: {},
  quality: {
    after: ['clone'],
    group: { maxParallel: 1, tasks: { lint: {}, scan: { fanOut: 2 }, rank: { after: ['lint'] } } },
  },
  refine: {
    loop: { maxIterations: 2, until: 'done', tasks: { revise: {}, assess: { after: ['revise'] } } },
  },
  sweep: { forEach: { maxItems: 8, maxConcurrency: 2, batch: 2, tolerate: { items: 2 } } },
  cool: { wait: { kind: 'seconds', seconds: 5 } },
  build: { wait: { kind: 'event', event: 'build.finished', timeout: 600 } },
  tell: { emit: 'review.finished' },
  deep: { workflow: 'deep-scan' },
  unneeded: { when: 'false', group: { tasks: { inner: {} } } },
};
const plan = smallPlan(tasks, { maxParallel: 3 });

const child = childExecutionId(anId, taskPath('deep'));

const busEvent = (change: object = {}): Json => ({
  id: 'evt_1',
  type: 'build.finished',
  source: 'ci',
  time: new Date(midnight + 3000).toISOString(),
  data: { commit: 'abc' },
  ...change,
});
const output = (value: Json) => ({ type: 'task.completed', data: { attempts: 0, output: { inline: value } } }) as const;
const told = { id: 'exec_1/tell', type: 'review.finished', source: 'exec_1', data: {} };

/** Every kind of container and of task without an agent; a second passes with each event. */
function cleanEvents(): SkeinEvent[] {
  const log = say.openEventLog();
  const run = (path: string, after: string) =>
    log.add(path, say.assigned(), [after]).add(path, say.accepted()).add(path, say.completed());
  log
    .add('', say.started)
    .add('', say.begun)
    .add('cool', say.parkedUntil(midnight + 7000), [''])
    .add('build', say.parkedForEvent('build.finished', midnight + 602_000), [''])
    .add('quality', say.parkedFor('clone'), ['']);
  run('clone', '');
  log.add('cool', output(null)).add('build', output(busEvent())).add('tell', output(told), ['']);
  log.add('quality', say.opened(), ['clone']);
  run('quality/lint', 'quality');
  run('quality/scan[0]', 'quality');
  run('quality/scan[1]', 'quality');
  log.add('quality/scan', say.completed(0), ['quality/scan[0]', 'quality/scan[1]']);
  run('quality/rank', 'quality/lint');
  log.add('quality', say.completed(0), ['quality/scan', 'quality/rank']);
  log.add('refine', say.opened({ round: 0 }), ['']);
  run('refine[0]/revise', 'refine');
  run('refine[0]/assess', 'refine[0]/revise');
  log.add('refine', say.opened({ round: 1 }), ['refine[0]/assess']);
  run('refine[1]/revise', 'refine');
  run('refine[1]/assess', 'refine[1]/revise');
  log.add('refine', say.completed(0), ['refine[1]/assess']);
  log
    .add('deep', say.childStarted(child), [''])
    .add('sweep', say.opened({ items: 5, calls: 3 }), [''])
    .add('sweep[0]', say.assigned(), ['sweep'])
    .add('sweep[0]', say.accepted())
    .add('sweep[1]', say.assigned(), ['sweep'])
    .add('sweep[1]', say.accepted())
    .add('sweep[1]', say.failed())
    .add('sweep[0]', say.completed());
  run('sweep[2]', 'sweep');
  return log
    .add('sweep', say.completed(0), ['sweep[0]', 'sweep[1]', 'sweep[2]'])
    .add('deep', output('deep'), ['sweep'])
    .add('unneeded', say.skipped('skipped'), [''])
    .add('', say.ended(), ['quality', 'refine', 'sweep', 'deep', 'cool', 'build', 'tell', 'unneeded']).events;
}

const aChild = {
  id: child,
  parent: { execution: anId, path: taskPath('deep') },
  status: 'succeeded',
  lamport: 2,
} as const;
const aBusEvent: BusEvent = { ...told, time: midnight, data: { inline: {} } };

function cleanRecords(events: readonly SkeinEvent[]): LedgerRecords {
  const { status, output: result, endedAt, tasks: views } = foldEvents(events);
  const countOf = (path: string) => events.filter((event) => event.path === path).length;
  const counts = { items: { inline: [] }, count: 5, calls: 3, started: 3, settled: 3, failed: 2 };
  return {
    execution: anExecution({ status, output: result!, endedAt: endedAt!, events: countOf('') }),
    tasks: views.map(({ firstLamport: _lamport, agent: _agent, startedAt: _startedAt, calls, ...task }) =>
      aTask({ ...task, events: countOf(task.path), ...(calls && { calls: counts }) }),
    ),
    children: [anExecution(aChild)],
    published: [aBusEvent],
  };
}

function cleanHistory(): History & { readonly records: LedgerRecords } {
  const events = cleanEvents();
  return { events, plan, view: foldEvents(events), records: cleanRecords(events) };
}

const namesOf = (history: History): AnomalyName[] => [
  ...new Set(verifyHistory(history).map((violation) => violation.name)),
];

const at = (path: string, n: number): SkeinEvent =>
  cleanEvents().find((event) => event.path === path && event.n === n)!;

/** The clock of one event becomes that of another one. */
const asEarlyAs = (path: string, n: number, of: SkeinEvent): Plant => changed(path, n, { lamport: of.lamport });

const withPlan = (change: SmallTasks): Plan => smallPlan({ ...tasks, ...change }, { maxParallel: 3 });

describe('verifyHistory of containers, waits and children', () => {
  it('finds nothing in a clean history, with or without its records and plan', () => {
    const history = cleanHistory();

    expect(verifyHistory(history)).toEqual([]);
    expect(verifyHistory({ events: history.events.toReversed(), plan })).toEqual([]);
    expect(verifyHistory({ events: history.events })).toEqual([]);
  });

  it('finds nothing in any beginning of a clean history', () => {
    const { events } = cleanHistory();

    const found = events.map((_, i) => verifyHistory({ events: events.slice(0, i + 1), plan }));

    expect(found.flat()).toEqual([]);
  });

  it.each<[string, AnomalyName, Plant]>([
    [
      'a member that runs before its group opens',
      'acted_before_opening',
      asEarlyAs('quality/lint', 1, at('quality', 1)),
    ],
    [
      'a member of a group that never opened',
      'acted_before_opening',
      (events) => [
        ...events,
        { ...at('quality/lint', 1), path: taskPath('unneeded/inner'), lamport: 3 },
        { ...at('quality/lint', 3), path: taskPath('unneeded/inner'), n: 2, lamport: 4 },
      ],
    ],
    [
      'a member that fails before its group opens',
      'acted_before_opening',
      (events) =>
        changed('quality/lint', 1, { ...say.failed(0), lamport: 1 })(
          events.filter((event) => event.path !== 'quality/lint' || event.n === 1),
        ),
    ],
    ['a call that starts before its for_each opens', 'acted_before_opening', asEarlyAs('sweep[2]', 1, at('', 2))],
    ['a group that opens twice', 'opened_twice', inserted('quality', 2, say.opened())],
    ['a group that succeeds without opening', 'settled_unopened', changed('unneeded', 1, say.completed(0))],
    [
      'a for_each that becomes unknown without opening',
      'settled_unopened',
      (events) =>
        changed(
          'sweep',
          1,
          say.cancelled('unknown', 0),
        )(events.filter((event) => event.path !== 'sweep' || event.n === 1)),
    ],
    ['a group that settles before a member', 'collected_early', asEarlyAs('quality', 3, at('quality/rank', 1))],
    [
      'a loop that settles before its last iteration',
      'collected_early',
      asEarlyAs('refine', 3, at('refine[1]/assess', 1)),
    ],
    ['a for_each that settles before a call', 'collected_early', asEarlyAs('sweep', 2, at('sweep[2]', 1))],
    ['a group that failed although nothing in it did', 'collected_wrongly', changed('quality', 3, say.failed(0))],
    [
      'a group that succeeded although a task in it failed',
      'collected_wrongly',
      changed('quality/rank', 3, say.failed()),
    ],
    [
      'a fan-out that succeeded although an item failed',
      'collected_wrongly',
      changed('quality/scan[1]', 3, say.failed()),
    ],
    [
      'a loop that succeeded although its last iteration failed',
      'collected_wrongly',
      changed('refine[1]/assess', 3, say.failed()),
    ],
    [
      'a loop that is exhausted and may go on',
      'collected_wrongly',
      changed('refine', 3, say.failed(0, 'LoopExhausted')),
    ],
    ['a loop that is skipped although it ran', 'collected_wrongly', changed('refine', 3, say.skipped('skipped'))],
    ['a for_each that tolerated too much', 'collected_wrongly', changed('sweep[2]', 3, say.failed())],
    ['a for_each that failed although it tolerates that', 'collected_wrongly', changed('sweep', 2, say.failed(0))],
    [
      'an iteration that opens before the one before has settled',
      'round_early',
      asEarlyAs('refine', 2, at('refine[0]/assess', 1)),
    ],
    ['an iteration that opens after a failure', 'round_early', changed('refine[0]/assess', 3, say.failed())],
    ['an iteration that was left out', 'round_out_of_order', changed('refine', 2, say.opened({ round: 2 }))],
    ['an iteration too many', 'too_many_rounds', inserted('refine', 2, say.opened({ round: 2 }))],
    [
      'a number of calls that the items do not make',
      'calls_miscounted',
      changed('sweep', 1, say.opened({ items: 5, calls: 2 })),
    ],
    ['more items than were bounded', 'too_many_calls', changed('sweep', 1, say.opened({ items: 9, calls: 5 }))],
    [
      'a call too many',
      'too_many_calls',
      (events) => events.map((event) => (event.path === 'sweep[2]' ? { ...event, path: taskPath('sweep[3]') } : event)),
    ],
    ['a call that was left out', 'never_settled', (events) => events.filter((event) => event.path !== 'sweep[0]')],
    [
      'a call that starts while enough are open',
      'calls_at_once',
      changed('sweep[2]', 1, { time: at('sweep[1]', 1).time }),
    ],
    [
      'an attempt beyond the limit of its group',
      'limit_exceeded',
      changed('quality/lint', 3, { time: midnight + 22_000 }),
    ],
    ['a wait that ends too soon', 'waited_too_short', changed('cool', 2, { time: midnight + 6000 })],
    ['a wait that does not wait', 'waited_too_short', without('cool', 1)],
    ['a wait that gives up too soon', 'waited_too_short', changed('build', 2, say.failed(0, 'WaitTimeout'))],
    [
      'a wait that ends with another event',
      'wrong_event',
      changed('build', 2, output(busEvent({ type: 'build.started' }))),
    ],
    [
      'a wait that ends with an event from before',
      'wrong_event',
      changed('build', 2, output(busEvent({ time: '2026-11-20T00:00:00.000Z' }))),
    ],
    [
      'a wait that ends with an event from afterwards',
      'wrong_event',
      changed('build', 2, output(busEvent({ time: '2026-11-22T00:00:00.000Z' }))),
    ],
    [
      'an emit that published in another name',
      'wrong_event',
      changed('tell', 1, output({ ...told, source: 'exec_2' })),
    ],
    ['a second child', 'child_started_twice', inserted('deep', 1, say.childStarted('exec_9'))],
    ["a child that is not the task's own", 'child_differs', changed('deep', 1, say.childStarted('exec_9'))],
    ['a child task that succeeds without a child', 'answered_without_attempt', without('deep', 1)],
    ['a container with an attempt', 'wrong_kind', inserted('quality', 2, say.assigned())],
    ['a wait with a child', 'wrong_kind', inserted('cool', 1, say.childStarted())],
    ['a wait that opens', 'wrong_kind', inserted('cool', 1, say.opened())],
    ['an open container that is parked', 'parked_while_running', inserted('quality', 2, say.parkedFor('clone'))],
    ['attempts of a wait', 'attempts_miscounted', changed('cool', 2, say.completed(1))],
    ['a wait that is unknown', 'unknown_without_attempt', changed('cool', 2, say.cancelled('unknown', 0))],
    [
      'a member that runs before its dependency in the group',
      'started_early',
      asEarlyAs('quality/rank', 1, at('quality/lint', 2)),
    ],
    [
      'an event of no task of the plan',
      'foreign_event',
      (events) => [...events, { ...at('clone', 1), path: taskPath('ghost/lint') }],
    ],
  ])('finds %s', (_what, name, plant) => {
    expect(namesOf({ events: plant(cleanEvents()), plan })).toContain(name);
  });

  it.each<[string, AnomalyName, SmallTasks]>([
    [
      'a loop without a condition that ended before its last iteration',
      'collected_wrongly',
      {
        refine: { loop: { maxIterations: 3, tasks: { revise: {}, assess: { after: ['revise'] } } } },
      },
    ],
    [
      'more iterations than the plan has',
      'too_many_rounds',
      {
        refine: { loop: { maxIterations: 1, until: 'done', tasks: { revise: {}, assess: { after: ['revise'] } } } },
      },
    ],
    [
      'a failure that no tolerance covers',
      'collected_wrongly',
      {
        sweep: { forEach: { maxItems: 8, maxConcurrency: 2, batch: 2, tolerate: { items: 1 } } },
      },
    ],
    [
      'more calls at once than planned',
      'calls_at_once',
      {
        sweep: { forEach: { maxItems: 8, maxConcurrency: 1, batch: 2, tolerate: { items: 2 } } },
      },
    ],
  ])('finds %s', (_what, name, change) => {
    expect(namesOf({ events: cleanEvents(), plan: withPlan(change) })).toEqual([name]);
  });

  it('finds more attempts at once than the workflow allows', () => {
    const strict = smallPlan(tasks, { maxParallel: 1 });

    expect(namesOf({ events: cleanEvents(), plan: strict })).toEqual(['limit_exceeded']);
  });

  it.each<[string, AnomalyName, (records: LedgerRecords) => Partial<LedgerRecords>]>([
    ['an event that was never published', 'emitted_unpublished', () => ({ published: [] })],
    [
      'an event that nobody emitted',
      'published_unemitted',
      () => ({
        published: [aBusEvent, { ...aBusEvent, id: 'exec_1/tell_again' }],
      }),
    ],
    [
      'a child that had not ended',
      'child_outlived',
      () => ({ children: [anExecution({ ...aChild, status: 'running' })] }),
    ],
    ['a child that ended later', 'child_outlived', () => ({ children: [anExecution({ ...aChild, lamport: 99 })] })],
    ['a child that failed', 'child_differs', () => ({ children: [anExecution({ ...aChild, status: 'failed' })] })],
    [
      'a child of another parent',
      'child_differs',
      () => ({
        children: [anExecution({ ...aChild, parent: { execution: anId, path: taskPath('shallow') } })],
      }),
    ],
    [
      'an event that does not match',
      'wrong_event',
      ({ tasks: records }) => ({
        tasks: withTask(records, 'build', { input: { inline: { commit: ['def'] } } }),
      }),
    ],
    [
      'a record of another round',
      'record_differs',
      ({ tasks: records }) => ({ tasks: withTask(records, 'refine', { round: 0 }) }),
    ],
    [
      'a record of another child',
      'record_differs',
      ({ tasks: records }) => ({ tasks: withTask(records, 'deep', { child: anId }) }),
    ],
    [
      'a record that counts other calls',
      'record_differs',
      ({ tasks: records }) => ({
        tasks: records.map((task) => (task.calls ? { ...task, calls: { ...task.calls, settled: 2 } } : task)),
      }),
    ],
  ])('finds %s', (_what, name, plant) => {
    const history = cleanHistory();

    expect(namesOf({ ...history, records: { ...history.records, ...plant(history.records) } })).toEqual([name]);
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

  it.each<[string, Plant]>([
    [
      'a loop that a stop cancels between two iterations',
      (events) =>
        changed(
          'refine',
          2,
          say.cancelled('cancelled', 0),
        )(events.filter(({ path, n }) => !path.startsWith('refine[1]') && !(path === 'refine' && n === 3))),
    ],
    [
      'a for_each that a stop cancels between two calls',
      (events) => changed('sweep', 2, say.cancelled('cancelled', 0))(events.filter(({ path }) => path !== 'sweep[2]')),
    ],
    [
      'a container that a stop cancels before it opens',
      (events) => changed('unneeded', 1, say.cancelled('cancelled', 0))(events),
    ],
    [
      'a member that a stop cancels',
      (events) =>
        changed(
          'quality',
          3,
          say.cancelled('cancelled', 0),
        )(
          changed('quality/rank', 1, { ...say.cancelled('cancelled', 0), lamport: 1 })(
            events.filter(({ path, n }) => path !== 'quality/rank' || n === 1),
          ),
        ),
    ],
    [
      'a member that came too early and waits for what never opens',
      (events) =>
        renumbered([
          ...events.slice(0, -1),
          { ...at('quality', 1), path: taskPath('unneeded/inner'), ...say.parkedFor('unneeded') },
          ...events.slice(-1),
        ]),
    ],
    [
      'a for_each whose list was none',
      (events) =>
        changed(
          'sweep',
          1,
          say.failed(0, 'InvalidInput'),
        )(events.filter(({ path, n }) => !path.startsWith('sweep') || (path === 'sweep' && n === 1))),
    ],
    [
      'a loop whose condition could not be evaluated',
      (events) => changed('refine', 3, say.failed(0, 'InvalidInput'))(events),
    ],
  ])('accepts %s', (_what, change) => {
    const events = change(cleanEvents()).map((event) =>
      event.type === 'workflow.execution_completed' ? { ...event, ...say.ended('cancelled') } : event,
    );

    expect(verifyHistory({ events, plan })).toEqual([]);
  });
});

function withTask(records: readonly TaskRecord[], path: string, change: Partial<TaskRecord>): TaskRecord[] {
  return records.map((task) => (task.path === path ? { ...task, ...change } : task));
}
