/** Epoch milliseconds; `to` is outside. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** How many of these were there at one moment. What ends when another begins has made room for it. */
export function mostAtOnce(spans: readonly Span[]): number {
  const steps = spans
    .filter(({ from, to }) => to > from)
    .flatMap(({ from, to }) => [
      { at: from, change: 1 },
      { at: to, change: -1 },
    ])
    .sort((a, b) => a.at - b.at || a.change - b.change);
  let now = 0;
  let most = 0;
  for (const { change } of steps) {
    now += change;
    most = Math.max(most, now);
  }
  return most;
}
