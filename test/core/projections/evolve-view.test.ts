import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SkeinEvent } from '../../../core/execution/index.ts';
import { approvalId, executionId, taskPath } from '../../../core/ids/index.ts';
import {
  compareEvents,
  createViewBuilder,
  evolveView,
  foldEvents,
  type ExecutionView,
} from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';

const { openEventLog, midnight } = say;

/** Two tasks, one of them tried twice, one that fails. */
function history(): SkeinEvent[] {
  return openEventLog()
    .add('', say.started)
    .add('b', say.parkedFor('a'), [''])
    .add('a', say.assigned(), [''])
    .add('a', say.accepted())
    .add('a', say.retried())
    .add('a', say.parkedForRetry())
    .add('a', say.assigned(2))
    .add('a', say.completed(2, 'clean'))
    .add('b', say.assigned(), ['a'])
    .add('b', say.failed())
    .add('', say.stopping('b'), ['b'])
    .add('c', say.cancelled('cancelled', 0), [''])
    .add('', say.ended('failed'), ['a', 'b', 'c']).events;
}

/** A loop, and in its second iteration a `for_each`. */
function nestedHistory(): SkeinEvent[] {
  return openEventLog()
    .add('', say.started)
    .add('refine', say.opened({ round: 0 }), [''])
    .add('refine[0]/scan', say.opened({ items: 0, calls: 0 }), ['refine'])
    .add('refine[0]/scan', say.completed(0))
    .add('refine', say.opened({ round: 1 }), ['refine[0]/scan'])
    .add('refine[1]/scan', say.opened({ items: 3, calls: 3 }), ['refine'])
    .add('refine[1]/scan[0]', say.assigned(), ['refine[1]/scan'])
    .add('refine[1]/scan[1]', say.assigned(), ['refine[1]/scan'])
    .add('refine[1]/scan[1]', say.failed())
    .add('refine[1]/scan[0]', say.completed())
    .add('refine[1]/scan', say.failed(0), ['refine[1]/scan[0]', 'refine[1]/scan[1]'])
    .add('refine', say.failed(0), ['refine[1]/scan'])
    .add('', say.ended('failed'), ['refine']).events;
}

const taskOf = (view: ExecutionView, path: string) => view.tasks.find((task) => task.path === path);

describe('foldEvents', () => {
  it('tells what became of the execution and of each task', () => {
    const view = foldEvents(history());

    expect(view).toMatchObject({
      execution: 'exec_1',
      workflow: 'review',
      version: '1',
      status: 'failed',
      reason: 'failure',
      input: { inline: {} },
      startedAt: midnight,
      endedAt: midnight + 12_000,
      events: 13,
    });
    expect(taskOf(view, 'a')).toEqual({
      path: 'a',
      firstLamport: 2,
      status: 'succeeded',
      agent: 'linter',
      attempts: 2,
      startedAt: midnight + 2000,
      settledAt: midnight + 7000,
      output: { inline: 'clean' },
    });
    expect(taskOf(view, 'b')).toMatchObject({ status: 'failed', error: { name: 'ToolBroken' } });
    expect(taskOf(view, 'c')).toMatchObject({ status: 'cancelled', attempts: 0 });
  });

  it('names the task that a child execution belongs to', () => {
    const parent = { execution: executionId('exec_0'), path: taskPath('deep') };
    const { events } = openEventLog().add('', {
      type: 'workflow.execution_started',
      data: { workflow: 'deep-scan', version: '2', input: { inline: {} }, parent },
    });

    expect(foldEvents(events).parent).toEqual(parent);
  });

  it('lists tasks in the order of their first events', () => {
    expect(foldEvents(history()).tasks.map((task) => task.path)).toEqual(['a', 'b', 'c']);
  });

  it('refuses a history without its beginning', () => {
    expect(() => foldEvents([])).toThrow(expect.objectContaining({ code: 'history_without_start' }));
    expect(() => foldEvents(history().slice(1))).toThrow(expect.objectContaining({ code: 'history_without_start' }));
  });
});

