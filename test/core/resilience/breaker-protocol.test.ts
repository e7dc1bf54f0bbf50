import { describe, expect, it } from 'vitest';
import {
  closedBreaker,
  decideBreaker,
  mayCall,
  type Breaker,
  type BreakerHold,
  type BreakerNews,
  type BreakerSettings,
} from '../../../core/resilience/index.ts';
import { explore, type Action, type Exploration, type Model } from '../../models/explore.ts';

// The breaker as attempts use it: look, decide, then one commit that holds only if nobody has written since the look. Everything may
// happen in between, and every state that can be reached is looked at.

const HALF_AN_HOUR = 1800;
/** An hour is the longest time, so that it does not grow from round to round and the states are finite. */
const settings: BreakerSettings = { failureThreshold: 2, successThreshold: 2, timeout: 3600, halfOpenMaxCalls: 2 };

type Outcome = 'succeeded' | 'failed';

/** An attempt's worker: between two calls, about to commit, at work, or about to report. */
type Prober =
  | { readonly at: 'idle' }
  | {
      readonly at: 'taking';
      readonly seen: number;
      readonly next: Breaker;
      readonly writes: boolean;
      readonly permit: string;
    }
  | { readonly at: 'calling'; readonly hold: BreakerHold }
  | {
      readonly at: 'reporting';
      readonly hold: BreakerHold;
      readonly seen: number;
      readonly next: Breaker;
      readonly writes: boolean;
      readonly outcome: Outcome;
    };

interface State {
  readonly now: number;
  readonly breaker: Breaker;
  readonly revision: number;
  readonly probers: readonly Prober[];
  /** How many permits were asked for: each has a name of its own. */
  readonly names: number;
  /** A commit that arrives a second time. */
  readonly copy?: { readonly seen: number; readonly next: Breaker };
  /** Of the epoch that lasts. */
  readonly calls: number;
  readonly successes: readonly string[];
  readonly wrong?: string;
}

interface World {
  readonly probers: number;
  /** Commits hold whatever has been written since the look. */
  readonly isBlind?: boolean;
  /** Nobody gives a lost call up. */
  readonly isPatient?: boolean;
}

function modelOf({ probers, isBlind = false, isPatient = false }: World): Model<State> {
  const idle: Prober = { at: 'idle' };
  return {
    initial: {
      now: 0,
      breaker: closedBreaker,
      revision: 0,
      probers: Array.from({ length: probers }, () => idle),
      names: 0,
      calls: 0,
      successes: [],
    },
    key: keyOf,
    actions: (state) => [
      ...state.probers.flatMap((prober, index) => actionsOf({ state, index, isBlind, isPatient }, prober)),
      ...(state.copy ? [{ name: 'the copy arrives', next: deliver(state, isBlind), isFault: true }] : []),
      { name: 'half an hour passes', next: { ...state, now: state.now + HALF_AN_HOUR * 1000 } },
    ],
    invariants: {
      'no more calls than a half-open epoch has': ({ breaker, calls }) =>
        breaker.status !== 'half_open' || calls <= settings.halfOpenMaxCalls,
      'it closes after enough different successes': ({ wrong }) => wrong === undefined,
    },
    isGoal: ({ breaker, probers: all }) => breaker.status === 'closed' && all.every(({ at }) => at === 'idle'),
  };
}

interface Place {
  readonly state: State;
  readonly index: number;
  readonly isBlind: boolean;
  readonly isPatient: boolean;
}

function actionsOf(place: Place, prober: Prober): readonly Action<State>[] {
  const { state, index } = place;
  const crash = { name: `${index} dies`, next: become(state, index, { at: 'idle' }), isFault: true };
  switch (prober.at) {
    case 'idle':
      return [{ name: `${index} looks`, next: look(place) }];
    case 'taking':
      return [crash, ...commits(place, prober, (next) => called(next, index, prober))];
    case 'calling':
      return [crash, ...(['succeeded', 'failed'] as const).map((outcome) => report(place, prober.hold, outcome))];
    case 'reporting':
      return [crash, ...commits(place, prober, (next) => become(next, index, { at: 'idle' }))];
  }
}

function look({ state, index, isPatient }: Place): State {
  const permit = `p${state.names}`;
  const expires = isPatient ? Infinity : state.now + HALF_AN_HOUR * 1000;
  const next = decideBreaker(state.breaker, { kind: 'asked', permit, expires }, state.now);
  const writes = next !== state.breaker;
  // Who may not call and has nothing to write comes again later.
  if (!writes && !mayCall(next, permit)) return { ...state, names: state.names + 1 };
  const taking: Prober = { at: 'taking', seen: state.revision, next, writes, permit };
  return { ...become(state, index, taking), names: state.names + 1 };
}

function report({ state, index }: Place, hold: BreakerHold, outcome: Outcome): Action<State> {
  const news: BreakerNews =
    outcome === 'succeeded' ? { kind: outcome, hold } : { kind: outcome, hold, settings, error: 'Broken' };
  const next = decideBreaker(state.breaker, news, state.now);
  const writes = next !== state.breaker;
  const reporting: Prober = { at: 'reporting', hold, seen: state.revision, next, writes, outcome };
  return { name: `${index} has ${outcome}`, next: become(state, index, reporting) };
}

