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

/** Edges sorted by what they have come to. */
type Sorted = Readonly<Record<EdgeOutcome, readonly Edge[]>>;

/** The rules are the table of docs/decisions/2026-11-21-joins-edges-and-endings.md, row by row. */
export function decideJoin(join: Join, edges: readonly Edge[], onSkip: 'satisfies' | 'propagates'): JoinDecision {
  if (edges.length === 0) return { kind: 'run' };
  const sorted: Sorted = {
    unsettled: [],
    ok: [],
    bad: [],
    skipped: [],
    untaken: [],
    ...Object.groupBy(edges, edgeOutcome),
  };
  switch (join) {
    case 'all_done':
      return { kind: sorted.unsettled.length > 0 ? 'wait' : 'run' };
    case 'all_success':
      return decideAll(sorted, [...sorted.untaken, ...(onSkip === 'propagates' ? sorted.skipped : [])]);
    case 'none_failed':
      return decideAll(sorted, onSkip === 'propagates' ? sorted.skipped : []);
    case 'any_success':
      return decideEnough(sorted, 1);
    default:
      return decideEnough(sorted, join.quorum);
  }
}

/** One bad edge decides at once; `skipping` are the edges that skip the task. */
function decideAll({ bad, unsettled }: Sorted, skipping: readonly Edge[]): JoinDecision {
  if (bad.length > 0) return against('upstream_failed', bad);
  if (unsettled.length > 0) return { kind: 'wait' };
  return skipping.length > 0 ? against('skipped', skipping) : { kind: 'run' };
}

/** Enough good edges decide at once; against running only the last edge decides, so that it does not matter who came first. */
function decideEnough({ ok, bad, unsettled, skipped, untaken }: Sorted, needed: number): JoinDecision {
  if (ok.length >= needed) return { kind: 'run' };
  if (unsettled.length > 0) return { kind: 'wait' };
  return bad.length > 0 ? against('upstream_failed', bad) : against('skipped', [...skipped, ...untaken]);
}

/**
 * How many unsettled producers a waiting task must watch so that nothing which lets it run can be missed: one where all must
 * settle; of u unsettled ones with s successes still needed, any s hit one of u − s + 1 watches. What decides against running is
 * never missed either, because every producer settles some day.
 */
export function watchesNeeded(join: Join, edges: readonly Edge[]): number {
  const outcomes = edges.map(edgeOutcome);
  const unsettled = outcomes.filter((outcome) => outcome === 'unsettled').length;
  if (join === 'all_done' || join === 'all_success' || join === 'none_failed') return Math.min(1, unsettled);
  const needed = (join === 'any_success' ? 1 : join.quorum) - outcomes.filter((outcome) => outcome === 'ok').length;
  return Math.max(1, Math.min(unsettled, unsettled - needed + 1));
}

function against(kind: 'skipped' | 'upstream_failed', edges: readonly Edge[]): JoinDecision {
  const parts = edges.map(({ task, status }) => `${task} ${status === 'upstream_failed' ? 'could not run' : status}`);
  return { kind, why: parts.join(', ') };
}
