import { controlPlace, keyPart } from '../../core/execution/index.ts';
import type { PlannedPool } from '../../core/plan/index.ts';
import type { PoolStrategy, Slot } from '../../core/resilience/index.ts';
import type { EngineContext } from '../engine-context.ts';
import { controlOf, type Control } from './control.ts';

/** Where the pools of a tenant stand. */
export const POOLS = 'pool';

/** What is recorded of a pool itself. Who holds its slots says each slot. */
export type PoolRecord = {
  readonly capacity: number;
  readonly instances: number;
  readonly strategy: PoolStrategy;
  readonly maxQueue?: number;
  /** Somebody has had to wait, and since then no slot was given back that nobody waited for. */
  readonly isSaturated: boolean;
};

export function poolControl(pool: string): string {
  return `${POOLS}/${keyPart(pool)}`;
}

export function slotFolder(pool: string): string {
  return `${poolControl(pool)}/slot`;
}

export function slotControl(pool: string, slot: number): string {
  return `${slotFolder(pool)}/${slot}`;
}

/**
 * The slots that a workflow knows of its pool, by their numbers. Where workflows do not agree about its capacity, each takes slots below
 * its own.
 */
export async function readSlots(
  ctx: EngineContext,
  { name, capacity }: PlannedPool,
): Promise<readonly Control<Slot>[]> {
  const records = await ctx.ledger.listControls(slotFolder(name));
  const known = new Map(records.map((record) => [Number(controlPlace(record.key).name), record]));
  return Array.from({ length: capacity }, (_, slot) => controlOf<Slot>(slotControl(name, slot), known.get(slot)));
}
