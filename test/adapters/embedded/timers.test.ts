import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  createSystemClock,
  createTimers,
  type EmbeddedTimers,
  type TimersOptions,
} from '../../../adapters/embedded/index.ts';
import { executionId } from '../../../core/ids/index.ts';
import type { Timer } from '../../../core/ports/index.ts';

const timer: Timer = { kind: 'grace', execution: executionId('exec_1') };

function start(options: Partial<TimersOptions> = {}): { timers: EmbeddedTimers; errors: unknown[]; now: () => number } {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const errors: unknown[] = [];
  const clock = createSystemClock({ since: 0 });
  const deliver = async (): Promise<void> => undefined;
  const timers = createTimers({ clock, deliver, onError: (error) => errors.push(error), ...options });
  return { timers, errors, now: () => clock.now() };
}

describe('createTimers', () => {
  it('delivers again, ever more patiently, until a delivery succeeds', async () => {
    const times: number[] = [];
    const { timers, errors, now } = start({
      deliver: async () => {
        times.push(now());
        if (times.length <= 8) throw new Error(`failure ${times.length}`);
      },
    });
    await timers.schedule(timer, now());

    await vi.advanceTimersByTimeAsync(3_600_000);

    const waits = times.slice(1).map((time, index) => (time - times[index]!) / 1_000);
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60]);
    expect(errors.map(String)).toEqual(Array.from({ length: 8 }, (_, index) => `Error: failure ${index + 1}`));
  });

  it('delivers the others while one fails', async () => {
    const delivered: string[] = [];
    const { timers, now } = start({
      deliver: async ({ execution }) => {
        if (execution === 'exec_bad') throw new Error('no');
        delivered.push(execution);
      },
    });
    for (const id of ['exec_a', 'exec_bad', 'exec_b']) {
      await timers.schedule({ kind: 'grace', execution: executionId(id) }, now() + 5);
    }

    await vi.advanceTimersByTimeAsync(5);

    expect(delivered).toEqual(['exec_a', 'exec_b']);
  });

  it('notices within a minute that its clock has moved on without it', async () => {
    const clock = { time: 0, now: () => clock.time };
    const delivered: Timer[] = [];
    const { timers } = start({ clock, deliver: async (due) => void delivered.push(due) });
    await timers.schedule(timer, 24 * 3_600_000);

    clock.time = 25 * 3_600_000;
    await vi.advanceTimersByTimeAsync(60_000);

    expect(delivered).toEqual([timer]);
  });

  it('delivers nothing after it was closed, not even what failed before', async () => {
    let deliveries = 0;
    const { timers, now } = start({
      deliver: async () => {
        deliveries += 1;
        throw new Error('no');
      },
    });
    await timers.schedule(timer, now());
    await timers.schedule(timer, now() + 10);
    await vi.advanceTimersByTimeAsync(0);

    timers.close();
    await timers.schedule(timer, now());

    expect(vi.getTimerCount()).toBe(0);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(deliveries).toBe(1);
  });

  it('delivers nothing more when a delivery closes it', async () => {
    let deliveries = 0;
    const { timers, now } = start({
      deliver: async () => {
        deliveries += 1;
        timers.close();
      },
    });
    for (const wait of [5, 5, 10]) await timers.schedule(timer, now() + wait);

    await vi.advanceTimersByTimeAsync(100);

    expect(deliveries).toBe(1);
  });

  it.each([
    [undefined, true],
    [true, true],
    [false, false],
  ])('with keepAlive %s, a waiting timer keeps the process alive: %s', async (keepAlive, expected) => {
    const unrefs = vi.fn<() => void>();
    const { timers, now } = start(keepAlive === undefined ? {} : { keepAlive });
    const fake = globalThis.setTimeout;
    vi.spyOn(globalThis, 'setTimeout').mockImplementation((...args: Parameters<typeof fake>) => {
      const armed = fake(...args);
      vi.spyOn(armed, 'unref').mockImplementation(() => {
        unrefs();
        return armed;
      });
      return armed;
    });
    onTestFinished(() => void vi.restoreAllMocks());

    await timers.schedule(timer, now() + 1_000);

    expect(unrefs.mock.calls.length === 0).toBe(expected);
  });

  it('delivers any set of timers in order of time, then of scheduling', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(20), { minLength: 1, maxLength: 60 }), async (waits) => {
        const delivered: string[] = [];
        const { timers, now } = start({ deliver: async ({ execution }) => void delivered.push(execution) });
        const origin = now();
        for (const [index, wait] of waits.entries()) {
          await timers.schedule({ kind: 'grace', execution: executionId(`${wait} ${index}`) }, origin + wait);
        }

        await vi.advanceTimersByTimeAsync(20);

        const sorted = waits
          .map((wait, index) => ({ wait, name: `${wait} ${index}` }))
          .toSorted((a, b) => a.wait - b.wait);
        expect(delivered).toEqual(sorted.map(({ name }) => name));
      }),
    );
  });
});
