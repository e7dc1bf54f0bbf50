import { describe, expect, it } from 'vitest';
import { renderFrame, type FramePage } from '../../../cli/render/execution-frame.ts';
import { plain } from '../../../cli/render/style.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import type { Plan } from '../../../core/plan/index.ts';
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
  type EventLog,
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
      '██████████░░░░░░░░░░░░░░░░░░░░  1 of 4 tasks',
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

  it('shows what containers hold: members, the present iteration, and calls that run or failed', () => {
    const nested = smallPlan({
      list: { forEach: {} },
      refine: { after: ['list'], loop: { until: 'done', tasks: { revise: {}, assess: { after: ['revise'] } } } },
      quality: { after: ['list'], group: { tasks: { test: {}, built: { wait: { kind: 'event', event: 'ok' } } } } },
      sub: { workflow: 'deep-scan' },
      told: { after: ['quality'], emit: 'over' },
      later: { after: ['quality'], loop: { until: 'done', tasks: { again: {} } } },
      many: { after: ['later'], forEach: {} },
    });
    const { events } = openEventLog()
      .add('', started)
      .add('list', opened({ items: 30, calls: 4 }))
      .add('list[0]', assigned())
      .add('list[0]', completed())
      .add('list[1]', assigned())
      .add('list[1]', failed())
      .add('list[2]', assigned())
      .add('refine', opened({ round: 0 }))
      .add('refine[0]/revise', assigned())
      .add('refine[0]/revise', completed())
      .add('refine', opened({ round: 1 }))
      .add('refine[1]/revise', assigned())
      .add('quality', opened())
      .add('quality/built', parkedForEvent('ok', midnight + 60_000))
      .add('sub', childStarted('exec_2'));

    expect(renderFrame(nested, foldEvents(events), { ...page, now: midnight + 20_000 })).toEqual([
      'review 1  exec_1  planning  20.0 s',
      '▸  list 2/4      list-agent    19.0 s  30 items in 4 calls, 1 failed',
      '✗    list[1]     linter         1.0 s  ToolBroken: no such file',
      '▸    list[2]     linter        14.0 s',
      '▸  refine ↻ 2/5  loop          13.0 s  now in refine[1], 0 of 2 settled',
      '▸    revise      linter         9.0 s',
      '·    assess      assess-agent          after revise',
      '▸  quality       group          8.0 s  0 of 2 settled',
      '·    test        test-agent',
      '…    built       wait for ok    7.0 s  waits for event ok until 00:01:00Z',
      '▸  sub           deep-scan 1    6.0 s  as exec_2',
      '·  told          emit over             after quality',
      '·  later ↻ ≤5    loop                  after quality',
      '·    again       again-agent',
      '·  many ×≤100    many-agent            after later',
      '██░░░░░░░░░░░░░░░░░░░░░░░░░░░░  0 of 7 tasks',
    ]);
  });

  const rowsOf = (nested: Plan, { events }: EventLog, more: Partial<FramePage> = {}): string[] =>
    renderFrame(nested, foldEvents(events), { ...page, ...more }).slice(1, -1);

  it('lists every iteration and call when asked to', () => {
    const nested = smallPlan({
      list: { forEach: {} },
      refine: { loop: { maxIterations: 2, tasks: { revise: {} } } },
    });
    const log = openEventLog()
      .add('', started)
      .add('list', opened({ items: 1, calls: 1 }))
      .add('list[0]', assigned())
      .add('list[0]', completed())
      .add('list', completed(0))
      .add('refine', opened({ round: 0 }))
      .add('refine[0]/revise', assigned())
      .add('refine[0]/revise', completed())
      .add('refine', opened({ round: 1 }))
      .add('refine[1]/revise', assigned())
      .add('refine[1]/revise', completed())
      .add('refine', completed(0));

    expect(rowsOf(nested, log)).toEqual([
      '✓  list 1/1      list-agent   3.0 s',
      '✓  refine ↻ 2/2  loop         6.0 s  ended with refine[1]',
      '✓    revise      linter       1.0 s',
    ]);
    expect(rowsOf(nested, log, { all: true })).toEqual([
      '✓  list 1/1      list-agent   3.0 s',
      '✓    list[0]     linter       1.0 s',
      '✓  refine ↻ 2/2  loop         6.0 s  ended with refine[1]',
      '✓    refine[0]   iteration    1.0 s',
      '✓      revise    linter       1.0 s',
      '✓    refine[1]   iteration    1.0 s',
      '✓      revise    linter       1.0 s',
    ]);
  });

  it('counts failed calls beyond the first ten', () => {
    const log = openEventLog()
      .add('', started)
      .add('list', opened({ items: 30, calls: 30 }));
    for (let call = 0; call < 13; call += 1) log.add(`list[${call}]`, assigned()).add(`list[${call}]`, failed());

    const rows = rowsOf(smallPlan({ list: { forEach: {} } }), log);

    expect(rows).toHaveLength(12);
    expect(rows.at(-1)).toMatch(/^✗ {4}… +3 more failed$/);
  });

  it('leaves out what a container never came to, once it has settled', () => {
    const nested = smallPlan({ quality: { group: { tasks: { lint: {}, test: {} } } } });
    const log = openEventLog().add('', started);

    expect(rowsOf(nested, log)).toHaveLength(3);
    expect(rowsOf(nested, log.add('quality', skipped('skipped')))).toEqual([
      '–  quality  group          its condition is false',
    ]);
  });

  it('names the task that started it, when it is a child', () => {
    const parent = { execution: executionId('exec_0'), path: taskPath('deep') };
    const view = { ...foldEvents(openEventLog().add('', started).events), parent };

    expect(renderFrame(plan, view, page)[0]).toBe('review 1  exec_1  planning  10.0 s  started by exec_0/deep');
  });

  it('cuts lines to a screen, and not where there is none', () => {
    const child = openEventLog().add('', started).add('sub', childStarted('exec_01M7ZFEVTRXK7QJDDY7J2M5XMJ'));
    const nested = smallPlan({ sub: { workflow: 'deep-scan' } });

    expect(rowsOf(nested, child, { columns: 40 })[0]).toHaveLength(40);
    expect(rowsOf(nested, child, { columns: 40, rows: Infinity })[0]).toMatch(/as exec_01M7ZFEVTRXK7QJDDY7J2M5XMJ$/);
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
