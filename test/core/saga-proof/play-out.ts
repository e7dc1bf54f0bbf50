import type { Join, On, SmallSaga, SmallTask } from './small-saga.ts';

// Plays a small saga out: every order of beginnings and ends, every failure, a cancel at every moment. Written from the notes on joins
// and from the semantics of the saga, and from nothing of the proof: it asks of each end what is left, and knows no candidates.

type Status = 'idle' | 'running' | 'succeeded' | 'failed' | 'skipped' | 'upstream_failed';
type Statuses = readonly Status[];

interface Moment {
  readonly statuses: Statuses;
  /** A failure has stopped it: nothing begins any more, what runs may still end. */
  readonly stopping: boolean;
}

/** Why some end is bad; undefined: none is. */
export type Flaw =
  'an effect stays' | 'undone under a later one' | 'between back and forward' | 'left by a failure that was tolerated';

/** Every flaw of every end. */
export function playOut(saga: SmallSaga): ReadonlySet<Flaw> {
  const flaws = new Set<Flaw>();
  const start: Moment = { statuses: saga.tasks.map(() => 'idle'), stopping: false };
  const seen = new Map([[keyOf(start), start]]);
  // The map grows while it is gone through.
  for (const moment of seen.values()) {
    for (const flaw of flawsOf(saga, moment)) flaws.add(flaw);
    for (const next of successors(saga, moment)) if (!seen.has(keyOf(next))) seen.set(keyOf(next), next);
  }
  return flaws;
}

function keyOf({ statuses, stopping }: Moment): string {
  return `${statuses.join()}${stopping ? '!' : ''}`;
}

function* successors(saga: SmallSaga, { statuses, stopping }: Moment): Generator<Moment> {
  for (const [at, task] of saga.tasks.entries()) {
    const become = (status: Status, stops = stopping): Moment => ({
      statuses: statuses.with(at, status),
      stopping: stops,
    });
    if (statuses[at] === 'running') {
      yield become('succeeded');
      if (mayFail(saga, task, statuses, stopping))
        yield become('failed', stopping || (!task.tolerated && saga.onFailure !== 'continue'));
    }
    if (statuses[at] !== 'idle' || stopping) continue;
    const decision = decide(task, saga, statuses);
    if (decision === 'run') {
      yield become('running');
      if (task.optional) yield become('skipped');
    } else if (decision !== 'wait') yield become(decision);
  }
}

/** Past a pivot who is retried succeeds in the end, unless the execution stops before that. */
function mayFail(saga: SmallSaga, task: SmallTask, statuses: Statuses, stopping: boolean): boolean {
  if (task.kind === 'pause' || task.kind === 'emit') return false;
  if (stopping || !task.retried || task.tolerated) return true;
  return !passed(saga, statuses).some((pivot) => ancestors(saga, task.id).has(pivot.id));
}

function decide(task: SmallTask, { tasks, onSkip }: SmallSaga, statuses: Statuses): 'run' | 'wait' | Status {
  const edges = task.dependsOn.map((edge) =>
    edgeOf(edge.on, statuses[tasks.findIndex(({ id }) => id === edge.task)] ?? 'idle'),
  );
  const count = (kind: string): number => edges.filter((edge) => edge === kind).length;
  const open = count('open') > 0;
  if (edges.length === 0) return 'run';
  const { join }: { readonly join: Join } = task;
  if (join === 'all_done') return open ? 'wait' : 'run';
  if (join === 'all_success' || join === 'none_failed') {
    if (count('bad') > 0) return 'upstream_failed';
    if (open) return 'wait';
    if (join === 'all_success' && count('untaken') > 0) return 'skipped';
    return onSkip === 'propagates' && count('skipped') > 0 ? 'skipped' : 'run';
  }
  if (count('ok') >= (join === 'any_success' ? 1 : join.quorum)) return 'run';
  if (open) return 'wait';
  return count('bad') > 0 ? 'upstream_failed' : 'skipped';
}

