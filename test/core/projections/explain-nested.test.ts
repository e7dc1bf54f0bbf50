import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indexPlan, isSettled, membersOf, type CallCounts, type TaskRecord } from '../../../core/execution/index.ts';
import { itemPath, memberPath, parseItemPath, type TaskPath } from '../../../core/ids/index.ts';
import type { Plan } from '../../../core/plan/index.ts';
import { explain } from '../../../core/projections/index.ts';
import { midnight } from '../../makers/event-log.ts';
import { anExecution, aTask } from '../../makers/ledger-records.ts';
import { smallPlan, type SmallTask, type SmallTasks } from '../../makers/small-plan.ts';

/** Tasks without ids: each depends on some of those before it in its region. */
interface Shape {
  readonly kind: 'agent' | 'wait' | 'child' | 'emit' | 'for_each' | 'fan_out' | 'group' | 'loop';
  readonly after: readonly number[];
  readonly inside: readonly Shape[];
}

const { shapes } = fc.letrec<{ shapes: Shape[] }>((tie) => ({
  shapes: fc.array(
    fc.record({
      kind: fc.constantFrom('agent', 'wait', 'child', 'emit', 'for_each', 'fan_out', 'group', 'loop'),
      after: fc.array(fc.nat(3), { maxLength: 2 }),
      inside: fc.oneof({ maxDepth: 3, withCrossShrink: true }, fc.constant([]), tie('shapes')),
    }),
    { minLength: 1, maxLength: 4 },
  ),
}));

function tasksOf(shapesHere: readonly Shape[], prefix: string): SmallTasks {
  const id = (i: number): string => `${prefix}${i}`;
  return Object.fromEntries(
    shapesHere.map((shape, i): [string, SmallTask] => {
      const after = [...new Set(shape.after.filter((it) => it < i))].map(id);
      return [id(i), { after, ...bodyOf(shape, id(i)) }];
    }),
  );
}

function bodyOf({ kind, inside }: Shape, id: string): SmallTask {
  const tasks = inside.length > 0 ? tasksOf(inside, `${id}_`) : { [`${id}_0`]: {} };
  switch (kind) {
    case 'agent':
      return {};
    case 'wait':
      return { wait: { kind: 'event', event: 'go' } };
    case 'child':
      return { workflow: 'deep' };
    case 'emit':
      return { emit: 'done' };
    case 'for_each':
      return { forEach: { maxItems: 3, maxConcurrency: 2 } };
    case 'fan_out':
      return { fanOut: 2 };
    case 'group':
      return { group: { tasks } };
    case 'loop':
      return { loop: { maxIterations: 3, until: 'done', tasks } };
  }
}

/** What may be recorded of a task, by a number that chance has drawn. */
function recordAt(plan: Plan, path: TaskPath, draw: () => number): TaskRecord | undefined {
  const task = indexPlan(plan).taskAt(path);
  const settled = { 0: 'succeeded', 1: 'failed', 2: 'skipped' } as const;
  const pick = draw() % 8;
  if (pick === 3) return undefined;
  if (pick === 0 || pick === 1 || pick === 2) {
    return aTask({
      path,
      status: settled[pick],
      attempts: 1,
      ...(pick === 1 && { error: { name: 'Broken', message: '' } }),
    });
  }
  if (pick === 4) return aTask({ path, status: 'parked', cause: { kind: 'dependency', tasks: [] } });
  const isForEach = 'forEach' in task && !parseItemPath(path);
  return aTask({ path, ...(isForEach ? openForEach(draw) : workOf(task.kind, draw)) });
}

function workOf(kind: string, draw: () => number): Partial<TaskRecord> {
  switch (kind) {
    case 'agent': {
      const causes = [
        { kind: 'retry', attempt: 2, at: midnight, error: 'Slow' },
        { kind: 'concurrency', limit: 'max_parallel', size: 1 },
      ] as const;
      const cause = causes[draw() % 4];
      if (cause) return { status: 'parked', attempts: 1, cause };
      const live = { number: 1, state: 'running', engine: 'e', startedAt: 0, deadline: 0, heartbeatAt: 0 } as const;
      return { status: 'running', attempts: 1, attempt: live };
    }
    case 'wait':
      return {
        status: 'parked',
        cause: draw() % 2 === 0 ? { kind: 'event', event: 'go' } : { kind: 'schedule', at: midnight },
      };
    case 'workflow':
      return { status: 'running', child: anExecution().id };
    case 'loop':
      return { status: 'running', round: draw() % 3 };
    case 'group':
      return { status: 'running' };
    default:
      return {};
  }
}

function openForEach(draw: () => number): Partial<TaskRecord> {
  const calls: CallCounts = { items: { inline: [] }, count: 3, calls: 3, started: draw() % 4, settled: 0, failed: 0 };
  return { status: 'running', calls };
}

/** Records of an execution in the middle of its work: inside of a container there are some only when it is open. */
function recordsOf(plan: Plan, draw: () => number): readonly TaskRecord[] {
  const index = indexPlan(plan);
  const visit = (path: TaskPath): readonly TaskRecord[] => {
    const record = recordAt(plan, path, draw);
    const inside = membersOf(path, index.taskAt(path), record) ?? [];
    return [...(record ? [record] : []), ...inside.flatMap(visit)];
  };
  return plan.members.flatMap((id) => visit(memberPath('', id)));
}

/** Everything that may be asked about: also inside of what has not opened, in later iterations, and calls to come. */
function placesOf(plan: Plan): readonly TaskPath[] {
  const index = indexPlan(plan);
  const visit = (path: TaskPath): readonly TaskPath[] => {
    const task = index.taskAt(path);
    if (task.kind === 'group') return [path, ...task.region.members.flatMap((id) => visit(memberPath(path, id)))];
    if (task.kind === 'loop') {
      const rounds = [0, 1, 2].flatMap((round) =>
        task.region.members.flatMap((id) => visit(memberPath(`${path}[${round}]`, id))),
      );
      return [path, ...rounds];
    }
    const items = task.kind === 'agent' ? (task.fanOut ?? task.forEach?.maxItems ?? 0) : 0;
    return [path, ...Array.from({ length: items }, (_, item) => itemPath(path, item))];
  };
  return plan.members.flatMap((id) => visit(memberPath('', id)));
}

const roots = ['running', 'retry', 'dispatch', 'concurrency', 'stopping', 'failed', 'event', 'schedule', 'child'];

describe('no task of any region waits without a reason', () => {
  it('holds for every place of every execution in the middle of its work', () => {
    fc.assert(
      fc.property(shapes, fc.infiniteStream(fc.nat(1000)), fc.boolean(), (tree, stream, isStopping) => {
        const plan = smallPlan(tasksOf(tree, 't'));
        const tasks = recordsOf(plan, () => Number(stream.next().value));
        const stopping = { status: 'stopping', stopping: { reason: 'cancel', drain: false, at: midnight } } as const;
        const execution = anExecution(isStopping ? stopping : {});
        const settled = new Set(tasks.filter(({ status }) => isSettled(status)).map(({ path }) => path));

        for (const path of placesOf(plan)) {
          if (settled.has(path)) continue;
          const { sentence, chain, next } = explain({ execution, plan, tasks, now: midnight, isAttended: true }, path);
          expect(sentence).toContain(`\`${path}\``);
          const ended = chain.find((link) => link.kind === 'container' && link.sentence.includes('ended without it'));
          if (ended) continue;
          expect(roots).toContain(chain.at(-1)?.kind);
          expect(next?.what).toBeTruthy();
        }
      }),
    );
  });
});
