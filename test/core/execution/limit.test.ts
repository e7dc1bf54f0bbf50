import { describe, expect, it } from 'vitest';
import { eventKey, groupLimit, limitKey, MAX_PARALLEL } from '../../../core/execution/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { anId } from '../../makers/ledger-records.ts';

describe('the keys under which tasks are parked', () => {
  it("keep an execution's limit apart from a group's, and from events", () => {
    const keys = [
      limitKey(anId, MAX_PARALLEL),
      limitKey(anId, groupLimit(taskPath('checks'))),
      eventKey('build.finished'),
    ];

    expect(keys).toEqual(['limit#exec_1#max_parallel', 'limit#exec_1#checks.max_parallel', 'event#build.finished']);
  });
});
