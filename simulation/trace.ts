import type { Clock } from '../core/ports/index.ts';

/** What has happened in a run, in its order; written out only when somebody reads it. */
export interface Trace {
  add(what: string, ...about: readonly (string | number)[]): void;
  lines(): readonly string[];
}

export function createTrace(clock: Clock): Trace {
  const start = clock.now();
  const entries: { readonly at: number; readonly what: string; readonly about: readonly (string | number)[] }[] = [];
  return {
    add: (what, ...about) => void entries.push({ at: clock.now() - start, what, about }),
    lines: () => entries.map(({ at, what, about }) => [timeText(at), what, ...about].join(' ')),
  };
}

/** Seconds with their milliseconds: `+12.345`. */
function timeText(milliseconds: number): string {
  return `+${(milliseconds / 1000).toFixed(3)}`;
}
