import { describe, expect, it } from 'vitest';
import type { SkeinEvent } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { Plan } from '../../../core/plan/index.ts';
import { verifyHistory, type AnomalyName } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { changed, inserted, renumbered, without, type Plant } from '../../makers/planted-events.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';
import { busEvent, child, cleanEvents, cleanHistory, output, plan, tasks, told } from './region-history.ts';
import { namesOf, saidOf } from './verdicts.ts';

const { midnight } = say;

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

  it.each<[string, AnomalyName, string, Plant]>([
    [
      'a member that runs before its group opens',
      'acted_before_opening',
      'quality/lint: It acted at clock 3, and quality opened at 6.',
      asEarlyAs('quality/lint', 1, at('quality', 1)),
    ],
    [
      'a member of a group that never opened',
      'acted_before_opening',
      'unneeded/inner: It acted, and nothing around it had opened for it.',
      (events) => [
        ...events,
        { ...at('quality/lint', 1), path: taskPath('unneeded/inner'), lamport: 3 },
        { ...at('quality/lint', 3), path: taskPath('unneeded/inner'), n: 2, lamport: 4 },
      ],
    ],
    [
      'a member that fails before its group opens',
      'acted_before_opening',
      'quality/lint: It acted at clock 1, and quality opened at 6.',
      (events) =>
        changed('quality/lint', 1, { ...say.failed(0), lamport: 1 })(
          events.filter((event) => event.path !== 'quality/lint' || event.n === 1),
        ),
    ],
    [
      'a call that starts before its for_each opens',
      'acted_before_opening',
      'sweep[2]: It acted at clock 2, and sweep opened at 3.',
      asEarlyAs('sweep[2]', 1, at('', 2)),
    ],
    [
      'a group that opens twice',
      'opened_twice',
      'quality: It opened again at clock 6.5.',
      inserted('quality', 2, say.opened()),
    ],
    [
      'a group that succeeds without opening',
      'settled_unopened',
      'unneeded: It settled as succeeded, and never opened.',
      changed('unneeded', 1, say.completed(0)),
    ],
    [
      'a for_each that becomes unknown without opening',
      'settled_unopened',
      'sweep: It settled as unknown, and never opened.',
      (events) =>
        changed(
          'sweep',
          1,
          say.cancelled('unknown', 0),
        )(events.filter((event) => event.path !== 'sweep' || event.n === 1)),
    ],
    [
      'a group that settles before a member',
      'collected_early',
      'quality: It settled before quality/scan, which is in it.',
      asEarlyAs('quality', 3, at('quality/rank', 1)),
    ],
    [
      'a loop that settles before its last iteration',
      'collected_early',
      'refine: It settled before refine[1]/assess, which is in it.',
      asEarlyAs('refine', 3, at('refine[1]/assess', 1)),
    ],
    [
      'a for_each that settles before a call',
      'collected_early',
      'sweep: It settled before sweep[0], which is in it.',
      asEarlyAs('sweep', 2, at('sweep[2]', 1)),
    ],
    [
      'a group that failed although nothing in it did',
      'collected_wrongly',
      'quality: It ended as failed, when what is in it says succeeded.',
      changed('quality', 3, say.failed(0)),
    ],
    [
      'a group that succeeded although a task in it failed',
      'collected_wrongly',
      'quality: It ended as succeeded, when what is in it says failed.',
      changed('quality/rank', 3, say.failed()),
    ],
    [
      'a fan-out that succeeded although an item failed',
      'collected_wrongly',
      'quality/scan: It ended as succeeded, when what is in it says failed.',
      changed('quality/scan[1]', 3, say.failed()),
    ],
    [
      'a loop that succeeded although its last iteration failed',
      'collected_wrongly',
      'refine: It ended as succeeded, when what is in it says failed.',
      changed('refine[1]/assess', 3, say.failed()),
    ],
    [
      'a loop that is exhausted and may go on',
      'collected_wrongly',
      'refine: It ended as failed after 2 of 2 iterations, the last of which succeeded.',
      changed('refine', 3, say.failed(0, 'LoopExhausted')),
    ],
    [
      'a loop that is skipped although it ran',
      'collected_wrongly',
      'refine: It ended as skipped after 2 of 2 iterations, the last of which succeeded.',
      changed('refine', 3, say.skipped('skipped')),
    ],
    [
      'a for_each that tolerated too much',
      'collected_wrongly',
      'sweep: It ended as succeeded, when what is in it says failed.',
      changed('sweep[2]', 3, say.failed()),
    ],
    [
      'a for_each that failed although it tolerates that',
      'collected_wrongly',
      'sweep: It ended as failed, when what is in it says succeeded.',
      changed('sweep', 2, say.failed(0)),
    ],
    [
      'an iteration that opens before the one before has settled',
      'round_early',
      'refine: It opened iteration 1 when iteration 0 had not settled.',
      asEarlyAs('refine', 2, at('refine[0]/assess', 1)),
    ],
    [
      'an iteration that opens after a failure',
      'round_early',
      'refine: It opened iteration 1 when iteration 0 was failed.',
      changed('refine[0]/assess', 3, say.failed()),
    ],
    [
      'an iteration that was left out',
      'round_out_of_order',
      'refine: It opened iteration 2 when it had opened 1 before.',
      changed('refine', 2, say.opened({ round: 2 })),
    ],
    [
      'an iteration too many',
      'too_many_rounds',
      'refine: It opened iteration 2; max_iterations is 2.',
      inserted('refine', 2, say.opened({ round: 2 })),
    ],
    [
      'a number of calls that the items do not make',
      'calls_miscounted',
      'sweep: It opened with 2 calls for 5 items.',
      changed('sweep', 1, say.opened({ items: 5, calls: 2 })),
    ],
    [
      'more items than were bounded',
      'too_many_calls',
      'sweep: It opened with 9 items; max_items is 8.',
      changed('sweep', 1, say.opened({ items: 9, calls: 5 })),
    ],
    [
      'a call too many',
      'too_many_calls',
      'sweep: It made sweep[3] of 3 calls.',
      (events) => events.map((event) => (event.path === 'sweep[2]' ? { ...event, path: taskPath('sweep[3]') } : event)),
    ],
    [
      'a call that was left out',
      'never_settled',
      'sweep[0]: The execution has ended, and this task has not settled.',
      (events) => events.filter((event) => event.path !== 'sweep[0]'),
    ],
    [
      'a call that starts while enough are open',
      'calls_at_once',
      'sweep: It had 3 calls at once; max_concurrency is 2.',
      changed('sweep[2]', 1, { time: at('sweep[1]', 1).time }),
    ],
    [
      'an attempt beyond the limit of its group',
      'limit_exceeded',
      'quality: 2 attempts ran at once; quality.max_parallel is 1.',
      changed('quality/lint', 3, { time: midnight + 22_000 }),
    ],
    [
      'a wait that ends too soon',
      'waited_too_short',
      'cool: It ended 1000 ms before its time.',
      changed('cool', 2, { time: midnight + 6000 }),
    ],
    [
      'a wait that does not wait',
      'waited_too_short',
      'cool: It was to wait 5 s, and did not wait.',
      without('cool', 1),
    ],
    [
      'a wait that gives up too soon',
      'waited_too_short',
      'build: It ended 593000 ms before its time.',
      changed('build', 2, say.failed(0, 'WaitTimeout')),
    ],
    [
      'a wait that ends with another event',
      'wrong_event',
      'build: Its event is a "build.started", and it waits for build.finished.',
      changed('build', 2, output(busEvent({ type: 'build.started' }))),
    ],
    [
      'a wait that ends with an event from before',
      'wrong_event',
      'build: Its event was not published between the start of the execution and the end of the wait.',
      changed('build', 2, output(busEvent({ time: '2026-11-20T00:00:00.000Z' }))),
    ],
    [
      'a wait that ends with an event from afterwards',
      'wrong_event',
      'build: Its event was not published between the start of the execution and the end of the wait.',
      changed('build', 2, output(busEvent({ time: '2026-11-22T00:00:00.000Z' }))),
    ],
    [
      'an emit that published in another name',
      'wrong_event',
      'tell: What it published is not its own event review.finished.',
      changed('tell', 1, output({ ...told, source: 'exec_2' })),
    ],
    [
      'a second child',
      'child_started_twice',
      `deep: It started exec_9 after ${child}.`,
      inserted('deep', 1, say.childStarted('exec_9')),
    ],
    [
      "a child that is not the task's own",
      'child_differs',
      `deep: It started exec_9; its child is ${child}.`,
      changed('deep', 1, say.childStarted('exec_9')),
    ],
    [
      'a child task that succeeds without a child',
      'answered_without_attempt',
      'deep: task.completed came, and no child was started.',
      without('deep', 1),
    ],
    [
      'a container with an attempt',
      'wrong_kind',
      'quality: task.assigned (event 3) does not happen to a task of its kind (group).',
      inserted('quality', 2, say.assigned()),
    ],
    [
      'a wait with a child',
      'wrong_kind',
      'cool: task.started (event 2) does not happen to a task of its kind (wait).',
      inserted('cool', 1, say.childStarted()),
    ],
    [
      'a wait that opens',
      'wrong_kind',
      'cool: task.opened (event 2) does not happen to a task of its kind (wait).',
      inserted('cool', 1, say.opened()),
    ],
    [
      'an open container that is parked',
      'parked_while_running',
      'quality: It was parked after it had begun.',
      inserted('quality', 2, say.parkedFor('clone')),
    ],
    [
      'attempts of a wait',
      'attempts_miscounted',
      'cool: task.completed counts 1 attempts of a task that makes none.',
      changed('cool', 2, say.completed(1)),
    ],
    [
      'a wait that is unknown',
      'unknown_without_attempt',
      'cool: It became unknown although it makes no attempts.',
      changed('cool', 2, say.cancelled('unknown', 0)),
    ],
    [
      'a member that runs before its dependency in the group',
      'started_early',
      'quality/rank: It began at clock 8, when its join said wait.',
      asEarlyAs('quality/rank', 1, at('quality/lint', 2)),
    ],
    [
      'an event of no task of the plan',
      'foreign_event',
      'ghost/lint: It has 1 events, and the plan has no such task.',
      (events) => [...events, { ...at('clone', 1), path: taskPath('ghost/lint') }],
    ],
  ])('finds %s', (_what, name, said, plant) => {
    expect(saidOf({ events: plant(cleanEvents()), plan }, name)).toContain(said);
  });

  it.each<[string, AnomalyName, string, SmallTasks]>([
    [
      'a loop without a condition that ended before its last iteration',
      'collected_wrongly',
      'refine: It ended as succeeded after 2 of 3 iterations, the last of which succeeded.',
      {
        refine: { loop: { maxIterations: 3, tasks: { revise: {}, assess: { after: ['revise'] } } } },
      },
    ],
    [
      'more iterations than the plan has',
      'too_many_rounds',
      'refine: It opened iteration 1; max_iterations is 1.',
      {
        refine: { loop: { maxIterations: 1, until: 'done', tasks: { revise: {}, assess: { after: ['revise'] } } } },
      },
    ],
    [
      'a failure that no tolerance covers',
      'collected_wrongly',
      'sweep: It ended as succeeded, when what is in it says failed.',
      {
        sweep: { forEach: { maxItems: 8, maxConcurrency: 2, batch: 2, tolerate: { items: 1 } } },
      },
    ],
    [
      'more calls at once than planned',
      'calls_at_once',
      'sweep: It had 2 calls at once; max_concurrency is 1.',
      {
        sweep: { forEach: { maxItems: 8, maxConcurrency: 1, batch: 2, tolerate: { items: 2 } } },
      },
    ],
  ])('finds %s', (_what, name, said, change) => {
    const history = { events: cleanEvents(), plan: withPlan(change) };

    expect(namesOf(history)).toEqual([name]);
    expect(saidOf(history, name)).toContain(said);
  });

  it('finds more calls in a span than a rate limit allows', () => {
    const agent = { type: 'any_agent', count: 1, maxConcurrentTasks: 1, capabilities: [] };
    const limited = (calls: number): Plan => {
      const all = plan.tasks.map(({ id }) => [`${id}-agent`, { ...agent, rate: { calls, per: 86_400 } }]);
      return smallPlan(tasks, { maxParallel: 3, agents: Object.fromEntries(all) as Plan['agents'] });
    };
    const calls = cleanEvents().filter(({ type }) => type === 'task.assigned').length;

    expect(namesOf({ events: cleanEvents(), plan: limited(calls) })).toEqual([]);
    const history = { events: cleanEvents(), plan: limited(calls - 1) };
    expect(namesOf(history)).toEqual(['rate_exceeded']);
    expect(saidOf(history, 'rate_exceeded').join()).toContain(`More than ${calls - 1} calls of any_agent began`);
  });

  it('finds more attempts at once than the workflow allows', () => {
    const strict = smallPlan(tasks, { maxParallel: 1 });

    expect(namesOf({ events: cleanEvents(), plan: strict })).toEqual(['limit_exceeded']);
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
