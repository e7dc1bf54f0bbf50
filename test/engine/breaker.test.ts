import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import type { ControlRecord } from '../../core/execution/index.ts';
import type { ExecutionId } from '../../core/ids/index.ts';
import type { PlannedBreaker } from '../../core/plan/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import type { Breaker, CallWindow } from '../../core/resilience/index.ts';
import { withoutRevisions } from '../makers/blind-ledger.ts';
import { createEngineHarness, type EngineHarness, type HarnessOptions } from '../makers/engine-harness.ts';

const settings: PlannedBreaker = {
  failureThreshold: 3,
  successThreshold: 2,
  timeout: 60,
  halfOpenMaxCalls: 3,
  whenOpen: 'fail',
};
const MINUTE = 60_000;

interface Sketch extends HarnessOptions {
  readonly tasks?: number;
  readonly breaker?: Partial<PlannedBreaker>;
}

const idsOf = (count: number): string[] => Array.from({ length: count }, (_, index) => `t${index}`);

/** Independent tasks of one agent; what one of them does is nothing to the others. */
async function harnessOf({ tasks = 10, breaker = {}, ...options }: Sketch = {}): Promise<EngineHarness> {
  const agent = { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [] };
  return createEngineHarness(
    {
      tasks: idsOf(tasks).map((id) => ({ id, continueOnFailure: true, timeout: 60 })),
      agents: { worker: { ...agent, breaker: { ...settings, ...breaker } } },
      onFailure: 'continue',
    },
    options,
  );
}

/** An error that speaks against the agent. */
async function crash(harness: EngineHarness, execution: ExecutionId, path: string): Promise<void> {
  await harness.engine.answers.fail(harness.handle(execution, path), { name: 'AgentCrashed', message: 'gone' });
  await harness.quiet();
}

/** The first three tasks fail. */
async function opened(sketch: Sketch = {}): Promise<{ harness: EngineHarness; execution: ExecutionId }> {
  const harness = await harnessOf(sketch);
  const execution = await harness.begin();
  for (const path of ['t0', 't1', 't2']) {
    await harness.dispatch(execution, path);
    await crash(harness, execution, path);
  }
  expect((await harness.engine.findBreaker('worker')).status).toBe('open');
  return { harness, execution };
}

const calledPaths = ({ calls }: EngineHarness): string[] => calls.map(({ path }) => path);
const breakerEvents = ({ events }: EngineHarness): string[] =>
  events.filter(({ type }) => type.startsWith('breaker.')).map(({ type, path }) => `${type} ${path}`);

describe('a breaker with `when_open: fail`', () => {
  it('fails tasks without calling their agent, and without a retry', async () => {
    const { harness, execution } = await opened();

    await harness.dispatch(execution, 't3');

    expect(calledPaths(harness)).toEqual(['t0', 't1', 't2']);
    expect(await harness.task(execution, 't3')).toMatchObject({
      status: 'failed',
      attempts: 0,
      error: { name: 'CircuitOpen' },
    });
    expect(breakerEvents(harness)).toEqual(['breaker.opened t2']);
    expect(harness.timers.filter(({ timer }) => timer.kind === 'wake')).toEqual([]);
  });

  it('does not count what says nothing about the agent, and counts from one success to the next', async () => {
    const harness = await harnessOf();
    const execution = await harness.begin();
    const end = async (path: string, name: string, retryable = true): Promise<void> => {
      await harness.dispatch(execution, path);
      await harness.engine.answers.fail(harness.handle(execution, path), { name, message: '', retryable });
    };

    await end('t0', 'AgentCrashed');
    await end('t1', 'AgentCrashed');
    await end('t2', 'InvalidInput');
    await end('t3', 'AgentCrashed');
    await end('t4', 'AgentCrashed');
    await end('t5', 'ItsOwnError', false);

    expect(await harness.engine.findBreaker('worker')).toMatchObject({ status: 'closed', failures: 0 });
  });

  it('gives up a retry that comes while it is open', async () => {
    const retry = { maxAttempts: 5, interval: 1, backoffRate: 1, maxDelay: 60, jitter: 'none' } as const;
    const agent = { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [], breaker: settings };
    const harness = await createEngineHarness({ tasks: [{ id: 't0', retry }], agents: { worker: agent } });
    const execution = await harness.begin();
    await harness.dispatch(execution, 't0');

    for (const attempt of [1, 2, 3]) {
      await harness.engine.answers.fail(harness.handle(execution, 't0', attempt), {
        name: 'AgentCrashed',
        message: '',
      });
      await harness.quiet();
      await harness.pass(1000);
    }

    expect(harness.calls).toHaveLength(3);
    expect(await harness.task(execution, 't0')).toMatchObject({ attempts: 3, error: { name: 'CircuitOpen' } });
  });

  it('writes nothing while it is closed and has counted nothing', async () => {
    const ledger = createMemoryLedgerStore();
    const written: ControlRecord[] = [];
    const harness = await harnessOf({ ledger: hearing(ledger, (record) => written.push(record)) });
    const execution = await harness.begin();

    for (const path of ['t0', 't1']) {
      await harness.dispatch(execution, path);
      await harness.answer(execution, path);
    }

    expect(written).toEqual([]);
  });
});

