import { describe, expect, it } from 'vitest';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import { observedDurations, type ExecutionView, type TaskView } from '../../../core/projections/index.ts';

const second = 1_000;

function task(path: string, seconds: number, more: Partial<TaskView> = {}): TaskView {
  const from = 5_000;
  return {
    ...{ path: taskPath(path), firstLamport: 1, status: 'succeeded', attempts: 1 },
    ...{ startedAt: from, settledAt: from + seconds * second, ...more },
  };
}

const view = (...tasks: TaskView[]): ExecutionView => ({
  execution: executionId('exec_1'),
  workflow: 'w',
  version: '1',
  status: 'succeeded',
  startedAt: 0,
  input: { inline: null },
  tasks,
  events: 0,
});

describe('observedDurations', () => {
  it('is the median over executions, the lower one of two', () => {
    const seen = [9, 1, 4, 2].map((seconds) => view(task('lint', seconds)));

    expect(observedDurations(seen)).toEqual(new Map([['lint', { median: 2, seen: 4 }]]));
  });

  it('counts items and iterations each by itself', () => {
    const seen = view(task('refine[0]/scan[0]', 1), task('refine[0]/scan[1]', 3), task('refine[1]/scan[0]', 5));

    expect(observedDurations([seen]).get('scan')).toEqual({ median: 3, seen: 3 });
  });

  it('leaves out what did not succeed, was never begun, or is the whole of its calls or iterations', () => {
    const { startedAt, ...cached } = task('a', 1);
    const seen = view(
      cached,
      task('b', 1, { status: 'failed' }),
      task('scan', 60, { calls: { items: 9, count: 9, settled: 9, failed: 0 } }),
      task('refine', 60, { round: 4 }),
    );

    expect(observedDurations([seen]).size).toBe(0);
  });
});
