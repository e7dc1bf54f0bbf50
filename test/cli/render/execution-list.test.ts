import { describe, expect, it } from 'vitest';
import { renderExecutions } from '../../../cli/render/execution-list.ts';
import { plain } from '../../../cli/render/style.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';
import { foldEvents } from '../../../core/projections/index.ts';
import { begun, ended, midnight, openEventLog, started } from '../../makers/event-log.ts';

describe('renderExecutions', () => {
  it('shows the time that an ended execution took, and that a running one has taken so far', () => {
    const views = [
      openEventLog('exec_2').add('', started).add('', begun),
      openEventLog('exec_1').add('', started).add('', ended()),
    ];

    const lines = renderExecutions(
      views.map(({ events }) => foldEvents(events)),
      midnight + 90_000,
      plain,
    );

    expect(lines).toEqual([
      'execution  workflow  status     started              took',
      'exec_2     review 1  running    2026-11-21 00:00:00  1m30s',
      'exec_1     review 1  succeeded  2026-11-21 00:00:00  1.0 s',
    ]);
  });

  it('says what a queued execution waits for', () => {
    const queue = { limit: 'key', size: 1, value: '"a"', position: 2, holders: [executionId('exec_0')] } as const;
    const view = foldEvents(openEventLog('exec_1').add('', started).events);

    expect(
      renderExecutions([{ ...view, status: 'queued', queued: { ...queue, at: midnight } }], midnight, plain),
    ).toEqual([
      'execution  workflow  status  started              took  waits',
      'exec_1     review 1  queued  2026-11-21 00:00:00  0 ms  number 2 for the key "a", which exec_0 has',
    ]);
  });

  it('names the task that started a child', () => {
    const parent = { execution: executionId('exec_1'), path: taskPath('deep') };
    const view = foldEvents(openEventLog('exec_1').add('', started).events);

    expect(renderExecutions([{ ...view, execution: executionId('exec_2'), parent }, view], midnight, plain)).toEqual([
      'execution  workflow  status    started              took  started by',
      'exec_2     review 1  planning  2026-11-21 00:00:00  0 ms  exec_1/deep',
      'exec_1     review 1  planning  2026-11-21 00:00:00  0 ms',
    ]);
  });
});
