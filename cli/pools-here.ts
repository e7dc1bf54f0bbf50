import type { Command } from 'commander';
import { databasePath, lookInto, requireDatabase } from './open-database.ts';
import { withWayTo } from './owned-database.ts';
import { personOf } from './person.ts';
import type { ChangedInstance, ListedPool, ListedPools, ListedRate } from './remote/pools.ts';
import type { Surroundings } from './surroundings.ts';

/** Pools and rate limits of the command's database, also while another process runs executions in it. */
export async function listPoolsHere(command: Command, surroundings: Surroundings): Promise<ListedPools> {
  return lookInto(command, surroundings, async (reader) => {
    const [pools, rates] = await Promise.all([reader.pools(), reader.rates(surroundings.now())]);
    return {
      pools: pools.map(({ maxQueue, slots, waiting, first, instances, ...pool }): ListedPool => ({
        ...pool,
        ...(maxQueue !== undefined && { max_queue: maxQueue }),
        held: slots.length,
        slots: slots.map(({ holder, ...slot }) => ({
          ...slot,
          execution_id: holder.execution,
          task: holder.path,
          attempt: holder.attempt,
        })),
        instances: [...instances],
        waiting,
        queue: first.map(({ execution, path }) => ({ execution_id: execution, task: path })),
      })),
      rates: rates.map(({ nextAt, waiting, first, ...rate }): ListedRate => ({
        ...rate,
        ...(nextAt !== undefined && { next_at: nextAt }),
        waiting,
        queue: first.map(({ execution, path }) => ({ execution_id: execution, task: path })),
      })),
    };
  });
}

/** Drains one in the command's database, or opens it again: whoever can write it may. */
export async function changeInstanceHere(
  command: Command,
  surroundings: Surroundings,
  change: Omit<ChangedInstance, 'next'>,
): Promise<ChangedInstance> {
  requireDatabase(command, surroundings);
  const { changeInstance } = await import('../local/index.ts');
  const asked = { ...change, by: personOf(surroundings) };
  const { isHeard } = await changeInstance(databasePath(command, surroundings), asked).catch(withWayTo('try again'));
  return { ...change, ...(!isHeard && change.to === 'opened' && { next: 'skein resume' }) };
}
