/** Seconds for which a task waits for a pool or a breaker, unless it says how many; plans say only what differs. */
export const QUEUE_TIMEOUT = 300;

export type PoolStrategy = 'round_robin' | 'least_loaded' | 'least_response_time' | 'random';

/** How a pool acts. Complete, with every default written out. */
export interface PoolSettings {
  /** Slots: attempts that hold one at once. */
  readonly capacity: number;
  readonly strategy: PoolStrategy;
  /** Instances that share the slots between them, evenly: slot i is of instance i modulo this. */
  readonly instances: number;
  /** Tasks that may wait; absent: any number. */
  readonly maxQueue?: number;
}

/** The attempt that has a slot. */
export type SlotHolder = {
  readonly execution: string;
  readonly path: string;
  readonly attempt: number;
};

/** One slot of a pool, as it is recorded: JSON. There are as many attempts as there are slots with a holder, so nothing can be counted wrongly. */
export type Slot = {
  /** Fencing token: raised whenever the slot is taken, given back or reclaimed, so that whoever had it before is recognised. */
  readonly token: number;
  readonly holder?: SlotHolder;
  /** When it was last taken. Epoch milliseconds. */
  readonly takenAt?: number;
  /** When a sweep found that its holder is gone. Epoch milliseconds. */
  readonly marked?: number;
  /** How long its calls take: the moving average, milliseconds. */
  readonly response?: number;
  /** Its instance is being drained: whoever has it keeps it, and nobody takes it afterwards. */
  readonly closed?: true;
};

/** What an attempt remembers of the slot that it has. */
export interface SlotHold {
  readonly pool: string;
  readonly slot: number;
  readonly token: number;
}

export type SlotNews =
  | { readonly kind: 'taken'; readonly holder: SlotHolder }
  /** By who had it with this token. `answered`: by the agent, so that it says how long a call takes. */
  | { readonly kind: 'given_back'; readonly token: number; readonly answered: boolean }
  /** Its instance is drained, or takes tasks again. */
  | { readonly kind: 'closed' | 'opened' }
  /** A sweep has read the holder's attempt. `patience`: milliseconds that a mark has to stand. */
  | { readonly kind: 'swept'; readonly isLive: boolean; readonly patience: number };

/** Share of the newest call in the moving average of response times. */
const NEWEST = 0.3;

/** As long as nothing is recorded. */
export const unusedSlot: Slot = { token: 0 };

/** What becomes of a slot. The very same one when nothing does: then there is nothing to write. */
export function decideSlot(slot: Slot, news: SlotNews, now: number): Slot {
  switch (news.kind) {
    case 'taken':
      return slot.holder || slot.closed ? slot : { ...freed(slot), holder: news.holder, takenAt: now };
    case 'given_back':
      return slot.holder && slot.token === news.token ? freed(slot, news.answered ? responseOf(slot, now) : {}) : slot;
    case 'swept':
      return sweepSlot(slot, news, now);
    case 'closed':
      return slot.closed ? slot : { ...slot, closed: true };
    case 'opened':
      return slot.closed ? opened(slot) : slot;
  }
}

/** Two phases: one sweep marks, and a later one takes away what is still marked; a sign of life between them clears the mark. */
function sweepSlot(slot: Slot, { isLive, patience }: Extract<SlotNews, { kind: 'swept' }>, now: number): Slot {
  const { marked, ...unmarked } = slot;
  if (!slot.holder || isLive) return marked === undefined ? slot : unmarked;
  if (marked === undefined) return { ...slot, marked: now };
  return now - marked >= patience ? freed(slot) : slot;
}

function opened({ closed, ...slot }: Slot): Slot {
  return slot;
}

/** Nobody's, with the next token. */
function freed({ token, takenAt, response, closed }: Slot, measured: Pick<Slot, 'response'> = {}): Slot {
  return {
    token: token + 1,
    ...(takenAt !== undefined && { takenAt }),
    ...(response !== undefined && { response }),
    ...(closed && { closed }),
    ...measured,
  };
}

function responseOf({ takenAt, response }: Slot, now: number): Pick<Slot, 'response'> {
  if (takenAt === undefined) return {};
  const took = Math.max(0, now - takenAt);
  return { response: response === undefined ? took : NEWEST * took + (1 - NEWEST) * response };
}

/** Milliseconds of waiting that one priority is worth: nine of them come to 270 s, less than the 300 s for which a task waits by default. */
const PRIORITY_WORTH = 30_000;

/**
 * A task's place in the queue of a pool: lower comes first. Priority counts as time that the task has waited already. As all get older
 * at the same speed, this number never has to change while they wait, and whoever waits is overtaken only by those who came soon after.
 */
export function turnOf({ arrival, priority }: { readonly arrival: number; readonly priority: number }): number {
  return Math.max(0, arrival - priority * PRIORITY_WORTH);
}

/** `draining`: it finishes what it has; `offline`: it has nothing any more, and gets nothing. */
export type InstanceStatus = 'idle' | 'busy' | 'draining' | 'offline';

/** What an instance does, by all its slots. */
export function instanceStatus(slots: readonly Slot[]): InstanceStatus {
  const isHeld = slots.some(({ holder }) => holder);
  if (slots.every(({ closed }) => closed)) return isHeld ? 'draining' : 'offline';
  return isHeld ? 'busy' : 'idle';
}

/** Whether somebody may take it now. */
export function isFree({ holder, closed }: Slot): boolean {
  return !holder && !closed;
}

/** The free slots, the best one first by the strategy. `slots`: all of the pool, in order; `random`: from 0 to 1. */
export function rankSlots(
  { strategy, instances }: Pick<PoolSettings, 'strategy' | 'instances'>,
  slots: readonly Slot[],
  random: () => number,
): readonly number[] {
  const rank = ranks[strategy];
  const loads = instanceLoads(slots, instances);
  return slots
    .flatMap((slot, index) =>
      !isFree(slot) ? [] : [{ index, rank: rank(slot, loads[index % instances]), lot: random() }],
    )
    .sort((one, other) => one.rank - other.rank || one.lot - other.lot)
    .map(({ index }) => index);
}

interface Load {
  /** Slots that are held. */
  readonly held: number;
  /** Of its slots that have answered: the mean of their averages, milliseconds. */
  readonly response: number;
}

/** Lower is better; what is equal is decided by lot, so that those who come at once do not all try the same slot. */
const ranks: { readonly [Strategy in PoolStrategy]: (slot: Slot, load: Load | undefined) => number } = {
  round_robin: ({ takenAt = 0 }) => takenAt,
  least_loaded: (_slot, load) => load?.held ?? 0,
  least_response_time: (_slot, load) => load?.response ?? 0,
  random: () => 0,
};

function instanceLoads(slots: readonly Slot[], instances: number): readonly Load[] {
  return Array.from({ length: instances }, (_, instance) => {
    const own = slots.filter((_slot, index) => index % instances === instance);
    const known = own.flatMap(({ response }) => (response === undefined ? [] : [response]));
    const sum = known.reduce((total, response) => total + response, 0);
    return { held: own.filter(({ holder }) => holder).length, response: known.length === 0 ? 0 : sum / known.length };
  });
}
