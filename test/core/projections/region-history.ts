import { childExecutionId, type BusEvent, type SkeinEvent } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { Json } from '../../../core/json/index.ts';
import { foldEvents, type History, type LedgerRecords } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { anExecution, anId, aTask } from '../../makers/ledger-records.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';

const { midnight } = say;
export const tasks: SmallTasks = {
  clone: {},
  quality: {
    after: ['clone'],
    group: { maxParallel: 1, tasks: { lint: {}, scan: { fanOut: 2 }, rank: { after: ['lint'] } } },
  },
  refine: {
    loop: { maxIterations: 2, until: 'done', tasks: { revise: {}, assess: { after: ['revise'] } } },
  },
  sweep: { forEach: { maxItems: 8, maxConcurrency: 2, batch: 2, tolerate: { items: 2 } } },
  cool: { wait: { kind: 'seconds', seconds: 5 } },
  build: { wait: { kind: 'event', event: 'build.finished', timeout: 600 } },
  tell: { emit: 'review.finished' },
  deep: { workflow: 'deep-scan' },
  unneeded: { when: 'false', group: { tasks: { inner: {} } } },
};
export const plan = smallPlan(tasks, { maxParallel: 3 });

export const child = childExecutionId(anId, taskPath('deep'));

export const busEvent = (change: object = {}): Json => ({
  id: 'evt_1',
  type: 'build.finished',
  source: 'ci',
  time: new Date(midnight + 3000).toISOString(),
  data: { commit: 'abc' },
  ...change,
});
export const output = (value: Json) =>
  ({ type: 'task.completed', data: { attempts: 0, output: { inline: value } } }) as const;
export const told = { id: 'exec_1/tell', type: 'review.finished', source: 'exec_1', data: {} };

/** Every kind of container and of task without an agent; a second passes with each event. */
export function cleanEvents(): SkeinEvent[] {
  const log = say.openEventLog();
  const run = (path: string, after: string) =>
    log.add(path, say.assigned(), [after]).add(path, say.accepted()).add(path, say.completed());
  log
    .add('', say.started)
    .add('', say.begun)
    .add('cool', say.parkedUntil(midnight + 7000), [''])
    .add('build', say.parkedForEvent('build.finished', midnight + 602_000), [''])
    .add('quality', say.parkedFor('clone'), ['']);
  run('clone', '');
  log.add('cool', output(null)).add('build', output(busEvent())).add('tell', output(told), ['']);
  log.add('quality', say.opened(), ['clone']);
  run('quality/lint', 'quality');
  run('quality/scan[0]', 'quality');
  run('quality/scan[1]', 'quality');
  log.add('quality/scan', say.completed(0), ['quality/scan[0]', 'quality/scan[1]']);
  run('quality/rank', 'quality/lint');
  log.add('quality', say.completed(0), ['quality/scan', 'quality/rank']);
  log.add('refine', say.opened({ round: 0 }), ['']);
  run('refine[0]/revise', 'refine');
  run('refine[0]/assess', 'refine[0]/revise');
  log.add('refine', say.opened({ round: 1 }), ['refine[0]/assess']);
  run('refine[1]/revise', 'refine');
  run('refine[1]/assess', 'refine[1]/revise');
  log.add('refine', say.completed(0), ['refine[1]/assess']);
  log
    .add('deep', say.childStarted(child), [''])
    .add('sweep', say.opened({ items: 5, calls: 3 }), [''])
    .add('sweep[0]', say.assigned(), ['sweep'])
    .add('sweep[0]', say.accepted())
    .add('sweep[1]', say.assigned(), ['sweep'])
    .add('sweep[1]', say.accepted())
    .add('sweep[1]', say.failed())
    .add('sweep[0]', say.completed());
  run('sweep[2]', 'sweep');
  return log
    .add('sweep', say.completed(0), ['sweep[0]', 'sweep[1]', 'sweep[2]'])
    .add('deep', output('deep'), ['sweep'])
    .add('unneeded', say.skipped('skipped'), [''])
    .add('', say.ended(), ['quality', 'refine', 'sweep', 'deep', 'cool', 'build', 'tell', 'unneeded']).events;
}

export const aChild = {
  id: child,
  parent: { execution: anId, path: taskPath('deep') },
  status: 'succeeded',
  lamport: 2,
} as const;
export const aBusEvent: BusEvent = { ...told, time: midnight, data: { inline: {} } };

function cleanRecords(events: readonly SkeinEvent[]): LedgerRecords {
  const { status, output: result, endedAt, tasks: views } = foldEvents(events);
  const countOf = (path: string) => events.filter((event) => event.path === path).length;
  const counts = { items: { inline: [] }, count: 5, calls: 3, started: 3, settled: 3, failed: 2 };
  return {
    execution: anExecution({ status, output: result!, endedAt: endedAt!, events: countOf('') }),
    tasks: views.map(({ firstLamport: _lamport, agent: _agent, startedAt: _startedAt, calls, ...task }) =>
      aTask({ ...task, events: countOf(task.path), ...(calls && { calls: counts }) }),
    ),
    children: [anExecution(aChild)],
    published: [aBusEvent],
  };
}

export function cleanHistory(): History & { readonly records: LedgerRecords } {
  const events = cleanEvents();
  return { events, plan, view: foldEvents(events), records: cleanRecords(events) };
}
