import { describe, expect, it } from 'vitest';
import { advanceExecution, advanceTask, untouchedTask, type EventBody } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { accepted, assigned, begun, midnight } from '../../makers/event-log.ts';
import { anExecution, anId, aTask } from '../../makers/ledger-records.ts';

const stampsOf = (events: readonly { n: number; lamport: number }[]) => events.map(({ n, lamport }) => [n, lamport]);

describe('advanceTask', () => {
  it('writes the change, counts one revision, and stamps each event with place and time', () => {
    const task = aTask({ lamport: 5, events: 2, revision: 4 });

    const { record, events } = advanceTask(task, (it) => ({ ...it, status: 'running', attempts: 1 }), [assigned(1)], {
      now: midnight,
    });

    expect(record).toEqual({ ...task, status: 'running', attempts: 1, lamport: 6, events: 3, revision: 5 });
    expect(events).toEqual([{ execution: anId, path: task.path, n: 3, lamport: 6, time: midnight, ...assigned(1) }]);
  });

  it.each([
    [
      'its own clock',
      3,
      [
        [3, 6],
        [4, 7],
      ],
    ],
    [
      'what it depended on',
      9,
      [
        [3, 10],
        [4, 11],
      ],
    ],
  ] as const)('puts its events one after the other, after %s', (_what, after, stamps) => {
    const task = aTask({ lamport: 5, events: 2 });

    const { record, events } = advanceTask(task, (it) => it, [assigned(1), accepted(1)], { now: midnight, after });

    expect(stampsOf(events)).toEqual(stamps);
    expect(record).toMatchObject({ lamport: events.at(-1)?.lamport, events: 4 });
  });

  it('counts a revision, and nothing else, for a change that nobody is told of', () => {
    const { record, events } = advanceTask(aTask({ lamport: 5 }), (it) => it, [], { now: midnight, after: 9 });

    expect(events).toEqual([]);
    expect(record).toEqual(aTask({ lamport: 5, revision: 2 }));
  });

  it('begins with a task that nobody has touched at revision 0', () => {
    const { record, events } = advanceTask(untouchedTask(anId, taskPath('lint')), (it) => it, [assigned(1)], {
      now: midnight,
    });

    expect(record).toEqual(aTask({ lamport: 1, events: 1, revision: 1 }));
    expect(stampsOf(events)).toEqual([[1, 1]]);
  });
});

describe('advanceExecution', () => {
  it('stamps the events of the execution itself, which have no path', () => {
    const execution = anExecution({ status: 'planning', lamport: 2, events: 1, revision: 1 });
    const bodies: EventBody[] = [begun];

    const { record, events } = advanceExecution(execution, { status: 'running' }, bodies, { now: midnight, after: 4 });

    expect(record).toEqual({ ...execution, status: 'running', lamport: 5, events: 2, revision: 2 });
    expect(events).toEqual([{ execution: anId, path: '', n: 2, lamport: 5, time: midnight, ...begun }]);
  });
});
