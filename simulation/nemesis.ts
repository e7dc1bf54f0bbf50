import { createChance, seedOf } from '../core/chance/index.ts';

/** Everything that can go wrong, and what it stands for. */
export const faultKinds = {
  death: 'a function dies between two deeds, and nobody hears how its last one ended',
  throttled: 'a service refuses, and does nothing',
  answer_lost: 'a service does what it was asked for, and says that it did not',
  message_lost: 'a message never comes',
  message_twice: 'a message comes twice',
  message_late: 'a message comes after others that were sent later',
  call_lost: 'a machine calls a function that never runs',
  partial_batch: 'of a batch only the first part is dealt with, and all of it comes again',
  stale_list: 'an index answers as it was some seconds ago',
  clock_off: 'the clock of a process is up to five minutes off',
} as const;

export type FaultKind = keyof typeof faultKinds;

/** A fault that has struck, by a name under which it strikes again: `throttled commit 12`, the twelfth commit that might have been. */
export interface Fault {
  readonly name: string;
  readonly kind: FaultKind;
}

/** 0 to 1 for each kind. */
export type Odds = Readonly<Record<FaultKind, number>>;

export interface Struck {
  /** Uniform in [0, 1): how late, how early, which half. The same for the same fault, whatever else has struck. */
  readonly amount: number;
}

export interface Nemesis {
  /** Asked at every place where something can go wrong; undefined: it goes right. `where` names the place, not the time. */
  strikes(kind: FaultKind, where: string): Struck | undefined;
  /** From now on all goes right. */
  rest(): void;
  /** In the order of time. */
  readonly struck: readonly Fault[];
}

export interface NemesisOptions {
  readonly seed: number;
  readonly odds: Odds;
  /** Only these strike, by their names: a run is repeated with fewer faults. Absent: those that the odds say. */
  readonly only?: ReadonlySet<string>;
  readonly onStrike: (fault: Fault) => void;
}

/**
 * Decides what goes wrong, from a seed. Every place has numbers of its own, so that a fault that is taken away changes nothing of those
 * that are left.
 */
export function createNemesis({ seed, odds, only, onStrike }: NemesisOptions): Nemesis {
  const places = new Map<string, { readonly chance: () => number; asked: number }>();
  const struck: Fault[] = [];
  let rests = false;
  return {
    struck,
    rest: () => void (rests = true),
    strikes(kind, where) {
      if (rests) return undefined;
      const key = `${kind} ${where}`;
      const place = places.get(key) ?? { chance: createChance(seedOf(`${seed} ${key}`)), asked: 0 };
      if (place.asked === 0) places.set(key, place);
      place.asked += 1;
      const drawn = place.chance();
      const amount = place.chance();
      if (!only && drawn >= odds[kind]) return undefined;
      const name = `${key} ${place.asked}`;
      if (only && !only.has(name)) return undefined;
      const fault = { name, kind };
      struck.push(fault);
      onStrike(fault);
      return { amount };
    },
  };
}

/** How bad it can become: what a kind's odds are where a seed has that kind at its worst. */
const WORST: Odds = {
  death: 0.12,
  throttled: 0.02,
  answer_lost: 0.02,
  message_lost: 0.25,
  message_twice: 0.3,
  message_late: 0.3,
  call_lost: 0.15,
  partial_batch: 0.2,
  stale_list: 0.5,
  clock_off: 0.5,
};

/** One seed in so many has no fault at all: then nothing may have to be mended either. */
const CALM = 10;

/**
 * What can go wrong in the run of a seed. Each kind is left out of half of the runs, so that some are about one kind alone, and what two
 * of them do to each other is seen without the noise of the others.
 */
export function oddsOf(seed: number): Odds {
  const chance = createChance(seedOf(`odds ${seed}`));
  const isCalm = chance() * CALM < 1;
  // The table above has every kind.
  const kinds = Object.keys(faultKinds) as FaultKind[];
  const odds = kinds.map((kind) => {
    const [isThere, howBad] = [chance() < 0.5, chance()];
    return [kind, isThere && !isCalm ? WORST[kind] * howBad : 0] as const;
  });
  return Object.fromEntries(odds) as Odds;
}

export const isCalm = (odds: Odds): boolean => Object.values(odds).every((each) => each === 0);