type Committing = Extract<Prober, { readonly at: 'taking' | 'reporting' }>;

/** The commit holds, perhaps with a copy of it on its way; or somebody was faster, and it is looked at again. */
function commits(
  { state, index, isBlind }: Place,
  prober: Committing,
  done: (state: State) => State,
): readonly Action<State>[] {
  const { seen, next, writes } = prober;
  if (!writes) return [{ name: `${index} goes on`, next: done(state) }];
  if (seen !== state.revision && !isBlind) {
    const again: Prober = prober.at === 'taking' ? { at: 'idle' } : { at: 'calling', hold: prober.hold };
    return [{ name: `${index} was beaten`, next: become(state, index, again) }];
  }
  const written = done(write(state, next, prober));
  return [
    { name: `${index} commits`, next: written },
    { name: `${index} commits twice`, next: { ...written, copy: { seen, next } }, isFault: true },
  ];
}

function write(state: State, next: Breaker, prober?: Committing): State {
  const isNewEpoch = next.epoch !== state.breaker.epoch;
  const successes =
    prober?.at === 'reporting' && prober.outcome === 'succeeded' && state.breaker.status === 'half_open'
      ? [...new Set([...state.successes, prober.hold.permit])]
      : state.successes;
  const closes = state.breaker.status === 'half_open' && next.status === 'closed';
  return {
    ...state,
    breaker: next,
    revision: state.revision + 1,
    calls: isNewEpoch ? 0 : state.calls,
    successes: isNewEpoch ? [] : successes,
    ...(closes && successes.length < settings.successThreshold && { wrong: 'closed too early' }),
  };
}

function deliver({ copy, ...state }: State, isBlind: boolean): State {
  return copy && (isBlind || copy.seen === state.revision) ? write(state, copy.next) : state;
}

function called(state: State, index: number, { next, permit }: Extract<Prober, { at: 'taking' }>): State {
  // What was written may only have given up a lost call.
  if (!mayCall(next, permit)) return become(state, index, { at: 'idle' });
  const calls = next.status === 'half_open' && next.epoch === state.breaker.epoch ? state.calls + 1 : state.calls;
  return { ...become(state, index, { at: 'calling', hold: { agent: 'a', epoch: next.epoch, permit } }), calls };
}

function become(state: State, index: number, prober: Prober): State {
  return { ...state, probers: state.probers.map((it, at) => (at === index ? prober : it)) };
}

/** Times from now, epochs and revisions from the ones that hold, permits by who has them: what has passed behaves alike. */
function keyOf({ now, breaker, revision, probers, copy, calls, successes, wrong }: State): string {
  const owner = (permit: string): string => String(probers.findIndex((it) => permitOf(it) === permit));
  const left = (time: number): number => (time === Infinity ? -1 : Math.max(0, time - now) / 1000);
  const told = (it: Breaker): unknown =>
    it.epoch < breaker.epoch
      ? 'over'
      : [
          it.status,
          it.epoch - breaker.epoch,
          it.status === 'closed' ? it.failures : 0,
          it.status === 'open' ? left(it.until) : 0,
          it.status === 'half_open'
            ? Object.entries(it.permits)
                .map(([permit, { state, expires }]) =>
                  [owner(permit), state, state === 'out' ? left(expires) : 0].join(),
                )
                .sort()
            : [],
        ];
  // What was planned on an older record is not going to hold, whatever it is.
  const planned = ({ seen, next, writes = true }: { seen: number; next: Breaker; writes?: boolean }): unknown =>
    writes && seen !== revision ? 'too late' : [writes, told(next)];
  const shown = probers.map((it) => [
    it.at,
    'seen' in it ? planned(it) : 0,
    'hold' in it ? Math.min(1, breaker.epoch - it.hold.epoch) : 0,
    'outcome' in it ? it.outcome : 0,
  ]);
  const copied = copy ? planned(copy) : 'too late';
  return JSON.stringify([told(breaker), shown, copied, calls, successes.map(owner).sort(), wrong]);
}

function permitOf(prober: Prober): string | undefined {
  if (prober.at === 'taking') return prober.permit;
  return 'hold' in prober ? prober.hold.permit : undefined;
}

async function found(world: World): Promise<Exploration> {
  return explore(modelOf(world), 200_000);
}

describe('the protocol of breakers', () => {
  it('holds in every state of three workers that die, commit twice and are beaten', { timeout: 120_000 }, async () => {
    const { finding, isComplete, states } = await found({ probers: 3 });

    expect({ finding, isComplete }).toEqual({ finding: undefined, isComplete: true });
    expect(states).toBeGreaterThan(50_000);
  });

  it.each<[string, World, string]>([
    ['the revision', { probers: 3, isBlind: true }, 'it closes after enough different successes'],
    ['the expiry of permits', { probers: 2, isPatient: true }, 'progress'],
  ])('does not hold without %s', { timeout: 120_000 }, async (_what, world, broken) => {
    expect((await found(world)).finding?.broken).toBe(broken);
  });
});
