/** What a look has shown that may be wrong, or only slow. */
export type Sighting = {
  readonly what: 'machine_ended' | 'machine_left';
  /** Of the execution's record: whoever has written it since is alive. */
  readonly revision: number;
};

/** A sighting as it is kept until the next look. */
export type Suspicion = Sighting & {
  /** Epoch milliseconds. */
  readonly at: number;
};

/** Looks after which a suspicion says nothing any more. */
const VALID_LOOKS = 4;

/**
 * Whether this look confirms what an earlier one has shown: the same, of an execution that nobody has written since, at least half a round and
 * at most a few rounds ago. `every`: milliseconds between two looks.
 */
export function isConfirmed(
  before: Suspicion | undefined,
  seen: Sighting,
  { every, now }: { readonly every: number; readonly now: number },
): boolean {
  if (!isSame(before, seen)) return false;
  const age = now - before.at;
  return age >= every / 2 && age <= VALID_LOOKS * every;
}

/** Whether a suspicion stands already that a later look may confirm. */
export function isStanding(
  before: Suspicion | undefined,
  seen: Sighting,
  { every, now }: { every: number; now: number },
) {
  return isSame(before, seen) && now - before.at < every / 2;
}

/** From when on nobody misses it. Epoch milliseconds. */
export function suspicionUselessFrom({ at }: Suspicion, every: number): number {
  return at + VALID_LOOKS * every;
}

function isSame(before: Suspicion | undefined, seen: Sighting): before is Suspicion {
  return before?.what === seen.what && before.revision === seen.revision;
}
