import { controlPlace, poolKey, rateKey, type ParkedEntry } from '../core/execution/index.ts';
import {
  decideRate,
  instanceStatus,
  unusedSlot,
  type InstanceStatus,
  freeCalls,
  turnAt,
  type PoolStrategy,
  type RateLog,
  type Slot,
  type SlotHolder,
} from '../core/resilience/index.ts';
import type { EngineDeps } from './engine-context.ts';
import { poolControl, POOLS, RATES, slotFolder, type PoolRecord } from './gates/index.ts';

/** A slot that an attempt has. */
export interface HeldSlot {
  readonly slot: number;
  readonly instance: number;
  /** Fencing token. */
  readonly token: number;
  readonly holder: SlotHolder;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** One of those that share the slots of a pool between them. */
export interface PoolInstance {
  readonly instance: number;
  readonly status: InstanceStatus;
  /** Slots that it has, and how many of them are held. */
  readonly slots: number;
  readonly held: number;
}

/** Who waits, as far as anybody counts. */
export interface SharedQueue {
  /** 1,000 at the most: those behind are not counted. */
  readonly waiting: number;
  /** The first ten. */
  readonly first: readonly Pick<ParkedEntry, 'execution' | 'path'>[];
}

/** A pool of this tenant, as it is now. */
export interface PoolStatus extends SharedQueue {
  readonly pool: string;
  readonly capacity: number;
  readonly strategy: PoolStrategy;
  /** Tasks that may wait; absent: any number. */
  readonly maxQueue?: number;
  readonly slots: readonly HeldSlot[];
  readonly instances: readonly PoolInstance[];
}

/** How often an agent type of this tenant is called. */
export interface RateStatus extends SharedQueue {
  readonly agent: string;
  readonly calls: number;
  /** Seconds. */
  readonly per: number;
  /** Calls that may start now. */
  readonly free: number;
  /** When the next call comes back, if there is none now: epoch milliseconds. */
  readonly nextAt?: number;
}

type Ledger = Pick<EngineDeps['ledger'], 'findControl' | 'listControls' | 'listParked'>;

const MOST_COUNTED = 1000;
const MOST_NAMED = 10;

/** Pools that somebody has used, by name. */
export async function listPools({ ledger }: { readonly ledger: Ledger }): Promise<readonly PoolStatus[]> {
  const records = await ledger.listControls(POOLS);
  // Whoever writes into this folder writes pools.
  return Promise.all(records.map(({ key, value }) => statusOf(ledger, controlPlace(key).name, value as PoolRecord)));
}

/** Undefined: nobody has used such a pool. */
export async function findPool({ ledger }: { readonly ledger: Ledger }, pool: string): Promise<PoolStatus | undefined> {
  const record = await ledger.findControl(poolControl(pool));
  return record && statusOf(ledger, pool, record.value as PoolRecord);
}

/** Agent types that were called with a rate limit, by name. `now` in epoch milliseconds. */
export async function listRates({ ledger }: { readonly ledger: Ledger }, now: number): Promise<readonly RateStatus[]> {
  const records = await ledger.listControls(RATES);
  return Promise.all(
    records.map(async ({ key, value }): Promise<RateStatus> => {
      const agent = controlPlace(key).name;
      const log = decideRate(value as RateLog, { kind: 'looked' }, now);
      const { limit } = log;
      const free = freeCalls(log, limit, now);
      const next = free === 0 && { nextAt: turnAt(log, limit, { place: 0, now }) };
      return { agent, ...limit, free, ...next, ...(await queueOf(ledger, rateKey(agent))) };
    }),
  );
}

async function statusOf(ledger: Ledger, pool: string, record: PoolRecord): Promise<PoolStatus> {
  const { capacity, instances, strategy, maxQueue } = record;
  const records = await ledger.listControls(slotFolder(pool));
  const known = new Map(records.map(({ key, value }) => [Number(controlPlace(key).name), value as Slot]));
  const slotsOf = (instance: number): readonly Slot[] =>
    Array.from({ length: capacity }, (_, slot) => slot)
      .filter((slot) => slot % instances === instance)
      .map((slot) => known.get(slot) ?? unusedSlot);
  return {
    pool,
    capacity,
    strategy,
    ...(maxQueue !== undefined && { maxQueue }),
    // Also those that a workflow has which knows of a larger capacity.
    slots: [...known]
      .flatMap(([slot, value]) => heldSlot(slot, value, instances))
      .toSorted((one, other) => one.slot - other.slot),
    instances: Array.from({ length: instances }, (_, instance) => instanceOf(instance, slotsOf(instance))),
    ...(await queueOf(ledger, poolKey(pool))),
  };
}

function heldSlot(slot: number, { token, holder, takenAt = 0 }: Slot, instances: number): readonly HeldSlot[] {
  return holder ? [{ slot, instance: slot % instances, token, holder, since: takenAt }] : [];
}

function instanceOf(instance: number, slots: readonly Slot[]): PoolInstance {
  const held = slots.filter(({ holder }) => holder).length;
  return { instance, status: instanceStatus(slots), slots: slots.length, held };
}

async function queueOf(ledger: Ledger, key: string): Promise<SharedQueue> {
  const parked = await ledger.listParked(key, MOST_COUNTED);
  const first = parked.slice(0, MOST_NAMED).map(({ execution, path }) => ({ execution, path }));
  return { waiting: parked.length, first };
}
