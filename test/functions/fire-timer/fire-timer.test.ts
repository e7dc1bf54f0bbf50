import { describe, expect, it } from 'vitest';
import { executionId } from '../../../core/ids/index.ts';
import type { Timer } from '../../../core/ports/index.ts';
import { findQueueAge } from '../../../engine/index.ts';
import { fireTimer } from '../../../functions/fire-timer/fire-timer.ts';
import { createFakeRuntime } from '../fake-runtime.ts';
import { anExecution } from '../an-execution.ts';

const timer: Timer = { kind: 'execution_timeout', execution: executionId('exec_1') };

function open() {
  const fired: Timer[] = [];
  return { fired, ...createFakeRuntime({ onTimer: async (one) => void fired.push(one) }) };
}

describe('fireTimer', () => {
  it('fires a timer whose time has come', async () => {
    const { runtime, fired, clock, sent } = open();

    await fireTimer(runtime, { v: 1, tenant: 'acme', timer, at: clock.now() });

    expect(fired).toEqual([timer]);
    expect(sent).toEqual([]);
  });

  it('lets the tenant know how late its messages come, when two in a row do, and that they do no more', async () => {
    const { runtime, stores, clock } = open();
    const fire = (late: number) =>
      fireTimer(runtime, { v: 1, tenant: 'late', timer, at: clock.now() - late, sent: clock.now() - late });
    const ages: number[] = [];
    for (const late of [50_000, 40_000, 35_000, 0]) {
      await fire(late);
      ages.push(await findQueueAge(stores.ledger, clock.now()));
    }
    // It was due long ago when it was sent.
    for (let times = 0; times < 2; times += 1)
      await fireTimer(runtime, { v: 1, tenant: 'late', timer, at: 0, sent: clock.now() });

    expect(ages).toEqual([0, 40_000, 40_000, 0]);
    expect(await findQueueAge(stores.ledger, clock.now())).toBe(0);
  });

  it('sends a timer on that has come early', async () => {
    const { runtime, stores, fired, clock, sent } = open();
    await stores.ledger.commit([{ kind: 'execution', record: anExecution({ status: 'running' }) }]);

    await fireTimer(runtime, { v: 1, tenant: 'acme', timer, at: clock.now() + 1 });

    expect(fired).toEqual([]);
    expect(sent).toEqual([{ timer, at: clock.now() + 1 }]);
  });

  it('drops an early timer of an execution that has ended, or that nobody knows', async () => {
    const { runtime, stores, clock, sent, counted } = open();
    const early = { v: 1, tenant: 'acme', timer, at: clock.now() + 1 } as const;
    await fireTimer(runtime, early);
    await stores.ledger.commit([{ kind: 'execution', record: anExecution({ status: 'succeeded' }) }]);
    await fireTimer(runtime, early);

    expect(sent).toEqual([]);
    expect(counted).toEqual({ TimersDropped: 2 });
  });
});
