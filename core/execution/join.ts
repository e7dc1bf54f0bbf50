import type { DependencyOn, Join } from '../plan/index.ts';
import { isSettled, type SettledTaskStatus, type TaskStatus } from './status.ts';

type EdgeOutcome = 'unsettled' | 'ok' | 'bad' | 'skipped' | 'untaken';

/** What a task shall do, as far as its dependencies say. `why` is for people. */
export type JoinDecision =
  { readonly kind: 'wait' | 'run' } | { readonly kind: 'skipped' | 'upstream_failed'; readonly why: string };

/** One dependency as the ledger shows it now. */
export interface Edge {
  readonly task: string;
  readonly on: DependencyOn;
  readonly status: TaskStatus;
}

const ofSuccess: Record<SettledTaskStatus, EdgeOutcome> = {
  succeeded: 'ok',
  skipped: 'skipped',
  failed: 'bad',
  upstream_failed: 'bad',
  cancelled: 'bad',
  unknown: 'bad',
};

function edgeOutcome(edge: Edge): EdgeOutcome {
  const { on, status } = edge;
  if (!isSettled(status)) return 'unsettled';
  if (on === 'success') return ofSuccess[status];
  if (on === 'done') return 'ok';
  const taken = on === 'skipped' ? status === 'skipped' : status === 'failed' || status === 'upstream_failed';
  return taken ? 'ok' : 'untaken';
}

/** The rules are the table of docs/decisions/2026-11-21-joins-edges-and-endings.md, row by row. */
export function decideJoin(join: Join, edges: readonly Edge[], onSkip: 'satisfies' | 'propagates'): JoinDecision {
  const outcomes = edges.map(edgeOutcome);
  const named = (outcome: EdgeOutcome) => edges.filter((_, i) => outcomes[i] === outcome).map(sentence);
  const [bad, skipped, untaken] = [named('bad'), named('skipped'), named('untaken')];
  const waiting = outcomes.includes('unsettled');

  if (edges.length === 0) return { kind: 'run' };
  if (join === 'all_done') return { kind: waiting ? 'wait' : 'run' };
  if (join === 'all_success' || join === 'none_failed') {
    if (bad.length > 0) return upstreamFailed(bad);
    if (waiting) return { kind: 'wait' };
    if (join === 'all_success' && untaken.length > 0) return skip(untaken);
    if (onSkip === 'propagates' && skipped.length > 0) return skip(skipped);
    return { kind: 'run' };
  }
  const needed = join === 'any_success' ? 1 : join.quorum;
  if (outcomes.filter((outcome) => outcome === 'ok').length >= needed) return { kind: 'run' };
  if (waiting) return { kind: 'wait' };
  return bad.length > 0 ? upstreamFailed(bad) : skip([...skipped, ...untaken]);
}

/**
 * How many unsettled producers a waiting task must watch so that nothing which lets it run can be missed:
 * one where all must settle; of u unsettled with s successes still needed, any s of them hit one of u − s + 1 watches.
 */
export function watchesNeeded(join: Join, edges: readonly Edge[]): number {
  const unsettled = edges.filter((edge) => !isSettled(edge.status)).length;
  if (join === 'all_done') return Math.min(1, unsettled);
  // A bad edge decides these two at once, so every producer that can still fail is watched only by its turn:
  // each settles some day, and a decision against running may be seen a little later.
  if (join === 'all_success' || join === 'none_failed') return Math.min(1, unsettled);
  const ok = edges.filter((edge) => edgeOutcome(edge) === 'ok').length;
  const needed = (join === 'any_success' ? 1 : join.quorum) - ok;
  return Math.max(1, Math.min(unsettled, unsettled - needed + 1));
}

function sentence(edge: Edge): string {
  return `${edge.task} ${edge.status === 'upstream_failed' ? 'could not run' : edge.status}`;
}

function upstreamFailed(parts: readonly string[]): JoinDecision {
  return { kind: 'upstream_failed', why: parts.join(', ') };
}

function skip(parts: readonly string[]): JoinDecision {
  return { kind: 'skipped', why: parts.join(', ') };
}
