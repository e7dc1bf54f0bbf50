import { describe, expect, it } from 'vitest';
import { executionId } from '../../../core/ids/index.ts';
import type { Timer } from '../../../core/ports/index.ts';
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
