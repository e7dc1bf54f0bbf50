import { describe, expect, it } from 'vitest';
import {
  concludeExecution,
  indexPlan,
  type Conclusion,
  type ExecutionRecord,
  type TaskRecord,
} from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { midnight } from '../../makers/event-log.ts';
import { anExecution, aTask } from '../../makers/ledger-records.ts';
import { smallPlan, type SmallTask } from '../../makers/small-plan.ts';

const plan = {
  a: {},
  b: {},
  shards: { fanOut: 2 },
  tolerated: { continueOnFailure: true },
  checks: { group: { tasks: { lint: {} } } },
} satisfies Record<string, SmallTask>;

const task = (path: string, change: Partial<TaskRecord>): TaskRecord => aTask({ path: taskPath(path), ...change });
const broken = (path: string, lamport: number): TaskRecord =>
  task(path, { status: 'failed', error: { name: 'ToolBroken', message: `no ${path}` }, lamport });
const stopping = (more: Omit<NonNullable<ExecutionRecord['stopping']>, 'drain' | 'at'>): Partial<ExecutionRecord> => ({
  status: 'stopping',
  stopping: { drain: false, at: midnight, ...more },
});

function concluded(tasks: readonly TaskRecord[], execution: Partial<ExecutionRecord> = {}): Conclusion {
  return concludeExecution(anExecution(execution), tasks, indexPlan(smallPlan(plan)));
}

describe('concludeExecution', () => {
  it('is succeeded when no task failed that may not', () => {
    const tasks = [
      task('a', { status: 'succeeded' }),
      task('b', { status: 'upstream_failed' }),
      broken('tolerated', 3),
    ];

    expect(concluded(tasks)).toEqual({ status: 'succeeded' });
  });

  it('is failed with the error of the task that failed first, and counts the others', () => {
    expect(concluded([broken('a', 9), broken('b', 4), broken('tolerated', 1)])).toEqual({
      status: 'failed',
      error: { name: 'ToolBroken', message: 'Task b failed: no b (and 1 more failed)' },
    });
  });

  it('decides by path which of two failures at the same moment came first', () => {
    const { error } = concluded([broken('b', 4), broken('a', 4)]);

    expect(error?.message).toBe('Task a failed: no a (and 1 more failed)');
  });

  it('names a fan-out, never one of its items', () => {
    const { error } = concluded([broken('shards[0]', 1), broken('shards[1]', 2), broken('shards', 3)]);

    expect(error).toEqual({ name: 'ToolBroken', message: 'Task shards failed: no shards' });
  });

  it('names a group, never a member: the group says what the failure of a member means', () => {
    const member = broken('checks/lint', 1);

    expect(concluded([member])).toEqual({ status: 'succeeded' });
    expect(concluded([member, broken('checks', 2)]).error?.message).toBe('Task checks failed: no checks');
  });

  it.each([
    ['failure', 'failed', 'ToolBroken'],
    ['engine_error', 'failed', 'ToolBroken'],
    ['cancel', 'cancelled', 'Cancelled'],
    ['timeout', 'timed_out', 'ExecutionTimeout'],
  ] as const)('ends one that stopped by %s as %s, also when a task has failed', (reason, status, name) => {
    expect(concluded([broken('a', 1)], stopping({ reason }))).toMatchObject({ status, error: { name } });
  });

  it('says who has cancelled it, where that is known', () => {
    const byMe = concluded([], stopping({ reason: 'cancel', by: 'me' }));
    const byNobody = concluded([], stopping({ reason: 'cancel' }));

    expect([byMe.error?.message, byNobody.error?.message]).toEqual(['Cancelled by me.', 'Cancelled.']);
  });

  it('says that time was up', () => {
    expect(concluded([], stopping({ reason: 'timeout' })).error?.message).toBe(
      'The execution did not end within its timeout.',
    );
  });

  it('has an error for a machine that ended early although no task failed', () => {
    expect(concluded([], stopping({ reason: 'engine_error' })).error).toEqual({
      name: 'EngineError',
      message: 'The machine ended before every task had settled.',
    });
  });
});
