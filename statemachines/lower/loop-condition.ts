/** Goes round again while the engine says so and the bound allows: of `iterations`, the round numbered n is followed by another if n < iterations − 1. */
export function loopCondition(round: string, iterations: number): string {
  return `{% $${round} < ${iterations - 1} and $states.input.again = true %}`;
}

const BOUND = /^\{% \$\w+ < (\d+) and /;

/** The bound that such a condition carries; undefined for any other condition. */
export function iterationsIn(condition: string): number | undefined {
  const bound = BOUND.exec(condition)?.[1];
  return bound === undefined ? undefined : Number(bound) + 1;
}
