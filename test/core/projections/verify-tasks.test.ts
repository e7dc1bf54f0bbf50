import { describe, expect, it } from 'vitest';
import type { EventBody, ManualAction, SkeinEvent } from '../../../core/execution/index.ts';
import { approvalId } from '../../../core/ids/index.ts';
import { verifyHistory } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';

const tasks: SmallTasks = {
  agent: { when: 'true' },
  fan: { fanOut: 1 },
  each: { forEach: { maxItems: 1 } },
  wait: { wait: { kind: 'until', until: '${ input.at }' } },
  emit: { emit: 'done' },
  child: { workflow: 'deep' },
  group: { group: { tasks: { x: { when: 'true' } } } },
  loop: { loop: { tasks: { y: { when: 'true' } } } },
};
const plan = smallPlan(tasks);

const eventsOf = (path: string, bodies: readonly EventBody[]): readonly SkeinEvent[] =>
  bodies.reduce((log, body) => log.add(path, body, ['']), say.openEventLog().add('', say.started)).events;

/** What the life of one task breaks, whatever it breaks around it. */
const found = (path: string, bodies: readonly EventBody[], isPlanned = true): string[] =>
  verifyHistory({ events: eventsOf(path, bodies), ...(isPlanned && { plan }) })
    .filter(({ promise, path: at }) => at === path && promise !== 6)
    .map(({ message }) => message);

const requested = (attempt = 1): EventBody => ({
  type: 'approval.requested',
  data: { approval: approvalId('apr_1'), attempt, deadline: say.midnight },
});
const decided = (attempt = 1): EventBody => ({
  type: 'approval.decided',
  data: { approval: approvalId('apr_1'), attempt, verdict: 'approved', by: 'ann' },
});
const byHand = (action: ManualAction): EventBody => ({
  type: 'task.intervened',
  data: { action, by: 'ann', request: 'one' },
});
const { assigned, accepted, retried, completed, failed, cancelled, skipped, parkedFor, opened, childStarted } = say;

describe('verifyHistory of the attempts of a task', () => {
  it.each<[string, EventBody[]]>([
    ['one attempt', [assigned(), accepted(), completed()]],
    ['an answer that came before anybody heard of its start', [assigned(), completed()]],
    ['a retry', [assigned(), accepted(), retried(), parkedFor('x'), assigned(2), accepted(2), failed(2)]],
    ['an attempt that another engine calls again', [assigned(), accepted(), assigned(), accepted(), completed()]],
    ['no attempt, and an input that failed', [failed(0)]],
    ['no attempt, and a condition that said no', [skipped('skipped')]],
    ['a cancellation before everything', [cancelled('cancelled', 0)]],
    ['an intent that was withdrawn', [assigned(), cancelled('cancelled', 0)]],
    ['an intent that a pause overtook', [assigned(), say.parkedForPause, assigned(), accepted(), completed()]],
    ['a question that was decided', [assigned(), requested(), accepted(), decided(), completed()]],
    ['an intent that was withdrawn, and is counted', [assigned(), cancelled('cancelled', 1)]],
    ['an attempt that nobody knows the end of', [assigned(), accepted(), cancelled('unknown', 1)]],
    [
      'an attempt that somebody ends for another',
      [assigned(), accepted(), byHand('retry'), retried(), parkedFor('x'), assigned(2), completed(2)],
    ],
    ['a skip by hand after an attempt', [assigned(), accepted(), byHand('skip'), skipped('skipped')]],
    [
      'an answer by hand between two attempts',
      [assigned(), retried(), parkedFor('x'), byHand('complete'), completed(1)],
    ],
    ['a failure by hand between two attempts', [assigned(), retried(), parkedFor('x'), byHand('fail'), failed(1)]],
    ['a cancellation between two attempts', [assigned(), accepted(), retried(), cancelled('cancelled', 1)]],
  ])('accepts %s', (_what, bodies) => {
    expect(found('agent', bodies)).toEqual([]);
    expect(found('agent', bodies, false)).toEqual([]);
  });

  it.each<[ManualAction, EventBody, string]>([
    ['skip', completed(), 'Somebody has made it skipped by hand, and it was succeeded.'],
    ['complete', failed(1), 'Somebody has made it succeeded by hand, and it was failed.'],
  ])('finds %s that came to something else', (action, ending, message) => {
    expect(found('agent', [assigned(), accepted(), byHand(action), ending])).toEqual([message]);
  });

  it('takes no retry by hand for an excuse', () => {
    expect(found('agent', [assigned(), retried(), byHand('retry'), skipped('skipped')])).not.toEqual([]);
  });

  it.each<[string, EventBody[], string[]]>([
    [
      'a decision of nothing that was asked',
      [assigned(), decided(2), completed()],
      ['approval.decided is about attempt 2, which was not alive.'],
    ],
    [
      'a pause that parks what runs',
      [assigned(), accepted(), say.parkedForPause, cancelled('unknown', 1)],
      ['It was parked while attempt 1 was alive.'],
    ],
    ['a completion without an attempt', [completed(0)], ['task.completed came while no attempt was alive.']],
    [
      'a failure after an attempt had ended',
      [assigned(), retried(), failed()],
      ['task.failed came while no attempt was alive.'],
    ],
    ['a first attempt that is not the first', [assigned(2), completed(2)], ['Attempt 2 was assigned after 0.']],
    [
      'an attempt that came again after its end',
      [assigned(), retried(), assigned(), completed()],
      ['Attempt 1 was assigned after 1.'],
    ],
    [
      'a second attempt beside the first',
      [assigned(), assigned(2), completed(2)],
      ['Attempt 2 was assigned while 1 was alive.'],
    ],
    [
      'another attempt that starts, and another that is retried',
      [assigned(), accepted(2), retried(2)],
      ['Attempt 2 started, but was not assigned.', 'Attempt 2 was to be retried, but was not alive.'],
    ],
    [
      'a start after the attempt had ended',
      [assigned(), retried(), accepted()],
      ['Attempt 1 started, but was not assigned.'],
    ],
    [
      'parking during an attempt',
      [assigned(), parkedFor('x'), completed()],
      ['It was parked while attempt 1 was alive.'],
    ],
    [
      'a wrong number of attempts',
      [assigned(), accepted(), completed(2)],
      ['task.completed counts 2 attempts, and 1 were assigned.'],
    ],
    [
      'an answer that does not count its attempt',
      [assigned(), failed(0)],
      ['task.failed counts 0 attempts, and 1 were assigned.'],
    ],
    [
      'a cancellation that does not count a running attempt',
      [assigned(), accepted(), cancelled('unknown', 0)],
      ['task.cancelled counts 0 attempts, and 1 were assigned.'],
    ],
    [
      'a cancelled task whose agent works',
      [assigned(), accepted(), cancelled('cancelled', 1)],
      ['It was cancelled although its agent worked on attempt 1.'],
    ],
    [
      'an unknown task after its attempt had ended',
      [assigned(), retried(), cancelled('unknown', 1)],
      ['It became unknown although no attempt was alive.'],
    ],
    ['a skipped task that had run', [assigned(), retried(), skipped('skipped')], ['It was skipped after 1 attempts.']],
  ])('finds %s', (_what, bodies, messages) => {
    expect(found('agent', bodies)).toEqual(messages);
  });

  it('knows the attempts of a task without the plan, by what is told of it', () => {
    expect(found('agent', [completed()], false)).toEqual([
      'task.completed came while no attempt was alive.',
      'task.completed counts 1 attempts, and 0 were assigned.',
    ]);
    expect(found('agent', [completed(0)], false)).toEqual([]);
    expect(found('agent', [cancelled('unknown', 0)], false)).toEqual([]);
  });
});