describe('a breaker with `when_open: wait`', () => {
  const breaker = { whenOpen: 'wait' } as const;

  it('parks tasks, tries the agent with a few of them when its time has come, and lets all go once it is well', async () => {
    const { harness, execution } = await opened({ breaker });
    const waiting = ['t3', 't4', 't5', 't6', 't7'];
    await Promise.all(waiting.map((path) => harness.dispatch(execution, path)));
    expect(harness.calls).toHaveLength(3);
    expect(await harness.task(execution, 't3')).toMatchObject({
      status: 'parked',
      cause: { kind: 'breaker', agent: 'worker', until: harness.clock.now() + MINUTE },
    });

    await harness.pass(MINUTE);
    const tried = calledPaths(harness).slice(3);
    expect(tried).toHaveLength(3);
    for (const path of tried.slice(0, 2)) await harness.answer(execution, path);

    expect(calledPaths(harness).slice(3).toSorted()).toEqual(waiting);
    expect(await harness.engine.findBreaker('worker')).toMatchObject({ status: 'closed', failures: 0 });
    expect(breakerEvents(harness).map((line) => line.split(' ')[0])).toEqual([
      'breaker.opened',
      'breaker.half_opened',
      'breaker.closed',
    ]);
    expect(await harness.ledger.listParked('breaker#worker', 10)).toEqual([]);
    expect(harness.errors).toEqual([]);
  });

  it('opens again with the first failure, for longer, and those who wait know until when', async () => {
    const { harness, execution } = await opened({ breaker });
    await Promise.all(['t3', 't4', 't5', 't6'].map((path) => harness.dispatch(execution, path)));
    await harness.pass(MINUTE);
    const [first = '', second = ''] = calledPaths(harness).slice(3);

    await crash(harness, execution, first);
    // Of an epoch that is over.
    await harness.answer(execution, second);

    const until = harness.clock.now() + 2 * MINUTE;
    expect(await harness.engine.findBreaker('worker')).toMatchObject({ status: 'open', until, opened: 2 });
    const rest =
      idsOf(10)
        .slice(3, 7)
        .find((id) => !calledPaths(harness).includes(id)) ?? '';
    expect(await harness.task(execution, rest)).toMatchObject({ status: 'parked', cause: { kind: 'breaker', until } });
    await harness.pass(2 * MINUTE);
    expect(calledPaths(harness)).toContain(rest);
  });

  it('wakes nobody for a success that leaves it half-open: all its calls are made', async () => {
    const { harness, execution } = await opened({ breaker });
    await Promise.all(['t3', 't4', 't5', 't6'].map((path) => harness.dispatch(execution, path)));
    await harness.pass(MINUTE);
    const tried = calledPaths(harness).slice(3);
    const rest = ['t3', 't4', 't5', 't6'].find((path) => !tried.includes(path)) ?? '';
    const before = await harness.task(execution, rest);

    await harness.answer(execution, tried[0] ?? '');

    expect(await harness.engine.findBreaker('worker')).toMatchObject({ status: 'half_open' });
    expect(await harness.task(execution, rest)).toEqual(before);
  });

  it('goes on when somebody resets it', async () => {
    const { harness, execution } = await opened({ breaker });
    await harness.dispatch(execution, 't3');

    await harness.engine.resetBreaker('worker', 'sam');

    expect(calledPaths(harness)).toContain('t3');
    expect(await harness.ledger.listBusEvents('breaker.closed', 0)).toMatchObject([{ source: 'sam' }]);
    const before = await harness.ledger.findControl('breaker/worker');
    await harness.engine.resetBreaker('worker', 'sam');
    expect(await harness.ledger.findControl('breaker/worker')).toEqual(before);
  });

  it('is found again by whoever hears of its change, where a crash has swallowed what follows', async () => {
    const { harness, execution } = await opened({ breaker });
    await harness.dispatch(execution, 't3');
    const record = await harness.ledger.findControl('breaker/worker');
    const closed = { status: 'closed', epoch: 9, since: 0, failures: 0 };
    await harness.ledger.commit([
      { kind: 'control', record: { key: 'breaker/worker', value: closed, revision: (record?.revision ?? 0) + 1 } },
    ]);

    await harness.engine.repeat({ kind: 'control', key: 'breaker/worker' });

    expect(calledPaths(harness)).toContain('t3');
  });

  it('keeps nobody who is asked for again from its timer: a crash forgets them', async () => {
    const { harness, execution } = await opened({ breaker });
    await harness.dispatch(execution, 't3');
    harness.timers.splice(0);

    await harness.dispatch(execution, 't3', 'another token');

    expect(harness.timers.map(({ timer }) => timer)).toContainEqual(
      expect.objectContaining({ kind: 'wake', path: 't3' }),
    );
    await harness.pass(MINUTE);
    expect(calledPaths(harness)).toContain('t3');
  });
});

