import type { Command } from 'commander';
import { databasePath, lookInto, requireDatabase } from './open-database.ts';
import { withWayTo } from './owned-database.ts';
import { personOf } from './person.ts';
import type { ListedBreaker, ResetBreaker } from './remote/breakers.ts';
import type { Surroundings } from './surroundings.ts';

/** Breakers of the command's database, also while another process runs executions in it. */
export async function listBreakersHere(
  command: Command,
  surroundings: Surroundings,
): Promise<readonly ListedBreaker[]> {
  const breakers = await lookInto(command, surroundings, (reader) => reader.breakers());
  return breakers.map(({ agent, breaker }): ListedBreaker => {
    const { status, epoch, since } = breaker;
    const common = { agent, status, epoch, ...(epoch > 0 && { since }) };
    if (breaker.status === 'closed') return { ...common, failures: breaker.failures };
    const trouble = { ...common, opened: breaker.opened, last_error: breaker.error };
    return breaker.status === 'open' ? { ...trouble, open_until: breaker.until } : trouble;
  });
}

/** Resets one in the command's database: whoever can write it may. */
export async function resetBreakerHere(
  command: Command,
  surroundings: Surroundings,
  agent: string,
): Promise<ResetBreaker> {
  requireDatabase(command, surroundings);
  const { resetBreaker } = await import('../local/index.ts');
  const { isLeft } = await resetBreaker(databasePath(command, surroundings), agent, personOf(surroundings)).catch(
    withWayTo('try again'),
  );
  return { agent, status: 'closed', ...(isLeft && { next: 'skein resume' }) };
}
