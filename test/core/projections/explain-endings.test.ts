import { describe, expect, it } from 'vitest';
import type { Attempt, CallCounts, ExecutionRecord, TaskRecord } from '../../../core/execution/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import { explain, type Explanation } from '../../../core/projections/index.ts';
import { midnight } from '../../makers/event-log.ts';
import { anExecution, aTask } from '../../makers/ledger-records.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';

type Records = Readonly<Record<string, Partial<TaskRecord>>>;

function explained(
  tasks: SmallTasks,
  records: Records,
  execution: Partial<ExecutionRecord>,
  ask?: string,
): Explanation {
  const input = {
    execution: anExecution(execution),
    plan: smallPlan(tasks),
    tasks: Object.entries(records).map(([path, change]) => aTask({ path: taskPath(path), ...change })),
    now: midnight + 20_000,
    isAttended: true,
  };
  return explain(input, ask === undefined ? undefined : taskPath(ask));
}

const live: Attempt = {
  number: 1,
  state: 'running',
  engine: 'engine-1',
  startedAt: midnight,
  deadline: midnight + 300_000,
  heartbeatAt: midnight,
};
const works: Partial<TaskRecord> = { status: 'running', attempts: 1, attempt: live };
const broken: Partial<TaskRecord> = { status: 'failed', attempts: 3, error: { name: 'Broken', message: '' } };
const stopping = (reason: 'failure' | 'cancel' | 'engine_error', more: object = {}): Partial<ExecutionRecord> => ({
  status: 'stopping',
  stopping: { reason, drain: false, at: midnight, ...more },
});

describe('the explanation of an execution', () => {
  it.each<[string, Partial<ExecutionRecord>, string]>([
    ['planned', { status: 'planning' }, 'has not started: its machine is not running yet'],
    [
      'queued',
      {
        status: 'queued',
        turn: {
          queued: {
            limit: 'key',
            size: 1,
            value: '"a"',
            position: 2,
            holders: [executionId('exec_0')],
            at: midnight,
            entry: { key: '', execution: executionId('exec_1'), path: taskPath(''), arrival: midnight },
          },
        },
      },
      'waits for its turn since 2026-11-21T00:00:00Z (20 s ago), as number 2 in the queue: another one with the key `"a"` goes on: `exec_0`',
    ],
    ['run', { status: 'running' }, 'is running (1 pending)'],
    ['stopped by nobody known', stopping('cancel'), 'is stopping because it was cancelled'],
    [
      'stopped by its end',
      stopping('engine_error'),
      'is stopping because its machine ended before every task had settled',
    ],
    ['succeeded', { status: 'succeeded', endedAt: midnight + 61_000 }, 'succeeded in 1 min 1 s (1 pending)'],
    [
      'failed by its output',
      { status: 'failed', error: { name: 'InvalidOutput', message: 'no' } },
      'failed with `InvalidOutput` (no) (1 pending)',
    ],
    ['failed by nothing known', { status: 'failed' }, 'failed (1 pending)'],
    ['cancelled', { status: 'cancelled' }, 'was cancelled (1 pending)'],
    ['late', { status: 'timed_out' }, 'did not end within 1 h (1 pending)'],
  ])('that is %s begins with it, and not with a task', (_what, execution, said) => {
    const { chain } = explained({ a: {} }, {}, execution);

    expect(chain[0]?.path).toBe('');
    expect(chain[0]?.sentence.replace('Execution `exec_1`', '').replace(' of `review`', '')).toBe(` ${said}.`);
  });

  it('counts what has something running inside as running, unless it has settled', () => {
    const tasks = { fan: { fanOut: 2 }, g: { group: { tasks: { x: {} } } }, gg: {}, b: {} };
    const records = { 'fan[0]': works, g: { status: 'succeeded' }, 'g/x': works, b: works } as const;

    expect(explained(tasks, records, {}).chain[0]?.sentence).toContain('(1 pending, 2 running, 1 succeeded)');
  });

  it('follows the task with the longest way to go, that inside of containers included', () => {
    const chainOf = (name: string, count: number): SmallTasks =>
      Object.fromEntries(
        Array.from({ length: count }, (_, n) => [`${name}${n}`, n === 0 ? {} : { after: [`${name}${n - 1}`] }]),
      );
    const ofPlan = (tasks: SmallTasks, records: Records = {}) => explained(tasks, records, {}).chain.at(1)?.path;
    const flat = chainOf('f', 3);

    expect(ofPlan({ ...flat, g: { group: { tasks: chainOf('x', 4) } } })).toBe('g');
    expect(ofPlan({ ...flat, g: { group: { tasks: chainOf('x', 2) } } })).toBe('f2');
    expect(ofPlan({ ...flat, g: { group: { tasks: { ...chainOf('x', 1), ...chainOf('y', 4) } } } })).toBe('g');
    const loop = { ...flat, l: { loop: { tasks: chainOf('x', 4) } } };
    const first = { 'l[0]/x0': { status: 'succeeded' }, 'l[0]/x1': { status: 'succeeded' } } as const;
    expect(ofPlan(loop)).toBe('l');
    expect(ofPlan(loop, { l: { status: 'running', round: 0 }, ...first })).toBe('f2');
    expect(ofPlan(loop, { l: { status: 'running', round: 1 }, ...first })).toBe('l');
  });
});

