import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  decideSaga,
  indexPlan,
  isBefore,
  undoSet,
  untouchedTask,
  type PlanIndex,
  type TaskRecord,
  type TaskStatus,
} from '../../../core/execution/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import type { Saga } from '../../../core/plan/index.ts';
import { smallPlan } from '../../makers/small-plan.ts';

const execution = executionId('exec_1');

interface Story {
  readonly index: PlanIndex;
  readonly records: readonly TaskRecord[];
  readonly saga: Saga;
  /** Positions of tasks whose compensations fail. */
  readonly failing: ReadonlySet<number>;
  /** Which of those that go on answers next. */
  readonly luck: readonly number[];
}

const statuses: readonly TaskStatus[] = [
  'succeeded',
  'succeeded',
  'succeeded',
  'unknown',
  'failed',
  'cancelled',
  'skipped',
];

/** Ten tasks at most, in an order in which each may depend on earlier ones, and how an execution of them has ended. */
const stories: fc.Arbitrary<Story> = fc
  .record({
    tasks: fc.array(
      fc.record({
        after: fc.array(fc.nat(9), { maxLength: 3 }),
        status: fc.constantFrom(...statuses),
        attempts: fc.nat(2),
        isUndone: fc.boolean(),
        alsoFailed: fc.boolean(),
        isPivot: fc.integer({ min: 0, max: 9 }).map((it) => it === 0),
      }),
      { minLength: 1, maxLength: 10 },
    ),
    serial: fc.boolean(),
    onFailure: fc.constantFrom('hold' as const, 'continue' as const),
    failing: fc.uniqueArray(fc.nat(9), { maxLength: 2 }),
    luck: fc.array(fc.nat(9), { minLength: 20, maxLength: 20 }),
  })
  .map(({ tasks, serial, onFailure, failing, luck }) => {
    const saga = { serial, onFailure };
    const base = smallPlan(
      Object.fromEntries(
        tasks.map(({ after }, at) => [
          `t${at}`,
          { after: [...new Set(after.filter((it) => it < at))].map((it) => `t${it}`) },
        ]),
      ),
    );
    const plan = {
      ...base,
      saga,
      tasks: base.tasks.map((task, at) => ({
        ...task,
        ...(tasks[at]?.isUndone === true && { compensate: compensation(tasks[at].alsoFailed) }),
        ...(tasks[at]?.isPivot === true && { pivot: true as const }),
      })),
    };
    const records = tasks.map(({ status, attempts }, at) => ({
      ...untouchedTask(execution, taskPath(`t${at}`)),
      status,
      attempts,
      lamport: 10 + at,
    }));
    return { index: indexPlan(plan), records, saga, failing: new Set(failing), luck };
  });

function compensation(alsoFailed: boolean) {
  const retry = { maxAttempts: 1, interval: 1, backoffRate: 1, maxDelay: 1, jitter: 'none' } as const;
  return { agent: 'a', agentType: 'a', timeout: 1, retry, ...(alsoFailed && { onFailure: true as const }) };
}

interface Move {
  readonly path: string;
  readonly at: 'begun' | 'undone' | 'failed';
}

/** Plays a saga to its end: begins all that may begin, then one of those that go on answers. */
function play({ index, records, failing, luck }: Story) {
  let now = records;
  const moves: Move[] = [];
  const set = (path: string, undo: NonNullable<TaskRecord['undo']>) => {
    now = now.map((record) => (record.path === path ? { ...record, undo } : record));
  };
  for (let step = 0; step < 40; step += 1) {
    const { starts, open, residue } = decideSaga(index, now);
    if (starts.length + open.length === 0) return { moves, residue, records: now };
    for (const { path } of starts) {
      moves.push({ path, at: 'begun' });
      set(path, 'compensating');
    }
    const going = now.filter(({ undo }) => undo === 'compensating');
    const answers = going[(luck[step % luck.length] ?? 0) % going.length];
    if (!answers) continue;
    const fails = failing.has(Number(answers.path.slice(1)));
    moves.push({ path: answers.path, at: fails ? 'failed' : 'undone' });
    set(answers.path, fails ? 'compensation_failed' : 'compensated');
  }
  throw new Error('It never ends.');
}

/** By its own count: every way through the dependencies. */
function comesBefore({ index }: Story, one: string, other: string): boolean {
  return index
    .taskAt(taskPath(other))
    .dependsOn.some(({ task }) => task === one || comesBefore({ index } as Story, one, task));
}

