import { createSimulatedClock, type SimulatedClock } from './simulated-clock.ts';

/** A clock whose alarms ring when the test moves it. */
export interface AlarmClock {
  readonly clock: SimulatedClock;
  readonly schedule: (at: number, run: () => void) => () => void;
  /** Milliseconds until each alarm that is set, soonest first. */
  waits(): readonly number[];
  advanceBy(milliseconds: number): void;
}

export function createAlarmClock(): AlarmClock {
  const clock = createSimulatedClock();
  const alarms = new Set<{ readonly at: number; readonly run: () => void }>();
  return {
    clock,
    schedule(at, run) {
      const alarm = { at, run };
      alarms.add(alarm);
      return () => alarms.delete(alarm);
    },
    waits: () => [...alarms].map(({ at }) => at - clock.now()).sort((a, b) => a - b),
    advanceBy(milliseconds) {
      clock.advanceBy(milliseconds);
      const due = [...alarms].filter(({ at }) => at <= clock.now()).sort((a, b) => a.at - b.at);
      for (const alarm of due) if (alarms.delete(alarm)) alarm.run();
    },
  };
}