describe('the failure inside of a container', () => {
  const group = { g: { group: { tasks: { x: {}, y: {}, mild: { continueOnFailure: true } } } } };
  const rootOf = (tasks: SmallTasks, records: Records, ask: string) =>
    explained(tasks, records, { status: 'failed' }, ask).chain.at(-1)?.path;

  it.each([
    ['the first in time', { x: 9, y: 4, mild: 1 }, 'g/y'],
    ['the first in time, in any order', { x: 4, y: 9, mild: 1 }, 'g/x'],
    ['of two at once the first by its name', { y: 4, x: 4, mild: 1 }, 'g/x'],
  ])('of a group is %s, and none that may happen', (_which, clocks, path) => {
    const members = Object.entries(clocks).map(([id, lamport]) => [`g/${id}`, { ...broken, lamport }] as const);
    const records: Records = { g: broken, ...Object.fromEntries(members) };

    expect(rootOf(group, records, 'g')).toBe(path);
  });

  it('of a fan-out is the first of its items', () => {
    const records = { scan: broken, 'scan[2]': { ...broken, lamport: 1 }, 'scan[1]': { ...broken, lamport: 9 } };

    expect(rootOf({ scan: { fanOut: 3 } }, records, 'scan')).toBe('scan[1]');
  });
});

describe('what helps after a failure', () => {
  const wait = { w: { wait: { kind: 'event', event: 'go' } }, s: { wait: { kind: 'seconds', seconds: 1 } } } as const;
  const nextOf = (tasks: SmallTasks, path: string, name: string, status: ExecutionRecord['status'] = 'failed') =>
    explained(tasks, { [path]: { ...broken, attempts: 0, error: { name, message: '' } } }, { status }, path).next?.what;

  it.each<[SmallTasks, string, string, string]>([
    [wait, 'w', 'WaitTimeout', 'you see to it that event `go` comes in time and start a new execution'],
    [wait, 'w', 'InvalidInput', 'you fix what `w` reported and start a new execution'],
    [wait, 's', 'InvalidInput', 'you fix what `s` reported and start a new execution'],
    [{ a: {} }, 'a', 'WaitTimeout', 'you fix what `a` reported and start a new execution'],
    [
      { l: { loop: { tasks: { x: {} } } } },
      'l',
      'LoopExhausted',
      'you give `l` more iterations or a milder `until` and start a new execution',
    ],
  ])('depends on the task and its error (%j, %s, %s)', (tasks, path, name, what) => {
    expect(nextOf(tasks, path, name)).toBe(what);
  });

  it.each(['running', 'succeeded'] as const)('is nothing to do while an execution is %s in spite of it', (status) => {
    expect(nextOf({ a: {} }, 'a', 'Broken', status)).toBe('the engine goes on with what does not depend on it');
  });

  it('is said of a loop and a for_each that never opened', () => {
    const said = (tasks: SmallTasks, path: string) =>
      explained(tasks, { [path]: { ...broken, attempts: 0 } }, { status: 'failed' }, path).chain[0]?.sentence;

    expect(said({ l: { loop: { tasks: { x: {} } } } }, 'l')).toBe('Loop `l` failed with `Broken` before it opened.');
    expect(said({ e: { forEach: {} } }, 'e')).toBe('Task `e` failed with `Broken` before it opened.');
    expect(said({ e: { emit: 'e' } }, 'e')).toBe('Task `e` failed with `Broken`.');
  });
});

describe('the calls of a for_each', () => {
  const tasks = {
    scan: { forEach: { maxItems: 4 } },
    l: { loop: { tasks: { x: {} } } },
    u: { loop: { until: 'done', tasks: { y: {} } } },
  };
  const counts: CallCounts = { items: { inline: [] }, count: 4, calls: 4, started: 2, settled: 2, failed: 0 };
  const ofScan = (calls: CallCounts, ask: string, more: Records = {}) =>
    explained(tasks, { scan: { status: 'running', calls }, ...more }, {}, ask).chain[0]?.sentence;

  it('wait for their turn from the first that has not started', () => {
    expect(ofScan(counts, 'scan[1]')).toBe('Task `scan[1]` has nothing left to wait for.');
    expect(ofScan(counts, 'scan[2]')).toBe('Task `scan[2]` waits for its turn among the calls of `scan`.');
  });

  const done = { status: 'succeeded' } as const;

  it.each<[string, Records, string]>([
    [
      'scan',
      { scan: { status: 'running', calls: counts }, 'scan[0]': done, 'scan[1]': done },
      'starts the next call of `scan`',
    ],
    [
      'scan',
      { scan: { status: 'running', calls: { ...counts, count: 1, calls: 1, started: 1 } }, 'scan[0]': done },
      'settles `scan`',
    ],
    ['l', { l: { status: 'running', round: 0 }, 'l[0]/x': done }, 'settles `l`'],
    ['u', { u: { status: 'running', round: 0 }, 'u[0]/y': done }, 'evaluates `until` of `u`'],
  ])('and other containers whose insides have settled go on (%s, %j)', (ask, records, what) => {
    expect(explained(tasks, records, {}, ask).next).toEqual({ what: `the engine ${what}`, who: 'engine' });
  });
});