describe('a breaker that opens by a share of failures', () => {
  const failureRate = { threshold: 0.5, window: 60, minimumCalls: 6 };
  // Of these tests none has as many failures in a row.
  const byShare: Partial<PlannedBreaker> = { failureThreshold: 1000, failureRate };
  const succeed = (harness: EngineHarness, execution: ExecutionId, path: string): Promise<void> =>
    harness.answer(execution, path);

  it('opens with the failure that makes it half of the calls, and not before there are enough of them', async () => {
    const harness = await harnessOf({ tasks: 10, breaker: byShare });
    const execution = await harness.begin();
    const statuses: string[] = [];
    for (const [at, next] of [crash, crash, crash, crash, succeed, crash].entries()) {
      await harness.dispatch(execution, `t${at}`);
      await next(harness, execution, `t${at}`);
      statuses.push((await harness.engine.findBreaker('worker')).status);
    }

    expect(statuses).toEqual(['closed', 'closed', 'closed', 'closed', 'closed', 'open']);
    await harness.dispatch(execution, 't6');
    expect(await harness.task(execution, 't6')).toMatchObject({ status: 'failed', error: { name: 'CircuitOpen' } });
  });

  it.each([
    { seconds: 59, status: 'open' },
    { seconds: 61, status: 'closed' },
  ])('is $status when the failures before were $seconds s ago', async ({ seconds, status }) => {
    const harness = await harnessOf({ tasks: 10, breaker: byShare });
    const execution = await harness.begin();
    const report = async (paths: readonly string[], next: typeof crash): Promise<void> => {
      for (const path of paths) {
        await harness.dispatch(execution, path);
        await next(harness, execution, path);
      }
    };
    await report(['t0', 't1', 't2', 't3'], crash);
    await harness.pass(seconds * 1000);
    await report(['t4', 't5'], succeed);
    await report(['t6'], crash);

    expect((await harness.engine.findBreaker('worker')).status).toBe(status);
  });

  it('counts every one of those that are reported at once', async () => {
    const harness = await harnessOf({ tasks: 40, breaker: byShare });
    const execution = await harness.begin();
    await Promise.all(idsOf(40).map((path) => harness.dispatch(execution, path)));
    const successes = idsOf(40).slice(0, 30);
    await Promise.all(successes.map((path) => succeed(harness, execution, path)));

    const counters = await harness.ledger.listControls('breaker_window/worker');
    const calls = counters.flatMap(({ value }) => (value as CallWindow).buckets).map((bucket) => bucket.calls);
    expect(calls.reduce((sum, each) => sum + each, 0)).toBe(30);
  });

  it('would lose some of them, were the revision of a counter not a condition', async () => {
    const harness = await harnessOf({
      tasks: 40,
      breaker: byShare,
      ledger: withoutRevisions(createMemoryLedgerStore(), 'control'),
    });
    const execution = await harness.begin();
    await Promise.all(idsOf(40).map((path) => harness.dispatch(execution, path)));
    await Promise.all(idsOf(30).map((path) => succeed(harness, execution, path)));

    const counters = await harness.ledger.listControls('breaker_window/worker');
    const calls = counters.flatMap(({ value }) => (value as CallWindow).buckets).map((bucket) => bucket.calls);
    expect(calls.reduce((sum, each) => sum + each, 0)).toBeLessThan(30);
  });
});

