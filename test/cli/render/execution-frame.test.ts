import { describe, expect, it } from 'vitest';
import { renderFrame } from '../../../cli/render/execution-frame.ts';
import { plain } from '../../../cli/render/style.ts';
import { foldEvents } from '../../../core/projections/index.ts';
import {
  assigned,
  begun,
  childStarted,
  completed,
  ended,
  failed,
  midnight,
  opened,
  openEventLog,
  parkedForEvent,
  parkedForRetry,
  retried,
  skipped,
  started,
  stopping,
} from '../../makers/event-log.ts';
import { smallPlan } from '../../makers/small-plan.ts';

const plan = smallPlan({
  clone: {},
  lint: { after: ['clone'] },
  scan: { after: ['clone'], fanOut: 3 },
  report: { after: ['lint', 'scan'] },
});
const page = { columns: 80, rows: 40, style: plain, now: midnight + 10_000 };

const halfway = openEventLog()
  .add('', started)
  .add('', begun)
  .add('clone', assigned())
  .add('clone', completed())
  .add('lint', assigned())
  .add('lint', retried())
  .add('lint', parkedForRetry())
  .add('scan[1]', assigned())
  .add('scan[0]', assigned())
  .add('scan[0]', completed()).events;

describe('renderFrame', () => {
  it('shows each task with its status, agent, time and what it waits for, and a bar', () => {
    const lines = renderFrame(plan, foldEvents(halfway), page);

    expect(lines).toEqual([
      'review 1  exec_1  running  10.0 s',
      '✓  clone      linter         1.0 s',
      '…  lint       linter         6.0 s  tries again in 50.0 s (attempt 2) after Age…',
      '▸  scan ×3    scan-agent     3.0 s  1 of 3 settled',
      '✓    scan[0]  linter         1.0 s',
      '▸    scan[1]  linter         3.0 s',
      '·  report     report-agent          after lint, scan',
      '███████░░░░░░░░░░░░░░░░░░░░░░░  1 of 4 tasks',
    ]);
  });

  it('shows how it ended, and why', () => {
    const events = openEventLog()
      .add('', started)
      .add('clone', assigned())
      .add('clone', failed())
      .add('', stopping('clone'))
      .add('lint', skipped('upstream_failed', 'clone failed'))
      .add('', ended('failed')).events;

    expect(renderFrame(plan, foldEvents(events), page)).toEqual([
      'review 1  exec_1  failed  5.0 s',
      '✗  clone    linter         1.0 s  ToolBroken: no such file',
      '⊘  lint     lint-agent            clone failed',
      '·  scan ×3  scan-agent            after clone',
      '·  report   report-agent          after lint, scan',
      '███████████████░░░░░░░░░░░░░░░  2 of 4 tasks',
    ]);
  });

  it('counts what the screen has no room for, and keeps what runs', () => {
    const lines = renderFrame(plan, foldEvents(halfway), { ...page, rows: 7 });

    expect(lines).toHaveLength(5);
    expect(lines[1]).toContain('scan ×3');
    expect(lines[2]).toContain('scan[1]');
    expect(lines[3]).toBe('  and 4 more');
  });

  it('shows what containers hold: members, the last iteration, and calls that have not succeeded', () => {
    const nested = smallPlan({
      list: { forEach: {} },
      refine: { after: ['list'], loop: { tasks: { revise: {}, assess: { after: ['revise'] } } } },
      quality: { after: ['list'], group: { tasks: { test: {}, built: { wait: { kind: 'event', event: 'ok' } } } } },
      sub: { workflow: 'deep-scan' },
      told: { after: ['quality'], emit: 'over' },
    });
    const { events } = openEventLog()
      .add('', started)
      .add('list', opened({ items: 3, calls: 3 }))
      .add('list[0]', assigned())
      .add('list[0]', completed())
      .add('list[1]', assigned())
      .add('list[1]', failed())
      .add('refine', opened({ round: 0 }))
      .add('refine[0]/revise', assigned())
      .add('refine[0]/revise', completed())
      .add('refine', opened({ round: 1 }))
      .add('refine[1]/revise', assigned())
      .add('quality', opened())
      .add('quality/built', parkedForEvent('ok'))
      .add('sub', childStarted('exec_2'));

    expect(renderFrame(nested, foldEvents(events), { ...page, now: midnight + 20_000 })).toEqual([
      'review 1  exec_1  planning  20.0 s',
      '▸  list ×3    list-agent    19.0 s  2 of 3 settled, 1 failed',
      '✗    list[1]  linter         1.0 s  ToolBroken: no such file',
      '▸  refine     loop          14.0 s  iteration 1, 5 at most',
      '▸    revise   linter        10.0 s',
      '·    assess   assess-agent          after revise',
      '▸  quality    group          9.0 s',
      '·    test     test-agent',
      '…    built    wait for ok    8.0 s  waits for an event ok',
      '▸  sub        deep-scan 1    7.0 s  as exec_2',
      '·  told       emit over             after quality',
      '░░░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 of 5 tasks',
    ]);
  });

  it('leaves out what a container never came to, once it has settled', () => {
    const nested = smallPlan({ quality: { group: { tasks: { lint: {}, test: {} } } } });
    const { events } = openEventLog()
      .add('', started)
      .add('quality', opened())
      .add('quality/lint', assigned())
      .add('quality/lint', failed())
      .add('quality', failed());

    const rows = renderFrame(nested, foldEvents(events), page).map((line) => line.split(/ {2,}/)[1]);

    expect(rows.slice(1, -1)).toEqual(['quality', 'lint']);
  });

  it('lets nothing that an agent said move the cursor or break the line', () => {
    const events = openEventLog()
      .add('', started)
      .add('clone', assigned())
      .add('clone', {
        type: 'task.failed',
        data: { attempts: 1, error: { name: 'E', message: '\u001b[2Ja\r\nb\u0007' } },
      });

    expect(renderFrame(plan, foldEvents(events.events), page)[1]).toBe('✗  clone    linter         1.0 s  E: a b');
  });
});
