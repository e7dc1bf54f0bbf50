import type { InterpreterOptions } from './interpreter-options.ts';

/** Asked before each state: undefined to go on at once, or what to wait for. */
export type Pacer = () => Promise<void> | undefined;

/** Some milliseconds of work. */
const statesPerTurn = 1000;

/**
 * Gives other work a turn. States follow each other by promises, and promises starve timers and sockets: without this,
 * a machine whose functions answer at once would hold the process until it has ended.
 */
export function createPacer({ clock, schedule }: Pick<InterpreterOptions, 'clock' | 'schedule'>): Pacer {
  let states = 0;
  let pause: Promise<void> | undefined;
  return () => {
    states += 1;
    if (pause || states < statesPerTurn) return pause;
    states = 0;
    pause = new Promise((resolve) => {
      schedule(clock.now(), () => {
        pause = undefined;
        resolve();
      });
    });
    return pause;
  };
}
