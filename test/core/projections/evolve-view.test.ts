import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SkeinEvent } from '../../../core/execution/index.ts';
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

  it('agrees with the fold, event by event, and leaves the view before it as it was', () => {
    const events = history();

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

  it('gives the same view for every delivery that keeps the order within each path', () => {
    const sorted = history().toSorted(compareEvents);

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

  it('goes on from a stored view', () => {
    const events = history();
    const builder = createViewBuilder(foldEvents(events.slice(0, 6)));

    events.slice(6).forEach((event) => builder.add(event));

    expect(builder.view()).toEqual(foldEvents(events));
  });
});
