import { describe, expect, it } from 'vitest';
import type { EventBody, ExecutionStatus } from '../../../core/execution/index.ts';
import { verifyHistory } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { smallPlan } from '../../makers/small-plan.ts';

const { started, begun, ended, checkpointed } = say;
const to = (from: ExecutionStatus, status: ExecutionStatus): EventBody => ({
  type: 'workflow.status_changed',
  data: { from, to: status },
});

/** Violations of the execution itself. */
const found = (...bodies: readonly EventBody[]): [name: string, message: string][] =>
  verifyHistory({ events: bodies.reduce((log, body) => log.add('', body), say.openEventLog()).events }).map(
    ({ name, message }) => [name, message],
  );

describe('verifyHistory of the statuses of an execution', () => {
  it.each<[string, EventBody[]]>([
    ['nothing yet', [started]],
    ['a run', [started, begun, ended()]],
    ['a pause', [started, begun, to('running', 'paused'), checkpointed, to('paused', 'running'), ended()]],
    ['a pause that a stop ends', [started, begun, to('running', 'paused'), to('paused', 'stopping'), ended('failed')]],
    ['a stop', [started, begun, to('running', 'stopping'), ended('failed')]],
  ])('accepts %s', (_what, bodies) => {
    expect(found(...bodies)).toEqual([]);
  });

  it('expects nothing of the tasks of one that was cancelled before it had its turn, and of no other', () => {
    const plan = smallPlan({ a: {} });
    const namesOf = (...bodies: readonly EventBody[]) => {
      const { events } = bodies.reduce((log, body) => log.add('', body), say.openEventLog());
      return verifyHistory({ events, plan }).map(({ name }) => name);
    };

    expect(namesOf(started, to('planning', 'queued'), ended('cancelled'))).toEqual([]);
    const turned = [to('planning', 'queued'), to('queued', 'planning'), begun];
    expect(namesOf(started, ...turned, ended('cancelled'))).toEqual(['never_settled']);
  });

  it.each<[string, EventBody[], [name: string, message: string][]]>([
    [
      'a status that is not the one before',
      [started, begun, to('planning', 'stopping')],
      [['status_jump', 'It went from planning to stopping, but was running.']],
    ],
    [
      'an end that is only a status',
      [started, begun, to('running', 'failed')],
      [['status_jump', 'It went to failed without workflow.execution_completed.']],
    ],
    [
      'an end during a pause',
      [started, begun, to('running', 'paused'), ended()],
      [['status_jump', 'It ended while it was paused.']],
    ],
    [
      'a checkpoint without a pause',
      [started, begun, checkpointed],
      [['status_jump', 'A checkpoint was made while it was running.']],
    ],
    ['an end before it ran', [started, ended('failed')], [['status_jump', 'It ended before it ran.']]],
    ['a second start', [started, begun, started], [['started_twice', 'Event 3 starts it again.']]],
    [
      'a second end',
      [started, begun, ended(), ended('cancelled'), ended('failed')],
      [
        ['ended_twice', 'It ended as succeeded, then as cancelled.'],
        ['ended_twice', 'It ended as succeeded, then as failed.'],
      ],
    ],
    [
      'what follows the end',
      [started, begun, ended(), to('running', 'stopping')],
      [['event_after_end', 'workflow.status_changed follows the end.']],
    ],
  ])('finds %s', (_what, bodies, violations) => {
    expect(found(...bodies)).toEqual(violations);
  });
});

describe('verifyHistory of the numbers and clocks of events', () => {
  const log = () =>
    say.openEventLog().add('', started).add('', begun).add('a', say.assigned()).add('a', say.completed());
  const violations = (change: object): [name: string, message: string][] => {
    const events = log().events.map((event) => (event.path === 'a' && event.n === 2 ? { ...event, ...change } : event));
    return verifyHistory({ events }).map(({ name, message }) => [name, message]);
  };

  it.each<[string, object, [name: string, message: string][]]>([
    ['a clock that stands', { lamport: 1 }, [['clock_not_increasing', 'Event 2 has clock 1, not above 1.']]],
    ['a gap', { n: 3 }, [['missing_event', 'Event 2 is missing before 3.']]],
  ])('finds %s', (_what, change, expected) => {
    expect(violations(change)).toEqual(expected);
  });

  it('finds a beginning that is missing', () => {
    const events = log().events.filter(({ path, n }) => path === '' || n > 1);

    expect(verifyHistory({ events }).map(({ message }) => message)).toContain('Event 1 is missing before 2.');
  });

  it('tells an event that came twice from two events of one number', () => {
    const { events } = log();
    const last = events.at(-1)!;

    const found = (second: object) => verifyHistory({ events: [...events, { ...last, ...second }] });

    expect(found({}).map(({ message }) => message)).toEqual(['Event 2 is there twice.']);
    expect(found({ time: 5 }).map(({ message }) => message)).toEqual([
      'Event 2 is there twice, with different content.',
    ]);
  });

  it('finds a task that goes on at the clock of the end, or after it', () => {
    const { events } = log().add('', ended(), ['a']);
    const withClock = (lamport: number) =>
      events.map((event) => (event.type === 'task.completed' ? { ...event, lamport } : event));

    expect(verifyHistory({ events: withClock(2) })).toEqual([]);
    expect(verifyHistory({ events: withClock(3) }).map(({ path, message }) => [path, message])).toEqual([
      ['a', 'task.completed (clock 3) follows the end (clock 3).'],
    ]);
  });

  it('finds nothing in no events but that they have no beginning', () => {
    expect(verifyHistory({ events: [] }).map(({ name }) => name)).toEqual(['history_without_start']);
  });
});

describe('verifyHistory of what is dispatched during a pause', () => {
  const paused = () => say.openEventLog().add('', started).add('', begun).add('', to('running', 'paused'));
  const namesOf = ({ events }: say.EventLog) => verifyHistory({ events }).map(({ name, path }) => `${path} ${name}`);
  const resumed = to('paused', 'running');

  it.each<[string, say.EventLog]>([
    ['an attempt before the checkpoint', paused().add('a', say.assigned(), ['']).add('', checkpointed, ['a'])],
    ['an attempt afterwards', paused().add('', checkpointed).add('', resumed).add('a', say.assigned(), [''])],
    [
      'an intent that was withdrawn, and made again afterwards',
      paused()
        .add('', checkpointed)
        .add('a', say.assigned(), [''])
        .add('a', say.parkedForPause)
        .add('', resumed)
        .add('a', say.assigned(), ['']),
    ],
    ['an answer', paused().add('a', say.assigned(), ['']).add('', checkpointed, ['a']).add('a', say.completed(), [''])],
  ])('accepts %s', (_what, log) => {
    expect(namesOf(log)).toEqual([]);
  });

  it.each<[string, say.EventLog]>([
    ['an attempt', paused().add('', checkpointed).add('a', say.assigned(), ['']).add('a', say.accepted())],
    ['a child', paused().add('', checkpointed).add('a', say.childStarted(), [''])],
    [
      'an attempt in the second of two pauses',
      paused()
        .add('', checkpointed)
        .add('', resumed)
        .add('', to('running', 'paused'))
        .add('', checkpointed)
        .add('a', say.assigned(), [''])
        .add('a', say.accepted())
        .add('', resumed, ['a']),
    ],
  ])('finds %s', (_what, log) => {
    expect(namesOf(log)).toEqual(['a dispatched_while_paused']);
  });
});
