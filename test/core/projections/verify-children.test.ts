import { describe, expect, it } from 'vitest';
import { childExecutionId, type ExecutionRecord, type ExecutionStatus } from '../../../core/execution/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import { verifyHistory } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { anExecution, anId } from '../../makers/ledger-records.ts';
import { smallPlan } from '../../makers/small-plan.ts';

const path = taskPath('deep');
const child = childExecutionId(anId, path);
const plan = smallPlan({ deep: { workflow: 'deep-scan' } });

const ends = {
  succeeded: say.completed(0),
  failed: say.failed(0, 'ChildFailed'),
  invalid: say.failed(0, 'InvalidOutput'),
  cancelled: say.cancelled('cancelled', 0),
  unknown: say.cancelled('unknown', 0),
};

/** What is found about a task that ended so, and its child as it is recorded. */
function found(end: keyof typeof ends | 'still running', record: Partial<ExecutionRecord>, id = child): string[] {
  const log = say.openEventLog().add('', say.started).add('', say.begun).add('deep', say.childStarted(id), ['']);
  const { events } = end === 'still running' ? log : log.add('deep', ends[end]);
  const children = [
    anExecution({ id: executionId('exec_7') }),
    anExecution({ id, parent: { execution: anId, path }, lamport: 1, ...record }),
  ];
  const records = { execution: anExecution({ lamport: 2, events: 2 }), tasks: [], children };
  return verifyHistory({ events, plan, records })
    .filter(({ name }) => name.startsWith('child_'))
    .map(({ message }) => message);
}

describe('verifyHistory of a child', () => {
  it.each<[keyof typeof ends, ExecutionStatus[]]>([
    ['succeeded', ['succeeded']],
    ['failed', ['failed', 'cancelled', 'timed_out']],
    ['invalid', ['failed', 'cancelled', 'timed_out', 'succeeded']],
    ['cancelled', ['cancelled']],
    ['unknown', []],
  ])('lets a task that is %s have a child that is %j', (end, agreeing) => {
    const all: ExecutionStatus[] = ['failed', 'cancelled', 'timed_out', 'succeeded'];

    expect(all.filter((status) => found(end, { status }).length === 0)).toEqual(agreeing);
  });

  it('says how the two differ', () => {
    expect(found('cancelled', { status: 'failed' })).toEqual([`It was cancelled, and its child ${child} was failed.`]);
  });

  it.each<[string, Partial<ExecutionRecord>]>([
    ['that runs', { status: 'running' }],
    ['that ended at the same clock', { status: 'succeeded', lamport: 4 }],
    ['that ended later', { status: 'succeeded', lamport: 5 }],
  ])('finds a task that settled before a child %s', (_what, record) => {
    expect(found('succeeded', record)).toEqual([`It settled before its child ${child} had ended.`]);
  });

  it('lets a child run on while its task does', () => {
    expect(found('still running', { status: 'running' })).toEqual([]);
    expect(found('still running', { status: 'failed', lamport: 9 })).toEqual([]);
  });

  it.each<[string, Pick<ExecutionRecord, 'parent'> | { parent: undefined }]>([
    ['nobody', { parent: undefined }],
    ['another task', { parent: { execution: anId, path: taskPath('other') } }],
    ['a task of another execution', { parent: { execution: executionId('exec_9'), path } }],
  ])('finds a child that names %s as its parent', (_what, parent) => {
    expect(found('succeeded', { status: 'succeeded', ...parent } as Partial<ExecutionRecord>)).toEqual([
      `Its child ${child} does not name it as its parent.`,
    ]);
  });

  it("finds a child under an id that is not the task's own", () => {
    expect(found('succeeded', { status: 'succeeded' }, executionId('exec_9'))).toEqual([
      `It started exec_9; its child is ${child}.`,
    ]);
  });
});
