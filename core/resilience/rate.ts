/** How often an agent may be called. */
export interface RateSettings {
  /** Calls that may start … */
  readonly calls: number;
  /** … in any span of this length. Seconds. */
  readonly per: number;
}

/** Calls that count as long as the last one of them does. Times are epoch milliseconds. */
export type Starts = {
  readonly since: number;
  readonly at: number;
  readonly calls: number;
};

/** The calls of an agent, as they are recorded: JSON. */
export type RateLog = {
  /** Raised when a clock has turned out to have gone back: what was taken before is not found again by its time. */
  readonly epoch: number;
  /** As whoever has called last says it. */
  readonly limit: { readonly [Key in keyof RateSettings]: number };
  /** Milliseconds for which starts are kept: the longest span of those who count here. */
  readonly kept: number;
  /** Oldest first. */
  readonly starts: readonly Starts[];
};

/** What an attempt remembers of the call that it has taken. */
export interface RateHold {
  /** The agent type. */
  readonly agent: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly epoch: number;
}

export type RateNews =
  /** Somebody looks, and takes nothing. */
  | { readonly kind: 'looked' }
  /** A call starts; only where `freeCalls` has one. */
  | { readonly kind: 'taken'; readonly settings: RateSettings }
  /** The agent was not called after all. */
  | { readonly kind: 'withdrawn'; readonly hold: RateHold };

/** A log that has more entries than this is thinned out; those with at most so many calls in their time never are. */
const MOST_ENTRIES = 100;

/** Entries closer than this share of the time for which they are kept become one: so much later some of their calls come back. */
const GRAINS = 50;

/** As long as nothing is recorded. */
export const noCalls: RateLog = { epoch: 0, limit: { calls: 0, per: 0 }, kept: 0, starts: [] };

/** What becomes of a log. The very same one when nothing does: then there is nothing to write. */
export function decideRate(log: RateLog, news: RateNews, now: number): RateLog {
  const current = withoutFuture(log, now);
  switch (news.kind) {
    case 'looked':
      return current;
    case 'taken':
      return count(current, news.settings, now);
    case 'withdrawn':
      return withdraw(current, news.hold);
  }
}

/** Calls that may start now. */
export function freeCalls(log: RateLog, { calls, per }: RateSettings, now: number): number {
  return Math.max(0, calls - countOf(liveStarts(log, per * 1000, now)));
}

/** When a task may call that has `place` tasks before it, if all of these call as soon as they may: epoch milliseconds. */
export function turnAt(
  log: RateLog,
  { calls, per }: RateSettings,
  { place, now }: { readonly place: number; readonly now: number },
): number {
  const span = per * 1000;
  const live = liveStarts(log, span, now);
  // The start that has to be one span ago by then, where those who wait are numbered on from those who have called; `rounds` spans further back it is one of the latter.
  const rounds = Math.max(0, Math.floor(place / calls));
  const awaited = countOf(live) + place - (rounds + 1) * calls;
  let passed = 0;
  for (const { at, calls: together } of live) {
    passed += together;
    if (awaited < passed && awaited >= 0) return at + (rounds + 1) * span;
  }
  return now + rounds * span;
}

/** A clock that has gone back, or one that goes ahead elsewhere: what it has recorded cannot be later than now, and counts from now on. */
function withoutFuture(log: RateLog, now: number): RateLog {
  if ((log.starts.at(-1)?.at ?? now) <= now) return log;
  const starts = log.starts.map((entry) => ({
    ...entry,
    at: Math.min(entry.at, now),
    since: Math.min(entry.since, now),
  }));
  return { ...log, epoch: log.epoch + 1, starts };
}

function count(log: RateLog, { calls, per }: RateSettings, now: number): RateLog {
  const live = liveStarts(log, Math.max(log.kept, per * 1000), now);
  const kept = live.length === 0 ? per * 1000 : Math.max(log.kept, per * 1000);
  const starts = [...live, { since: now, at: now, calls: 1 }];
  return { epoch: log.epoch, limit: { calls, per }, kept, starts: thinned(starts, kept) };
}

/** An entry counts for as long as its latest call does: no call is forgotten too early. */
function thinned(starts: readonly Starts[], kept: number): readonly Starts[] {
  if (starts.length <= MOST_ENTRIES) return starts;
  const thin: Starts[] = [];
  for (const entry of starts) {
    const last = thin.at(-1);
    if (last && entry.at - last.since < kept / GRAINS) {
      thin[thin.length - 1] = { since: last.since, at: entry.at, calls: last.calls + entry.calls };
    } else thin.push(entry);
  }
  return thin;
}

function withdraw(log: RateLog, { at, epoch }: RateHold): RateLog {
  const taken = log.starts.findLastIndex((entry) => entry.since <= at && at <= entry.at);
  if (log.epoch !== epoch || taken === -1) return log;
  const starts = log.starts.map((entry, index) => (index === taken ? { ...entry, calls: entry.calls - 1 } : entry));
  return { ...log, starts: starts.filter(({ calls }) => calls > 0) };
}

function liveStarts({ starts }: RateLog, span: number, now: number): readonly Starts[] {
  return starts.filter(({ at }) => now - at < span);
}

function countOf(starts: readonly Starts[]): number {
  return starts.reduce((sum, { calls }) => sum + calls, 0);
}
