import { describe, expect, it } from 'vitest';
import type { BusEvent, EventBody, SkeinEvent, StoredValue } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { Json } from '../../../core/json/index.ts';
import type { Wait } from '../../../core/plan/index.ts';
import { verifyHistory, type History } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { anExecution, aTask } from '../../makers/ledger-records.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';

const { midnight } = say;

const succeeded = (value: Json): EventBody => ({
  type: 'task.completed',
  data: { attempts: 0, output: { inline: value } },
});

/** The execution starts at midnight; the second event of a task, which ends it, comes two seconds later. */
const eventsOf = (path: string, ...bodies: readonly EventBody[]): readonly SkeinEvent[] =>
  bodies.reduce((log, body) => log.add(path, body, ['']), say.openEventLog().add('', say.started)).events;

const messagesOf = (tasks: SmallTasks, history: Omit<History, 'plan'>): string[] =>
  verifyHistory({ ...history, plan: smallPlan(tasks) }).map(({ message }) => message);

describe('verifyHistory of a wait', () => {
  const until = (seconds: number): EventBody => say.parkedUntil(midnight + seconds * 1_000);
  const found = (wait: Wait, ...bodies: readonly EventBody[]): string[] =>
    messagesOf({ w: { wait } }, { events: eventsOf('w', ...bodies) });
  const fiveSeconds: Wait = { kind: 'seconds', seconds: 5 };

  it.each<[string, Wait, EventBody[], string[]]>([
    ['to the millisecond', fiveSeconds, [until(2), succeeded(null)], []],
    ['too short', fiveSeconds, [until(2.5), succeeded(null)], ['It ended 500 ms before its time.']],
    ['not at all', fiveSeconds, [succeeded(null)], ['It was to wait 5 s, and did not wait.']],
    [
      'for another reason only',
      fiveSeconds,
      [say.parkedFor('x'), succeeded(null)],
      ['It was to wait 5 s, and did not wait.'],
    ],
    ['by the last of its times', fiveSeconds, [until(9), until(3), succeeded(null)], []],
    ['until it was cancelled', fiveSeconds, [until(9), say.cancelled('cancelled', 0)], []],
    ['until it failed by itself', fiveSeconds, [say.failed(0, 'InvalidInput')], []],
    ['for a time that it does not know yet', { kind: 'until', until: '${ input.at }' }, [succeeded(null)], []],
    ['still', fiveSeconds, [until(9)], []],
  ])('that waited %s', (_how, wait, bodies, messages) => {
    expect(found(wait, ...bodies)).toEqual(messages);
  });

  const forBuild: Wait = { kind: 'event', event: 'build.finished' };
  const parked = (seconds?: number): EventBody =>
    say.parkedForEvent('build.finished', seconds === undefined ? undefined : midnight + seconds * 1_000);

  it.each<[string, EventBody[], string[]]>([
    ['when its patience had ended', [parked(2), say.failed(0, 'WaitTimeout')], []],
    ['too soon', [parked(3), say.failed(0, 'WaitTimeout')], ['It ended 1000 ms before its time.']],
    ['without a time to do so', [parked(), say.failed(0, 'WaitTimeout')], ['It ended Infinity ms before its time.']],
    ['with another failure', [parked(3), say.failed(0, 'InvalidInput')], []],
    ['before it waited', [say.failed(0, 'WaitTimeout')], []],
  ])('that gave up %s', (_how, bodies, messages) => {
    expect(found(forBuild, ...bodies)).toEqual(messages);
  });

  const at = (seconds: number): string => new Date(midnight + seconds * 1_000).toISOString();
  const outOfTime = 'Its event was not published between the start of the execution and the end of the wait.';
  const event = { type: 'build.finished', time: at(1), data: { commit: 'abc' } };

  it.each<[string, Json, string[]]>([
    ['of its type and time', event, []],
    ['of the very start', { ...event, time: at(0) }, []],
    ['of the very end', { ...event, time: at(2) }, []],
    ['from before the start', { ...event, time: at(-0.001) }, [outOfTime]],
    ['from after the end', { ...event, time: at(2.001) }, [outOfTime]],
    ['without a time', { ...event, time: null }, [outOfTime]],
    ['with a time that is none', { ...event, time: 'soon' }, [outOfTime]],
    ['of another type', { ...event, type: 'x' }, ['Its event is a "x", and it waits for build.finished.']],
    ['of no type', { time: at(1) }, ['Its event is a null, and it waits for build.finished.']],
    ['that is no object', 'done', []],
  ])('that ended with an event %s', (_which, output, messages) => {
    expect(found(forBuild, parked(), succeeded(output))).toEqual(messages);
  });

  it.each<[string, Json, StoredValue | undefined, string[]]>([
    ['that it matches', event, { inline: { commit: ['abc'] } }, []],
    ['that it does not match', event, { inline: { commit: ['def'] } }, ['Its event does not match.']],
    [
      'that wants data of an event without',
      { ...event, data: null },
      { inline: { commit: ['abc'] } },
      ['Its event does not match.'],
    ],
    ['that was not read', event, undefined, []],
    ['that is a blob', event, { blob: 'c'.repeat(64), bytes: 9 }, []],
  ])('holds its event against a pattern %s', (_which, output, input, messages) => {
    const events = eventsOf('w', parked(), succeeded(output));
    const record = aTask({
      path: taskPath('w'),
      ...(input && { input }),
      status: 'succeeded',
      output: { inline: output },
      events: 2,
    });
    const records = { execution: anExecution({ status: 'planning' }), tasks: [record] };

    expect(messagesOf({ w: { wait: forBuild } }, { events, records })).toEqual(messages);
  });
});

describe('verifyHistory of an emit', () => {
  const own = { id: 'exec_1/e', source: 'exec_1', type: 'done' };
  const tasks = { e: { emit: 'done' }, f: { emit: 'also' } };

  it.each<[string, Json, string[]]>([
    ['its own event', own, []],
    ['another id', { ...own, id: 'exec_1/f' }, ['What it published is not its own event done.']],
    ['another source', { ...own, source: 'exec_2' }, ['What it published is not its own event done.']],
    ['another type', { ...own, type: 'also' }, ['What it published is not its own event done.']],
    ['nothing that can be read', 'done', []],
  ])('that published %s', (_what, output, messages) => {
    expect(messagesOf(tasks, { events: eventsOf('e', succeeded(output)) })).toEqual(messages);
  });

  const published = (...ids: string[]): BusEvent[] =>
    ids.map((id) => ({ id, type: 'done', source: 'exec_1', time: midnight, data: { inline: {} } }));
  const twice = 'Event exec_1/e was published, and the task did not succeed.';

  it.each<[string, EventBody, BusEvent[], string[]]>([
    ['succeeded and published', succeeded(own), published('exec_1/e'), []],
    ['succeeded and published twice', succeeded(own), published('exec_1/e', 'exec_1/e'), [twice]],
    ['succeeded beside events of others', succeeded(own), published('exec_1/e', 'exec_12/e', 'evt_1'), []],
    ['succeeded without', succeeded(own), [], ['It succeeded, and its event was not published.']],
    ['failed', say.failed(0), [], []],
    ['failed and published', say.failed(0), published('exec_1/e'), [twice]],
  ])('that %s', (_what, end, bus, messages) => {
    const records = { execution: anExecution({ status: 'planning' }), tasks: [], published: bus };

    expect(messagesOf(tasks, { events: eventsOf('e', end), records })).toEqual(messages);
  });
});