describe('permits of a half-open breaker', () => {
  const breaker = { whenOpen: 'wait' } as const;

  /** Tasks that all come at the very moment in which the breaker may be tried. */
  async function race(probers: number, around: (ledger: LedgerStore) => LedgerStore = (it) => it): Promise<string[]> {
    const tasks = probers + 3;
    const { harness, execution } = await opened({ tasks, breaker, ledger: around(createMemoryLedgerStore()) });
    harness.clock.advanceBy(MINUTE);

    await Promise.all(
      idsOf(tasks)
        .slice(3)
        .map((path) => harness.dispatch(execution, path)),
    );

    return calledPaths(harness).slice(3);
  }

  it('are three for 50 who race for them', async () => {
    expect(await race(50)).toHaveLength(3);
  });

  it('rest on the revision of the record alone: without that condition there are more', async () => {
    expect((await race(50, (ledger) => withoutRevisions(ledger, 'control'))).length).toBeGreaterThan(3);
  });

  it('come back from an attempt that a pause withdraws before its call', async () => {
    const ledger = createMemoryLedgerStore();
    const { harness, execution } = await opened({ breaker, ledger });
    harness.clock.advanceBy(MINUTE);

    // The intent stands, and the pause comes before the call.
    const pausing = harness.dispatch(execution, 't3');
    const paused = harness.engine.pause(execution, { by: 'sam' });
    await Promise.all([pausing, paused]);
    await harness.quiet();

    const { permits = {} } = (await harness.engine.findBreaker('worker')) as { permits?: Record<string, unknown> };
    expect(Object.keys(permits)).toHaveLength(calledPaths(harness).includes('t3') ? 1 : 0);
    await harness.engine.unpause(execution, { by: 'sam' });
    expect(calledPaths(harness)).toContain('t3');
  });

  it('end by themselves when nobody reports: the engine that has died does not hold the breaker', async () => {
    const ledger = createMemoryLedgerStore();
    const { harness, execution } = await opened({ breaker: { ...breaker, halfOpenMaxCalls: 1 }, ledger });
    await harness.dispatch(execution, 't3');
    await harness.dispatch(execution, 't4');
    await harness.pass(MINUTE);
    expect(calledPaths(harness).slice(3)).toEqual(['t3']);
    // Its attempt's timer is lost with the engine; the task that waits has its own.
    const lost = harness.timers.findIndex(({ timer }) => timer.kind === 'attempt_timeout' && timer.path === 't3');
    harness.timers.splice(lost, 1);

    await harness.pass(2 * MINUTE);
    expect(await harness.engine.findBreaker('worker')).toMatchObject({ status: 'open', opened: 2 });
    await harness.pass(2 * MINUTE);

    expect(calledPaths(harness).slice(3)).toEqual(['t3', 't4']);
  });

  it('are not taken by people: nobody counts how often a person says no', async () => {
    const person = { name: 'worker', runtime: 'human', capabilities: [] } as const;
    const harness = await harnessOf({ agentTypes: { worker: person } });
    const execution = await harness.begin();

    for (const path of idsOf(5)) await harness.dispatch(execution, path);

    expect(await harness.engine.listBreakers()).toEqual([]);
    expect((await harness.task(execution, 't4'))?.attempt?.holds?.breaker).toBeUndefined();
  });
});

describe('a breaker between executions', () => {
  it('is one for all executions of the tenant', async () => {
    const { harness } = await opened();
    const other = await harness.begin();

    await harness.dispatch(other, 't0');

    expect(await harness.task(other, 't0')).toMatchObject({ error: { name: 'CircuitOpen' } });
    const [{ agent, breaker }] = (await harness.engine.listBreakers()) as [{ agent: string; breaker: Breaker }];
    expect([agent, breaker.status]).toEqual(['worker', 'open']);
  });
});

function hearing(ledger: LedgerStore, hear: (record: ControlRecord) => void): LedgerStore {
  return {
    ...ledger,
    commit: async (writes) => {
      const result = await ledger.commit(writes);
      if (result === 'committed') for (const write of writes) if (write.kind === 'control') hear(write.record);
      return result;
    },
  };
}