describe('evolveView', () => {
  it('shows why a task waits only while it waits', () => {
    const events = history();

    const statuses = events.map((_, i) => taskOf(foldEvents(events.slice(0, i + 1)), 'a'));

    expect(statuses.map((task) => task?.status)).toEqual([
      ...[undefined, undefined, 'running', 'running', 'running', 'parked', 'running'],
      ...Array.from({ length: 6 }, () => 'succeeded'),
    ]);
    expect(statuses[5]).toMatchObject({ cause: { kind: 'retry', attempt: 2 } });
    expect(statuses.filter((task) => task?.cause)).toHaveLength(1);
  });

  it.each([
    ['plain', history()],
    ['nested', nestedHistory()],
  ])('agrees with the fold of a %s history, event by event, and leaves the view before it as it was', (_, events) => {
    const views = events.reduce<ExecutionView[]>((before, event) => [...before, evolveView(before.at(-1), event)], []);

    expect(views).toEqual(events.map((_, i) => foldEvents(events.slice(0, i + 1))));
  });

  it.each([
    ['skipped', say.skipped('skipped', 'a failed'), { status: 'skipped', why: 'a failed' }],
    ['upstream_failed', say.skipped('upstream_failed', 'a failed'), { status: 'upstream_failed', why: 'a failed' }],
    ['unknown', say.cancelled('unknown', 1), { status: 'unknown', attempts: 1 }],
  ])('settles a task as %s', (_status, body, expected) => {
    const { events } = openEventLog().add('', say.started).add('a', body, ['']);

    expect(taskOf(foldEvents(events), 'a')).toMatchObject({ ...expected, settledAt: midnight + 1000 });
  });
});

describe('the view of a task that runs no agent', () => {
  const log = () => openEventLog().add('', say.started).add('', say.begun);
  const viewOf = (path: string, { events }: say.EventLog) => taskOf(foldEvents(events), path);

  it('says which iteration of a loop runs, and since when the loop is open', () => {
    const view = viewOf(
      'refine',
      log()
        .add('refine', say.opened({ round: 0 }))
        .add('refine[0]/assess', say.assigned())
        .add('refine[0]/assess', say.completed())
        .add('refine', say.opened({ round: 1 })),
    );

    expect(view).toMatchObject({ status: 'running', round: 1, startedAt: midnight + 2000 });
  });

  it('counts the calls of a for_each that have settled and failed', () => {
    const view = viewOf(
      'scan',
      log()
        .add('scan', say.opened({ items: 50, calls: 5 }))
        .add('scan[0]', say.assigned())
        .add('scan[0]', say.completed())
        .add('scan[1]', say.assigned())
        .add('scan[2]', say.assigned())
        .add('scan[2]', say.failed())
        .add('scan[3]', say.completed())
        .add('other[0]', say.completed()),
    );

    expect(view).toMatchObject({ status: 'running', calls: { items: 50, count: 5, settled: 3, failed: 1 } });
  });

  it('names the child execution, during and after', () => {
    const running = log().add('deep', say.childStarted('exec_2'));

    expect(viewOf('deep', running)).toMatchObject({ status: 'running', child: 'exec_2', startedAt: midnight + 2000 });
    expect(viewOf('deep', running.add('deep', say.completed(0)))).toMatchObject({
      status: 'succeeded',
      child: 'exec_2',
    });
  });

  it('begins with the waiting of a wait, and with no other waiting', () => {
    const at = midnight + 60_000;

    expect(viewOf('cool', log().add('cool', say.parkedUntil(at)))).toMatchObject({
      status: 'parked',
      cause: { kind: 'schedule', at },
      startedAt: midnight + 2000,
    });
    expect(viewOf('build', log().add('build', say.parkedForEvent('build.finished')))?.startedAt).toBe(midnight + 2000);
    expect(viewOf('lint', log().add('lint', say.parkedFor('clone')))?.startedAt).toBeUndefined();
  });
});

