import { NotFoundError } from '../core/errors/index.ts';
import type { LedgerWrite } from '../core/ports/index.ts';
import { decideSlot, instanceStatus, unusedSlot, type InstanceStatus, type Slot } from '../core/resilience/index.ts';
import type { EngineDeps } from './engine-context.ts';
import { controlOf, poolControl, slotControl, type PoolRecord } from './gates/index.ts';
import { findPool, type PoolStatus } from './pools.ts';
import { AGAIN, untilCommitted } from './until-committed.ts';

/** What somebody wants of an instance of a pool: that it finishes what it has and gets nothing more, or that it takes tasks again. */
export interface InstanceChange {
  readonly pool: string;
  readonly instance: number;
  readonly to: 'closed' | 'opened';
  /** Who wants it. */
  readonly by: string;
}

/** A commit has at most 100 writes, and an event of the bus counts as two. */
const MOST_SLOTS = 90;

/**
 * Closes or opens all slots of an instance; nothing for one that is so already. As each slot is written, nobody takes one of them who has looked
 * before. Told on the coordination bus: it belongs to no execution. Who waits has to be woken by whoever runs the engine. Throws
 * NotFoundError (`pool_not_found`, `instance_not_found`).
 */
export async function recordInstance(
  { ledger, clock }: Pick<EngineDeps, 'ledger' | 'clock'>,
  { pool, instance, to, by }: InstanceChange,
): Promise<PoolStatus> {
  await untilCommitted(`Change of instance ${instance} of ${pool}`, async () => {
    const { capacity, instances } = await getPool(ledger, pool);
    if (!Number.isInteger(instance) || instance < 0 || instance >= instances)
      throw noInstance(pool, instance, instances);
    const own = Array.from({ length: capacity }, (_, slot) => slot).filter((slot) => slot % instances === instance);
    const records = await Promise.all(own.map((slot) => ledger.findControl(slotControl(pool, slot))));
    const before = records.map((record) => (record ? (record.value as Slot) : unusedSlot));
    const after = before.map((slot) => decideSlot(slot, { kind: to }, clock.now()));
    const writes = own.flatMap((slot, at): LedgerWrite[] => {
      const changed = after[at];
      if (changed === undefined || changed === before[at]) return [];
      return [controlOf<Slot>(slotControl(pool, slot), records[at]).put(changed)];
    });
    if (writes.length === 0) return undefined;
    const isLast = writes.length <= MOST_SLOTS;
    const revisions = records.reduce((sum, record) => sum + (record?.revision ?? 0), 0);
    const told = { pool, instance, from: instanceStatus(before), to: instanceStatus(after) };
    const news = announcement(told, {
      id: `${poolControl(pool)}/${instance}/${revisions}`,
      source: by,
      time: clock.now(),
    });
    const committed = await ledger.commit([...writes.slice(0, MOST_SLOTS), ...(isLast ? [news] : [])]);
    return committed === 'committed' && isLast ? undefined : AGAIN;
  });
  const status = await findPool({ ledger }, pool);
  if (!status) throw noPool(pool);
  return status;
}

interface Told {
  readonly pool: string;
  readonly instance: number;
  readonly from: InstanceStatus;
  readonly to: InstanceStatus;
}

/** An event of the coordination bus that says so. */
function announcement(
  data: Told,
  event: { readonly id: string; readonly source: string; readonly time: number },
): LedgerWrite {
  return { kind: 'bus_event', event: { ...event, type: 'agent.status_changed', data: { inline: { ...data } } } };
}

async function getPool(ledger: Pick<EngineDeps['ledger'], 'findControl'>, pool: string): Promise<PoolRecord> {
  const record = await ledger.findControl(poolControl(pool));
  if (!record) throw noPool(pool);
  // Whoever writes there writes pools.
  return record.value as PoolRecord;
}

function noPool(pool: string): NotFoundError {
  return new NotFoundError({
    code: 'pool_not_found',
    message: `Nobody has used a pool ${pool}.`,
    hint: "See `skein pools` for those there are; an agent's own is called `workflow.agent`.",
  });
}

function noInstance(pool: string, instance: number, instances: number): NotFoundError {
  return new NotFoundError({
    code: 'instance_not_found',
    message: `The pool ${pool} has no instance ${instance}.`,
    hint: instances === 1 ? 'It has one: 0.' : `They are called 0 to ${instances - 1}.`,
  });
}
