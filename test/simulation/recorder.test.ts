import { describe, expect, it } from 'vitest';
import { createRecorder } from '../../simulation/recorder.ts';
import { aTask } from '../makers/ledger-records.ts';

describe('what is recorded of a run', () => {
  const clock = { now: () => 0 };

  it('breaks a promise where a task waits and nothing says why', () => {
    const recorder = createRecorder(clock);

    recorder.hear([{ kind: 'task', record: aTask({ status: 'parked' }) }], []);

    expect(recorder.broken).toEqual([
      { name: 'no_cause', path: 'lint', message: 'it is parked, and nothing says why' },
    ]);
  });

  it('breaks none where its record does', () => {
    const recorder = createRecorder(clock);

    recorder.hear([{ kind: 'task', record: aTask({ status: 'parked', cause: { kind: 'schedule', at: 1 } }) }], []);
    recorder.hear([{ kind: 'task', record: aTask({ status: 'running' }) }], []);

    expect(recorder.broken).toEqual([]);
  });
});