const check = (property: (story: Story) => void): void => fc.assert(fc.property(stories, property), { numRuns: 2000 });
const pathsOf = (records: readonly TaskRecord[]): string[] => records.map(({ path }) => path).toSorted();

describe('the decisions of a saga, over random graphs', () => {
  it('undo what may have taken effect and nothing that a pivot has passed, and come to an end', () => {
    check((story) => {
      const { index, records } = story;
      const pivots = records.filter(({ path, status }) => status === 'succeeded' && index.taskAt(path).pivot === true);
      const expected = records.filter(({ path, status, attempts }) => {
        const { compensate } = index.taskAt(path);
        // Who is cancelled between two attempts has failed.
        const isFailed =
          compensate?.onFailure === true && (status === 'failed' || (status === 'cancelled' && attempts > 0));
        if (!compensate || !(status === 'succeeded' || status === 'unknown' || isFailed)) return false;
        return !pivots.some((pivot) => pivot.path === path || comesBefore(story, path, pivot.path));
      });

      expect(pathsOf(undoSet(index, records))).toEqual(pathsOf(expected));
      const { moves, residue } = play(story);
      const undone = moves.filter(({ at }) => at === 'undone').map(({ path }) => path);
      expect([...undone, ...residue.map(({ path }) => path)].toSorted()).toEqual(pathsOf(expected));
    });
  });

  it('begin each compensation once, and each after all that came after its task', () => {
    check((story) => {
      const { moves } = play(story);
      const begun = moves.filter(({ at }) => at === 'begun').map(({ path }) => path);
      expect(new Set(begun).size).toBe(begun.length);
      const inSet = pathsOf(undoSet(story.index, story.records));
      for (const path of begun) {
        const before = moves.slice(
          0,
          moves.findIndex((move) => move.path === path && move.at === 'begun'),
        );
        const ended = (later: string) =>
          before.some(
            (move) =>
              move.path === later &&
              (move.at === 'undone' || (move.at === 'failed' && story.saga.onFailure === 'continue')),
          );
        expect(inSet.filter((later) => comesBefore(story, path, later) && !ended(later))).toEqual([]);
      }
    });
  });

  it('leave nothing where nothing fails; with `hold` what lies before a failure, with `continue` only the failures', () => {
    check((story) => {
      const { moves, residue } = play(story);
      const failed = moves.filter(({ at }) => at === 'failed').map(({ path }) => path);
      const left = residue.map(({ path }) => path);
      if (failed.length === 0) expect(left).toEqual([]);
      if (story.saga.onFailure === 'continue') expect(left.toSorted()).toEqual(failed.toSorted());
      else if (!story.saga.serial) {
        const isHeld = (path: string) => failed.some((it) => comesBefore(story, path, it));
        const inSet = pathsOf(undoSet(story.index, story.records));
        expect(left.toSorted()).toEqual(inSet.filter((path) => failed.includes(path) || isHeld(path)));
      }
    });
  });

  it('undo one at a time, the last one first, with `serial`', () => {
    check((story) => {
      if (!story.saga.serial) return;
      const { moves } = play(story);
      const begun = moves.filter(({ at }) => at === 'begun').map(({ path }) => Number(path.slice(1)));
      expect(begun).toEqual(begun.toSorted((a, b) => b - a));
      for (const [at, move] of moves.entries())
        if (move.at === 'begun') expect(moves[at + 1]).toMatchObject({ path: move.path });
    });
  });
});

describe('before and after', () => {
  const inner = { x: {}, y: { after: ['x'] } };
  const plan = smallPlan({
    a: {},
    l: { after: ['a'], loop: { maxIterations: 3, tasks: inner } },
    g: { after: ['l'], group: { tasks: { z: {} } } },
  });
  const before = (one: string, other: string) => isBefore(indexPlan(plan), taskPath(one), taskPath(other));

  it.each([
    ['a', 'l[0]/x'],
    ['a', 'g/z'],
    ['l[0]/x', 'l[0]/y'],
    ['l[0]/y', 'l[1]/x'],
    ['l[2]/x', 'g/z'],
  ])('%s is before %s, by the regions that both are in', (one, other) => {
    expect([before(one, other), before(other, one)]).toEqual([true, false]);
  });

  it.each([
    ['a', 'a'],
    ['l[0]/x', 'l[0]/x'],
    ['g', 'g/z'],
  ])('%s is neither before nor after %s', (one, other) => {
    expect([before(one, other), before(other, one)]).toEqual([false, false]);
  });
});
