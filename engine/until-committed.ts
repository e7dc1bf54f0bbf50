import { InvariantError } from '../core/errors/index.ts';

/** Asks for another look: what was read has changed before it could be written. */
export const AGAIN = Symbol('again');

/**
 * Rounds before giving up. Each lost round means that another writer of the same item has made progress, so this many in a
 * row are a bug, not contention: an item has as many writers as there are places in `max_parallel`, at the most a few hundred.
 */
const ROUNDS = 1000;

/** Runs read → decide → commit until a commit holds. */
export async function untilCommitted<Result>(
  what: string,
  attempt: () => Promise<Result | typeof AGAIN>,
): Promise<Result> {
  for (let round = 0; round < ROUNDS; round += 1) {
    const result = await attempt();
    if (result !== AGAIN) return result;
  }
  throw new InvariantError({ code: 'no_progress', message: `${what} lost ${ROUNDS} rounds in a row.` });
}