function edgeOf(on: On, status: Status): 'ok' | 'bad' | 'skipped' | 'untaken' | 'open' {
  if (status === 'idle' || status === 'running') return 'open';
  const failed = status === 'failed' || status === 'upstream_failed';
  switch (on) {
    case 'success':
      return failed ? 'bad' : status === 'skipped' ? 'skipped' : 'ok';
    case 'failure':
      return failed ? 'ok' : 'untaken';
    case 'skipped':
      return status === 'skipped' ? 'ok' : 'untaken';
    case 'done':
      return 'ok';
  }
}

function ancestors({ tasks }: SmallSaga, id: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (one: string): void => {
    for (const { task } of tasks.find((it) => it.id === one)?.dependsOn ?? [])
      if (!found.has(task)) visit((found.add(task), task));
  };
  visit(id);
  return found;
}

function passed({ tasks }: SmallSaga, statuses: Statuses): readonly SmallTask[] {
  return tasks.filter(({ pivot }, at) => pivot && statuses[at] === 'succeeded');
}

function* flawsOf(saga: SmallSaga, { statuses, stopping }: Moment): Generator<Flaw> {
  const isOver = statuses.every((status) => status !== 'idle' && status !== 'running');
  const hasFailed = saga.tasks.some(({ tolerated }, at) => statuses[at] === 'failed' && !tolerated);
  const succeeds = isOver && !stopping && !hasFailed;
  if (succeeds) {
    const left = saga.tasks.some(
      (task, at) => task.writes && statuses[at] === 'failed' && !isForward(saga, task, statuses),
    );
    if (left) yield 'left by a failure that was tolerated';
  }
  // A cancel can come at any moment, until the execution has ended: that of the last task's success is one, too.
  yield* flawsOfEnd(saga, statuses);
  const failsNow = stopping || (isOver && hasFailed) || (hasFailed && saga.onFailure === 'continue');
  if (failsNow && passed(saga, statuses).length > 0) yield 'between back and forward';
}

function isForward(saga: SmallSaga, { id }: SmallTask, statuses: Statuses): boolean {
  return passed(saga, statuses).some((pivot) => ancestors(saga, id).has(pivot.id));
}

/** What the execution leaves when it ends now: who still runs never reports. */
function* flawsOfEnd(saga: SmallSaga, statuses: Statuses): Generator<Flaw> {
  const kept = new Set(passed(saga, statuses).flatMap(({ id }) => [id, ...ancestors(saga, id)]));
  const statusOf = (id: string): Status => statuses[saga.tasks.findIndex((task) => task.id === id)] ?? 'idle';
  const effects = saga.tasks.filter((task) => task.writes && mayBeThere(task, statusOf(task.id)));
  const isTried = ({ id, undo }: SmallTask): boolean =>
    saga.rollback && undo !== undefined && !kept.has(id) && (statusOf(id) !== 'failed' || undo.onFailure);
  const isUndone = (task: SmallTask): boolean =>
    isTried(task) && (task.undo?.reads === undefined || statusOf(task.undo.reads) === 'succeeded');
  for (const effect of effects) {
    if (isUndone(effect)) {
      const later = effects.filter(({ id }) => ancestors(saga, id).has(effect.id));
      const mayStay = (one: SmallTask): boolean => !isUndone(one) || saga.afterFailedUndo === 'continue';
      if (later.some(mayStay)) yield 'undone under a later one';
    } else if (!kept.has(effect.id) && !isForward(saga, effect, statuses)) yield 'an effect stays';
  }
}

/** An event is sent in the moment in which its task succeeds; anybody else may have done it, whatever is heard. */
function mayBeThere({ kind }: SmallTask, status: Status): boolean {
  return status === 'succeeded' || (kind === 'agent' && (status === 'running' || status === 'failed'));
}
