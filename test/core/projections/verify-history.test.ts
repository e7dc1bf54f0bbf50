import { describe, expect, it } from 'vitest';
import type { SkeinEvent } from '../../../core/execution/index.ts';
import { executionId } from '../../../core/ids/index.ts';
import { verifyHistory, type AnomalyName } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { changed, inserted, isAt, without } from '../../makers/planted-events.ts';
import { cleanEvents, cleanHistory, plan } from './task-history.ts';
import { namesOf, saidOf } from './verdicts.ts';

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

  it.each<[string, AnomalyName, string, (events: readonly SkeinEvent[]) => readonly SkeinEvent[]]>([
    [
      'a history without its start',
      'history_without_start',
      'the execution: The history does not begin with workflow.execution_started.',
      without('', 1),
    ],
    ['a second start', 'started_twice', 'the execution: Event 2 starts it again.', inserted('', 1, say.started)],
    [
      'a second terminal status',
      'ended_twice',
      'the execution: It ended as succeeded, then as failed.',
      inserted('', 3, say.ended('failed')),
    ],
    [
      'a change of status after the end',
      'event_after_end',
      'the execution: workflow.status_changed follows the end.',
      inserted('', 3, say.stopping('lint')),
    ],
    [
      'an assignment that the end does not know of',
      'event_after_end',
      'report: task.completed (clock 99) follows the end (clock 14).',
      changed('report', 2, { lamport: 99 }),
    ],
    [
      'a status that does not follow from the one before',
      'status_jump',
      'the execution: It ended before it ran.',
      without('', 2),
    ],
    [
      'an event that was lost',
      'missing_event',
      'lint: Event 4 is missing before 5.',
      (events) => events.filter((event) => !isAt(event, 'lint', 4)),
    ],
    [
      'an event that was delivered twice',
      'duplicate_event',
      'clone: Event 3 is there twice.',
      (events) => [...events, ...events.slice(5, 6)],
    ],
    [
      'an event of another execution',
      'foreign_event',
      'lint: Event 2 belongs to execution exec_2.',
      (events) => [...events, { ...events[6]!, execution: executionId('exec_2') }],
    ],
    [
      'clocks that were swapped',
      'clock_not_increasing',
      'lint: Event 3 has clock 6, not above 7.',
      (events) => {
        const [a, b] = [events[6]!, events[7]!];
        return changed('lint', a.n, { lamport: b.lamport })(changed('lint', b.n, { lamport: a.lamport })(events));
      },
    ],
    [
      'a task that settles twice',
      'settled_twice',
      'report: It was succeeded, and task.completed (event 3) follows.',
      inserted('report', 2, say.completed()),
    ],
    [
      'an attempt after the settlement',
      'event_after_settlement',
      'extra: It was skipped, and task.assigned (event 2) follows.',
      inserted('extra', 1, say.assigned()),
    ],
    [
      'a task that never settles',
      'never_settled',
      'mend: The execution has ended, and this task has not settled.',
      without('mend', 1),
    ],
    [
      'an item that never settles',
      'never_settled',
      'research[0]: The execution has ended, and this task has not settled.',
      without('research[0]', 2),
    ],
    [
      'an attempt number that was left out',
      'attempt_out_of_order',
      'lint: Attempt 3 was assigned after 1.',
      changed('lint', 6, say.assigned(3)),
    ],
    [
      'two attempts at once',
      'two_attempts_alive',
      'report: Attempt 2 was assigned while 1 was alive.',
      inserted('report', 1, say.assigned(2)),
    ],
    [
      'an attempt that started without assignment',
      'started_without_assignment',
      'clone: Attempt 1 started, but was not assigned.',
      without('clone', 1),
    ],
    [
      'a retry without an attempt',
      'retried_without_attempt',
      'lint: Attempt 1 was to be retried, but was not alive.',
      inserted('lint', 4, say.retried()),
    ],
    [
      'a completion without an attempt',
      'answered_without_attempt',
      'report: task.completed came while no attempt was alive.',
      without('report', 1),
    ],
    [
      'a failure without a live attempt',
      'answered_without_attempt',
      'flaky: task.failed came while no attempt was alive.',
      inserted('flaky', 2, say.retried()),
    ],
    [
      'a wrong count of attempts',
      'attempts_miscounted',
      'lint: task.completed counts 1 attempts, and 2 were assigned.',
      changed('lint', 7, say.completed(1)),
    ],
    [
      'a task that is parked while its agent works',
      'parked_while_running',
      'flaky: It was parked while attempt 1 was alive.',
      inserted('flaky', 2, say.parkedFor('x')),
    ],
    [
      'a task that is skipped after an attempt',
      'skipped_after_attempt',
      'flaky: It was skipped after 1 attempts.',
      changed('flaky', 3, say.skipped('skipped')),
    ],
    [
      'a running task that is cancelled, not unknown',
      'cancelled_while_running',
      'flaky: It was cancelled although its agent worked on attempt 1.',
      changed('flaky', 3, say.cancelled('cancelled', 1)),
    ],
    [
      'an unknown task that never ran',
      'unknown_without_attempt',
      'extra: It became unknown although no attempt was alive.',
      changed('extra', 1, say.cancelled('unknown', 0)),
    ],
    [
      'a task that starts before its dependencies settle',
      'started_early',
      'report: It began at clock 3, when its join said wait.',
      changed('report', 1, { lamport: 3 }),
    ],
    [
      'a task that fails before its dependencies settle',
      'started_early',
      'extra: It began at clock 2, when its join said wait.',
      changed('extra', 1, { ...say.failed(0), lamport: 2 }),
    ],
    [
      'a task that is lost without a failure above it',
      'ended_without_cause',
      'extra: It ended as upstream_failed at clock 6, when its join said run.',
      changed('extra', 1, say.skipped('upstream_failed')),
    ],
    [
      'a task without a condition that is skipped',
      'ended_without_cause',
      'mend: It ended as skipped at clock 9, when its join said upstream_failed.',
      changed('mend', 1, say.skipped('skipped')),
    ],
    [
      'a fan-out that settles before its items',
      'collected_early',
      'research: It settled before research[0], which is in it.',
      changed('research', 1, { lamport: 4 }),
    ],
    [
      'an output that is not stored',
      'value_missing',
      `clone: task.completed refers to ${'c'.repeat(64)}, which is not stored.`,
      changed('clone', 3, {
        type: 'task.completed',
        data: { attempts: 1, output: { blob: 'c'.repeat(64), bytes: 40_000 } },
      }),
    ],
  ])('finds %s', (_what, name, said, plant) => {
    const { blobs } = cleanHistory();

    expect(saidOf({ events: plant(cleanEvents()), plan, blobs: blobs! }, name)).toContain(said);
  });

  it('finds a success in spite of a failure that may not happen alone', () => {
    const strict = { ...plan, tasks: plan.tasks.map((task) => ({ ...task, continueOnFailure: false })) };

    expect(namesOf({ events: cleanEvents(), plan: strict })).toEqual(['wrong_ending']);
  });

  it.each(['CircuitOpen', 'BudgetExceeded', 'PoolQueueFull', 'AllocationTimeout'])(
    'accepts that admission refuses the next try with %s',
    (name) => {
      const retried = inserted('flaky', 2, say.retried())(cleanEvents());
      const last = retried.findLast(({ path }) => path === 'flaky')?.n ?? 0;

      expect(verifyHistory({ events: changed('flaky', last, say.failed(1, name))(retried), plan })).toEqual([]);
    },
  );

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
