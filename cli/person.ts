import type { Surroundings } from './surroundings.ts';

/** Who sits at the terminal, as the history tells it. */
export function personOf({ environment }: Pick<Surroundings, 'environment'>): string {
  return environment['USER'] ?? environment['USERNAME'] ?? 'terminal';
}
