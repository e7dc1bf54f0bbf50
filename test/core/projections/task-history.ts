import type { SkeinEvent } from '../../../core/execution/index.ts';
import { foldEvents, type History, type LedgerRecords } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { aLimit, anExecution, aTask } from '../../makers/ledger-records.ts';
import { smallPlan } from '../../makers/small-plan.ts';

export const plan = smallPlan({
  clone: {},
  lint: { after: ['clone'] },
  research: { after: ['clone'], fanOut: 2 },
  extra: { after: ['clone'], when: 'false' },
  flaky: { after: ['clone'], continueOnFailure: true },
  mend: { after: ['flaky'] },
  report: { after: ['lint', 'research', 'extra'] },
});

export const blob = 'b'.repeat(64);

/** A retry, a fan-out, a skipped task, a failure that may happen alone and the task that it took down. */
export function cleanEvents(): SkeinEvent[] {
  return say
    .openEventLog()
    .add('', say.started)
    .add('', say.begun)
    .add('clone', say.assigned(), [''])
    .add('lint', say.parkedFor('clone'), [''])
    .add('clone', say.accepted())
    .add('clone', { type: 'task.completed', data: { attempts: 1, output: { blob, bytes: 40_000 } } })
    .add('lint', say.assigned(), ['clone'])
    .add('lint', say.accepted())
    .add('lint', say.retried())
    .add('lint', say.parkedForRetry())
    .add('research[0]', say.assigned(), ['clone'])
    .add('research[1]', say.assigned(), ['clone'])
    .add('extra', say.skipped('skipped'), ['clone'])
    .add('flaky', say.assigned(), ['clone'])
    .add('flaky', say.accepted())
    .add('flaky', say.failed())
    .add('mend', say.skipped('upstream_failed', 'flaky failed'), ['flaky'])
    .add('research[1]', say.completed())
    .add('research[0]', say.completed())
    .add('research', say.completed(0), ['research[0]', 'research[1]'])
    .add('lint', say.assigned(2))
    .add('lint', say.completed(2))
    .add('report', say.assigned(), ['lint', 'research', 'extra'])
    .add('report', say.completed())
    .add('', say.ended(), ['report', 'mend']).events;
}

export function cleanHistory(): History & { readonly records: LedgerRecords } {
  const events = cleanEvents();
  const view = foldEvents(events);
  const { status, output, endedAt } = view;
  const countOf = (path: string) => events.filter((event) => event.path === path).length;
  return {
    events,
    plan,
    view,
    blobs: new Set([blob]),
    records: {
      execution: anExecution({ status, output: output!, endedAt: endedAt!, events: countOf('') }),
      tasks: view.tasks.map(({ firstLamport: _l, agent: _a, startedAt: _s, calls: _c, ...task }) =>
        aTask({ ...task, events: countOf(task.path) }),
      ),
      limits: [aLimit()],
      parked: [],
      watches: [],
    },
  };
}
