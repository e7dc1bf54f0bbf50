import { onTestFinished, vi } from 'vitest';
import { createSystemClock, createTimers } from '../../adapters/embedded/index.ts';
import { createSimulatedClock } from '../makers/simulated-clock.ts';
import { createSimulatedTimers } from '../makers/simulated-timers.ts';
import { timersContract } from './timers.contract.ts';

timersContract('createTimers', (deliver) => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date', 'performance'] });
  onTestFinished(() => void vi.useRealTimers());
  const clock = createSystemClock({ since: 0 });
  const onError = (error: unknown): never => {
    throw error;
  };
  const timers = createTimers({ clock, deliver, onError });
  return {
    timers,
    now: () => clock.now(),
    advanceBy: async (milliseconds) => {
      await vi.advanceTimersByTimeAsync(milliseconds);
    },
  };
});

timersContract('createSimulatedTimers', (deliver) => {
  const clock = createSimulatedClock();
  const timers = createSimulatedTimers({ clock, deliver });
  return {
    timers,
    now: () => clock.now(),
    advanceBy: (milliseconds) => timers.runUntil(clock.now() + milliseconds),
  };
});