describe('createViewBuilder', () => {
  it('gives views that later events do not change', () => {
    const events = history();
    const builder = createViewBuilder();
    events.slice(0, 5).forEach((event) => builder.add(event));
    const early = builder.view();
    const copy = structuredClone(early);

    events.slice(5).forEach((event) => builder.add(event));

    expect(early).toEqual(copy);
    expect(builder.view()).toEqual(foldEvents(events));
  });

  it.each([
    ['plain', history()],
    ['nested', nestedHistory()],
  ])('gives the same view for every delivery of a %s history that keeps the order within each path', (_, events) => {
    const sorted = events.toSorted(compareEvents);

    fc.assert(
      fc.property(fc.infiniteStream(fc.nat()), (picks) => {
        const [first, ...rest] = sorted;
        const queues = Object.values(Object.groupBy(rest, (event) => event.path)).map((queue) => [...queue!]);
        const builder = createViewBuilder();
        builder.add(first!);
        for (const pick of picks) {
          const open = queues.filter((queue) => queue.length > 0);
          if (open.length === 0) break;
          builder.add(open[pick % open.length]!.shift()!);
        }

        expect(builder.view()).toEqual(foldEvents(sorted));
      }),
    );
  });

  it.each([
    ['plain', history()],
    ['nested', nestedHistory()],
  ])('goes on from a stored view of a %s history', (_, events) => {
    const builder = createViewBuilder(foldEvents(events.slice(0, 8)));

    events.slice(8).forEach((event) => builder.add(event));

    expect(builder.view()).toEqual(foldEvents(events));
  });
});

describe('a view of what is paused, or asked of people', () => {
  const paused = () =>
    openEventLog().add('', say.started).add('', say.begun).add('', say.statusChanged('running', 'paused'));

  it('says who has paused an execution, until it goes on; the last checkpoint stays', () => {
    const during = foldEvents(paused().add('', say.checkpointed).events);
    const after = foldEvents(paused().add('', say.checkpointed).add('', say.statusChanged('paused', 'running')).events);

    expect(during).toMatchObject({ status: 'paused', paused: { by: 'ann', at: midnight + 2000 }, checkpoint: 'chk_1' });
    expect(after).toMatchObject({ status: 'running', checkpoint: 'chk_1' });
    expect(after).not.toHaveProperty('paused');
  });

  it('forgets an intent that a pause has overtaken', () => {
    const first = foldEvents(paused().add('a', say.assigned()).add('a', say.parkedForPause).events).tasks[0];
    const second = foldEvents(
      paused()
        .add('a', say.assigned())
        .add('a', say.retried())
        .add('a', say.parkedForRetry())
        .add('a', say.assigned(2))
        .add('a', say.parkedForPause).events,
    ).tasks[0];

    expect(first).toMatchObject({ status: 'parked', attempts: 0 });
    expect(first).not.toHaveProperty('startedAt');
    expect(second).toMatchObject({ status: 'parked', attempts: 1, startedAt: midnight + 3000 });
  });

  it('keeps the attempts of what was parked for a pause without having been assigned', () => {
    const log = paused().add('a', say.assigned()).add('a', say.retried()).add('a', say.parkedForRetry());

    expect(foldEvents(log.add('a', say.parkedForPause).events).tasks[0]).toMatchObject({ attempts: 1 });
  });

  it('names the approval that a task waits for, while it does', () => {
    const asked = openEventLog()
      .add('', say.started)
      .add('a', say.assigned())
      .add('a', {
        type: 'approval.requested',
        data: { approval: approvalId('apr_1'), attempt: 1, deadline: midnight },
      })
      .add('a', say.accepted());

    const during = foldEvents(asked.events).tasks[0];
    const after = foldEvents(asked.add('a', say.completed()).events).tasks[0];

    expect(during).toMatchObject({ status: 'running', approval: 'apr_1' });
    expect(after).not.toHaveProperty('approval');
  });
});
