import type { HistoryEvent } from '../../../local/interpreter/index.ts';

/** A history as goldens keep it: `3<2    0.0s TaskScheduled {…}`, one event a line, seconds from the start. */
export function linesOf(history: readonly HistoryEvent[]): string {
  const start = history[0]?.timestamp ?? 0;
  const lines = history.map(({ id, previousEventId, timestamp, type, details }) => {
    const seconds = ((timestamp - start) / 1000).toFixed(1);
    const said = Object.keys(details).length > 0 ? ` ${JSON.stringify(details)}` : '';
    return `${`${id}<${previousEventId}`.padEnd(6)} ${seconds}s ${type}${said}`;
  });
  return `${lines.join('\n')}\n`;
}
