/** A measured pair, drawn or fitted. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The smallest value that at least `share` (0 to 1) of all values do not exceed; 0 of nothing. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

/** Of the line that lies nearest to the points (least squares), in y for each x; 0 where all points stand above each other. */
export function slope(points: readonly Point[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = { x: mean(points.map(({ x }) => x)), y: mean(points.map(({ y }) => y)) };
  const spread = points.reduce((sum, { x }) => sum + (x - middle.x) ** 2, 0);
  const common = points.reduce((sum, { x, y }) => sum + (x - middle.x) * (y - middle.y), 0);
  return spread === 0 ? 0 : common / spread;
}

/** `y` grows like `x` to this power: 1 is linear, 2 quadratic. Both have to be greater than 0. */
export function exponent(points: readonly Point[]): number {
  return slope(points.map(({ x, y }) => ({ x: Math.log(x), y: Math.log(y) })));
}
