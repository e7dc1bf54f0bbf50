import { describe, expect, it } from 'vitest';
import { renderEventLine, renderEvents } from '../../../cli/render/event-line.ts';
import { plain } from '../../../cli/render/style.ts';
import type { EventBody } from '../../../core/execution/index.ts';
import { approvalId, executionId, taskPath } from '../../../core/ids/index.ts';
import {
  accepted,
  assigned,
  cancelled,
  checkpointed,
  childStarted,
  completed,
  ended,
  failed,
  midnight,
  opened,
  openEventLog,
  parkedFor,
  parkedForEvent,
  parkedForPause,
  parkedForRetry,
  parkedUntil,
  retried,
  skipped,
  started,
  statusChanged,
  stopping,
} from '../../makers/event-log.ts';

const everyKind = openEventLog()
  .add('', started)
  .add('report', parkedFor('lint', 'scan'))
  .add('lint', assigned())
  .add('lint', accepted())
  .add('lint', retried())
  .add('lint', parkedForRetry())
  .add('lint', assigned(2))
  .add('lint', failed(2))
  .add('', stopping('lint'), ['lint'])
  .add('scan', cancelled('unknown', 1))
  .add('notify', skipped('skipped'))
  .add('clone', completed())
  .add('', ended('failed')).events;

describe('renderEvents', () => {
  it('tells every kind of event in plain words', () => {
    expect(renderEvents(everyKind, plain)).toEqual([
      'time         clock  n   event                         task    what happened',
      '   +0.000 s      1   1  workflow.execution_started            review 1 started',
      '   +1.000 s      1   1  task.parked                   report  waits for lint, scan',
      '   +2.000 s      1   1  task.assigned                 lint    attempt 1 goes to linter',
      '   +3.000 s      2   2  task.started                  lint    attempt 1 runs',
      '   +4.000 s      3   3  task.retried                  lint    attempt 1 failed with AgentThrottled: slow down',
      '   +5.000 s      4   4  task.parked                   lint    tries again in 55.0 s (attempt 2) after AgentThrottled',
      '   +6.000 s      5   5  task.assigned                 lint    attempt 2 goes to linter',
      '   +7.000 s      6   6  task.failed                   lint    failed: ToolBroken: no such file',
      '   +8.000 s      7   2  workflow.status_changed               running → stopping (failure of lint)',
      '   +9.000 s      1   1  task.cancelled                scan    unknown',
      '  +10.000 s      1   1  task.skipped                  notify  skipped: its condition is false',
      '  +11.000 s      1   1  task.completed                clone   succeeded',
      '  +12.000 s      8   3  workflow.execution_completed          failed',
    ]);
  });
});

const fromCache: EventBody = {
  type: 'task.completed',
  data: {
    attempts: 0,
    output: { inline: 1 },
    cached: { execution: executionId('exec_1'), task: taskPath('scan'), at: midnight - 90_000 },
  },
};

describe('renderEventLine of an answer from the cache', () => {
  it('says whose answer it is, and how old', () => {
    const [event] = openEventLog().add('scan', fromCache).events;

    expect(event && renderEventLine(event, midnight, plain)).toContain(
      'succeeded, from the cache: scan of exec_1, 1m30s before',
    );
  });

  it('says whose call a task waits for', () => {
    const cause = {
      kind: 'same_call',
      execution: executionId('exec_1'),
      task: taskPath('scan'),
      until: midnight,
    } as const;
    const [event] = openEventLog().add('scan', { type: 'task.parked', data: { cause } }).events;

    expect(event && renderEventLine(event, midnight, plain)).toContain('waits for the same call of scan in exec_1');
  });
});

const approval = approvalId('apr_1');
const requested: EventBody = {
  type: 'approval.requested',
  data: { approval, attempt: 1, deadline: 0, roles: ['lead'], assignees: ['ann'] },
};
const decided = (verdict: 'approved' | 'rejected', reason?: string): EventBody => ({
  type: 'approval.decided',
  data: { approval, attempt: 1, verdict, by: 'ann', ...(reason !== undefined && { reason }) },
});

describe('what is told of an event', () => {
  it.each<[EventBody, string]>([
    [opened(), 'opens'],
    [opened({ round: 2 }), 'opens iteration a[2]'],
    [opened({ items: 1, calls: 1 }), 'opens: 1 item'],
    [opened({ items: 30, calls: 3 }), 'opens: 30 items in 3 calls'],
    [childStarted('exec_7'), 'child exec_7 runs'],
    [parkedUntil(midnight + 60_000), 'goes on at 00:01:00Z, in 1m00s'],
    [parkedUntil(midnight + 86_400_000), 'goes on at 2026-11-22 00:00:00Z, in 1d0h'],
    [parkedUntil(midnight - 1), 'goes on now'],
    [parkedForPause, 'kept back: paused by ann'],
    [statusChanged('paused', 'running'), 'paused → running (by ann)'],
    [checkpointed, 'checkpoint chk_1 with 0 settled tasks; skein resume exec_1 goes on'],
    [requested, 'waits for ann, lead: skein approve apr_1'],
    [{ ...requested, data: { approval, attempt: 1, deadline: 0 } }, 'waits for a person: skein approve apr_1'],
    [decided('approved'), 'approved by ann'],
    [decided('rejected', 'not yet'), 'rejected by ann: not yet'],
    [parkedForEvent('build.finished'), 'waits for event build.finished'],
    [parkedForEvent('x', midnight + 5_000), 'waits for event x until 00:00:05Z'],
  ])('says of %j: %s', (body, text) => {
    const [event] = openEventLog().add('a', body).events;

    expect(renderEventLine(event!, midnight, plain)).toBe(`   +0.000 s  a  ${text}`);
  });
});

describe('renderEventLine', () => {
  it('says why an execution was paused', () => {
    const [event] = openEventLog().add('', {
      type: 'workflow.status_changed',
      data: { from: 'running', to: 'paused', by: 'ann', why: 'wait for Monday' },
    }).events;

    expect(renderEventLine(event!, midnight, plain)).toBe(
      '   +0.000 s  exec_1  running → paused (by ann: wait for Monday)',
    );
  });

  it('says when since the start, whom it is about, and what happened', () => {
    expect(everyKind.slice(0, 3).map((event) => renderEventLine(event, midnight, plain))).toEqual([
      '   +0.000 s  exec_1  review 1 started',
      '   +1.000 s  report  waits for lint, scan',
      '   +2.000 s  lint  attempt 1 goes to linter',
    ]);
  });

  it('names the task whose child it is about, and the child its parent', () => {
    const parent = { execution: executionId('exec_0'), path: taskPath('deep') };
    const [event] = openEventLog().add('', {
      type: 'workflow.execution_started',
      data: { workflow: 'deep-scan', version: '2', input: { inline: {} }, parent },
    }).events;

    expect(renderEventLine(event!, midnight, plain, 'deep ▸ ')).toBe(
      '   +0.000 s  deep ▸ exec_1  deep-scan 2 started by exec_0/deep',
    );
  });
});
