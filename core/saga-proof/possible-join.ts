import type { DependencyOn, Join } from '../plan/index.ts';
import type { Fate } from './saga-graph.ts';

/** What a join can come to. */
export type JoinOutcome = 'wait' | 'run' | 'skipped' | 'upstream_failed';

/** A dependency, and what may have become of its producer. */
export interface PossibleEdge {
  readonly on: DependencyOn;
  readonly fates: ReadonlySet<Fate>;
}

/** What an edge may be: the table of the engine's joins, with "may" for "is". */
interface May {
  readonly ok: boolean;
  readonly bad: boolean;
  readonly skipped: boolean;
  readonly untaken: boolean;
  readonly open: boolean;
}

/** Each edge by itself, so that what cannot happen together is not seen: never too few outcomes, sometimes too many. */
export function possibleJoin(
  join: Join,
  edges: readonly PossibleEdge[],
  propagates: boolean,
): ReadonlySet<JoinOutcome> {
  if (edges.length === 0) return new Set(['run']);
  const may = edges.map(mayOf);
  if (join === 'all_done') return new Set(present({ wait: may.some(({ open }) => open), run: may.every(canSettle) }));
  if (join === 'all_success' || join === 'none_failed') return all(may, join === 'none_failed', propagates);
  return enough(may, join === 'any_success' ? 1 : join.quorum);
}

function mayOf({ on, fates }: PossibleEdge): May {
  const has = (...wanted: Fate[]): boolean => wanted.some((fate) => fates.has(fate));
  const open = has('running', 'waiting');
  const [good, skipped, failed] = [has('succeeded'), has('skipped'), has('failed', 'upstream_failed')];
  switch (on) {
    case 'success':
      return { ok: good, bad: failed, skipped, untaken: false, open };
    case 'failure':
      return { ok: failed, bad: false, skipped: false, untaken: good || skipped, open };
    case 'skipped':
      return { ok: skipped, bad: false, skipped: false, untaken: good || failed, open };
    case 'done':
      return { ok: good || skipped || failed, bad: false, skipped: false, untaken: false, open };
  }
}

function canSettle({ ok, bad, skipped, untaken }: May): boolean {
  return ok || bad || skipped || untaken;
}

function all(may: readonly May[], forgives: boolean, propagates: boolean): ReadonlySet<JoinOutcome> {
  const runs = (edge: May): boolean => edge.ok || (edge.untaken && forgives) || (edge.skipped && !propagates);
  const skips = (edge: May): boolean => (edge.untaken && !forgives) || (edge.skipped && propagates);
  const settles = may.every(({ ok, skipped, untaken }) => ok || skipped || untaken);
  return new Set(
    present({
      upstream_failed: may.some(({ bad }) => bad),
      wait: may.some(({ open }) => open),
      run: may.every(runs),
      skipped: settles && may.some(skips),
    }),
  );
}

function enough(may: readonly May[], wanted: number): ReadonlySet<JoinOutcome> {
  const settles = may.every(canSettle);
  const falls = (edge: May): boolean => edge.bad || edge.skipped || edge.untaken;
  const short = may.filter(falls).length > may.length - wanted;
  return new Set(
    present({
      run: may.filter(({ ok }) => ok).length >= wanted,
      wait: may.some(({ open }) => open),
      upstream_failed: settles && short && may.some(({ bad }) => bad),
      skipped: settles && short,
    }),
  );
}

function present(outcomes: Partial<Record<JoinOutcome, boolean>>): JoinOutcome[] {
  return (Object.keys(outcomes) as JoinOutcome[]).filter((outcome) => outcomes[outcome]);
}