describe('verifyHistory of tasks that make no attempts', () => {
  it.each<[string, EventBody[]]>([
    ['wait', [say.parkedUntil(0), completed(0)]],
    ['emit', [completed(0)]],
    ['child', [childStarted(), completed(0)]],
    ['child', [failed(0)]],
    ['group', [opened(), completed(0)]],
    ['group', [parkedFor('x'), opened(), cancelled('unknown', 0)]],
    ['loop', [opened({ round: 0 }), opened({ round: 1 }), completed(0)]],
    ['each', [opened({ items: 0, calls: 0 }), completed(0)]],
    ['fan', [completed(0)]],
    ['each[0]', [assigned(), accepted(), completed()]],
  ])('accepts the life of a %s', (path, bodies) => {
    const kinds = ['wrong_kind', 'parked_while_running', 'attempts_miscounted', 'unknown_without_attempt'];
    const names = verifyHistory({ events: eventsOf(path, bodies), plan }).map(({ name }) => name);

    expect(names.filter((name) => kinds.includes(name) || name.startsWith('answered'))).toEqual([]);
  });

  const kinds = { attempt: assigned(), start: accepted(), retry: retried(), opening: opened(), child: childStarted() };

  it.each([
    ['agent', ['attempt', 'start', 'retry']],
    ['each', ['opening']],
    ['group', ['opening']],
    ['loop', ['opening']],
    ['child', ['child']],
    ['wait', []],
    ['emit', []],
    ['fan', []],
    ['each[0]', ['attempt', 'start', 'retry']],
    ['fan[0]', ['attempt', 'start', 'retry']],
  ])('lets nothing happen to %s but %j', (path, fitting) => {
    const fits = Object.entries(kinds).filter(
      ([, body]) => !verifyHistory({ events: eventsOf(path, [body]), plan }).some(({ name }) => name === 'wrong_kind'),
    );

    expect(fits.map(([kind]) => kind)).toEqual(fitting);
  });

  it.each<[string, string, EventBody[], string[]]>([
    ['a count of attempts', 'emit', [completed(2)], ['task.completed counts 2 attempts of a task that makes none.']],
    ['a child that nobody started', 'child', [completed(0)], ['task.completed came, and no child was started.']],
    ['a second child', 'child', [childStarted('exec_5'), childStarted('exec_6')], ['It started exec_6 after exec_5.']],
    ['parking after an opening', 'group', [opened(), parkedFor('x')], ['It was parked after it had begun.']],
    ['parking after a child', 'child', [childStarted(), parkedFor('x')], ['It was parked after it had begun.']],
    ...['wait', 'emit', 'child'].map((path): [string, string, EventBody[], string[]] => [
      `an unknown ${path}`,
      path,
      [cancelled('unknown', 0)],
      ['It became unknown although it makes no attempts.'],
    ]),
    [
      'a second settlement, and what follows the first',
      'emit',
      [completed(0), failed(0), parkedFor('x')],
      ['It was succeeded, and task.failed (event 2) follows.', 'It was succeeded, and task.parked (event 3) follows.'],
    ],
  ])('finds %s', (_what, path, bodies, messages) => {
    expect(found(path, bodies).filter((message) => !message.includes('its child is'))).toEqual(messages);
  });
});
