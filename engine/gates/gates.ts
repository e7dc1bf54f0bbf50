import type { Fact, Holds, ParkedEntry } from '../../core/execution/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import type { EngineContext } from '../engine-context.ts';
import type { FollowUps } from '../follow-up.ts';
import type { Asking, Gate, GateWrites, Leaving, Passage } from './gate.ts';
import { parseCompensationPath } from '../../core/ids/index.ts';
import { breakerGate } from './breaker-gate.ts';
import { budgetGate } from './budget-gate.ts';
import { cacheGate } from './cache-gate.ts';
import { limitGate } from './limit-gate.ts';
import { poolGate } from './pool-gate.ts';
import { rateGate } from './rate-gate.ts';

/** In the order of the semantics' admission list: cache, budget, limits and rates, breaker, pool. */
const gates: readonly Gate[] = [cacheGate, budgetGate, limitGate, rateGate, breakerGate, poolGate];

/** What undoes is no answer that another call may have given, and must not fail because the money is gone. */
const gatesOfCompensations: readonly Gate[] = [limitGate, rateGate, breakerGate, poolGate];

/** All gates let the task pass, or the first that does not speaks for all: what those before it would have given is not taken. */
export async function lookThroughGates(ctx: EngineContext, look: Asking): Promise<Passage> {
  const writes: LedgerWrite[] = [];
  const facts: Fact[] = [];
  let holds: Holds = {};
  const isCompensation = parseCompensationPath(look.record.path) !== undefined;
  for (const gate of isCompensation ? gatesOfCompensations : gates) {
    const passage = await gate.look(ctx, look);
    if (passage.kind !== 'pass') return passage;
    writes.push(...passage.writes);
    facts.push(...(passage.facts ?? []));
    holds = { ...holds, ...passage.holds };
  }
  return { kind: 'pass', writes, facts, holds };
}

/** What all gates write when an attempt ends, or a task settles without one. */
export async function leaveGates(ctx: EngineContext, leaving: Leaving): Promise<Required<GateWrites>> {
  const left = await Promise.all(gates.map((gate) => gate.leave(ctx, leaving)));
  return { writes: left.flatMap(({ writes }) => writes), facts: left.flatMap(({ facts }) => facts ?? []) };
}

/** Who is to look again after a commit with these writes. */
export async function wakeForControls(ctx: EngineContext, writes: readonly LedgerWrite[]): Promise<FollowUps> {
  const keys = writes.flatMap((write) => (write.kind === 'control' ? [write.record.key] : []));
  return (await Promise.all(keys.map((key) => wakeForControl(ctx, key)))).flat();
}

/** Who is to look again because this control record has changed. */
export async function wakeForControl(ctx: EngineContext, key: string): Promise<FollowUps> {
  const owner = gates.find(({ controls }) => controls !== undefined && key.startsWith(`${controls.folder}/`));
  return owner?.controls ? owner.controls.wake(ctx, key) : [];
}

/** Whose turn it is because a task has left a queue, perhaps after it was woken for a place that it has not taken. */
export async function wakeBehind(ctx: EngineContext, left: ParkedEntry | undefined): Promise<FollowUps> {
  if (!left) return [];
  const owner = gates.find(({ queue }) => queue !== undefined && left.key.startsWith(queue.prefix));
  return owner?.queue ? owner.queue.wake(ctx, left.key) : [];
}

/** Whether whoever stands behind a task is to look again although the task has got what it has waited for. */
export function movesUp(left: ParkedEntry | undefined): left is ParkedEntry {
  return gates.some(({ queue }) => queue?.movesUp === true && left?.key.startsWith(queue.prefix) === true);
}

/** Whether tasks of several executions stand in the queue of this key. */
export function isShared(key: string): boolean {
  return gates.some(({ queue }) => queue !== undefined && key.startsWith(queue.prefix));
}
