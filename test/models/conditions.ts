import type { LedgerWrite } from '../../core/ports/index.ts';
import type { Site } from './commit-sites.ts';
import type { Blindness } from './engine-model.ts';

/** How it is known that a condition is needed. */
export type Witness =
  /** The models without it find this; `with`: what has to be taken out beside it, because it would keep the same from happening. */
  | {
      readonly protocol: string;
      readonly processes: number;
      readonly faults: number;
      readonly finding: string;
      readonly with?: readonly string[];
    }
  /** A test that fails without it. */
  | { readonly test: string; readonly says: string }
  /** Nothing looks for it yet. */
  | { readonly open: string }
  /** Nothing is known to break without it, and why it stands there all the same. */
  | { readonly spare: string };

/** One condition of one conditional write of the engine. */
export interface Condition {
  readonly site: Site;
  /** As `conditionOf` calls it. */
  readonly condition: string;
  readonly witness: Witness;
}

/** Of each kind of write, what must hold of the stored item; typed, so that a new kind needs a line here. */
export const writeKinds: { readonly [Kind in LedgerWrite['kind']]: string } = {
  execution: 'the stored revision is the one that was read',
  task: 'the stored revision is the one that was read',
  limit: 'the stored revision is the one that was read',
  control: 'the stored revision is the one that was read',
  event: 'there is no event with this number at this path',
  bus_event: 'there is no event with this id',
  watch: 'none: who puts it looks again at what it waits for',
  unwatch: 'none: a watch that is left wakes somebody in vain',
  park: 'none: who puts it looks again at what it waits for',
  unpark: 'none: an entry that is left wakes somebody in vain',
};

/** `what`: the condition, and behind a plus what has to be taken out beside it; `found`: protocol, functions at once, faults. */
function bug(site: Site, what: string, found: string, finding: string): Condition {
  const [condition = '', ...beside] = what.split('+');
  const [protocol = '', processes, faults] = found.split(' ');
  const witness = { protocol, processes: Number(processes), faults: Number(faults), finding };
  return { site, condition, witness: beside.length === 0 ? witness : { ...witness, with: beside } };
}

/** What the store does not look at when the bug is planted. */
export function blindnessOf({ site, condition, witness }: Condition): readonly Blindness[] {
  const beside = 'protocol' in witness ? (witness.with ?? []) : [];
  return [condition, ...beside].map((it) => ({ condition: it, site }));
}

const GAPS = 'events of a task have no gaps';
const STAYS = 'what has settled stays settled';
const LIFE_GAPS = 'events of an execution have no gaps';

const OVER = 'what has happened is never written over';

/** While an attempt lives nobody else writes what it holds: the sweeper's own condition sees to that. */
const held = {
  spare:
    'its settlement is conditioned on the task, and the others who write the slot of a live attempt, the sweepers, on the slot: this one would matter as soon as anybody else wrote there',
};

/** The model of breakers drops this condition from all who write the record. */
const breaker = {
  test: 'test/core/resilience/breaker-protocol.test.ts',
  says: 'does not hold without',
};

/** What calls have used, which is known when they end. */
const account = {
  test: 'test/engine/budget-usage.test.ts',
  says: 'would forget what calls have used that end at once, were the account not a condition of the commit',
};

/** Counters beside the breaker's record. */
const counter = {
  test: 'test/engine/breaker.test.ts',
  says: 'would lose some of them, were the revision of a counter not a condition',
};

/**
 * Every condition of every conditional write of the engine, but those on events: beside the revision of a record, its commit has the numbers
 * of the events that tell of the change, and either would do. Where both stand both are taken out.
 */
export const conditions: readonly Condition[] = [
  bug('attempt.ts callAgain', 'task+event', 'tokens 2 1', STAYS),
  bug('attempt.ts intendAndCall', 'task+event', 'park-and-wake 2 0', GAPS),
  bug('attempt.ts intendAndCall', 'limit max_parallel', 'places 2 0', 'no more work at once than there are places'),
  bug('attempt.ts intendAndCall', 'limit budget', 'budget 2 0', 'no more calls than the budget has'),
  bug('attempt.ts intendAndCall', 'control pool/slot', 'pool 2 0', 'who works has its slot, and nobody else has it'),
  bug(
    'attempt.ts intendAndCall',
    'control breaker',
    'breaker-and-tasks 2 0',
    'nobody else is called while a half-open one is tried',
  ),
  bug('attempt.ts intendAndCall', 'control rate', 'rate 2 0', 'no more attempts in any span than may be'),
  {
    site: 'attempt.ts intendAndCall',
    condition: 'control pool',
    witness: {
      spare: 'it says of the pool what the workflow says, and two who say different things are told apart by nobody',
    },
  },
  bug('attempt.ts markStarted', 'task+event', 'dispatch-and-settle 2 0', GAPS),
  bug('attempt.ts intendAndCall', 'control cache', 'same-calls 2 0', 'of calls that are the same one is made'),
  {
    site: 'intervene.ts tryAgain',
    condition: 'task',
    witness: {
      test: 'test/engine/intervene.test.ts',
      says: 'would try again what another operator has failed, were the task no condition of the commit',
    },
  },
  {
    site: 'begin.ts beginQueued',
    condition: 'execution',
    witness: {
      test: 'test/engine/turns.test.ts',
      says: 'would have that one wait for ever, were its execution not a condition of the commit',
    },
  },
  bug('begin.ts begin', 'execution+event', 'stop-against-begin 2 0', OVER),
  bug('bind-token.ts bindToken', 'task', 'tokens-of-waits 2 1', STAYS),
  { site: 'breakers.ts recordReset', condition: 'control breaker', witness: breaker },
  {
    site: 'breakers.ts recordReset',
    condition: 'bus_event',
    witness: { spare: 'its id has the epoch, which the condition on the breaker lets only one begin' },
  },
  bug('budget-questions.ts decideBudget', 'execution+event', 'budget-answer 2 0', OVER),
  {
    site: 'budget-questions.ts decideBudget',
    condition: 'limit budget',
    witness: {
      test: 'test/engine/budget-ask.test.ts',
      says: 'does not forget what a call has used that ends at the same time',
    },
  },
  {
    site: 'caches.ts clearSome',
    condition: 'control cache',
    witness: {
      test: 'test/engine/caches.test.ts',
      says: 'would have the same call made twice at once, were the entry not a condition of the commit',
    },
  },
  {
    site: 'caches.ts clearSome',
    condition: 'bus_event',
    witness: { spare: 'its id has the revision of an entry, which the condition on that lets only one clear' },
  },
  bug('child.ts startChild', 'task+event', 'stop-against-child 2 0', OVER),
  bug('conclude.ts enterConclude', 'execution', 'stop-against-end 2 0', LIFE_GAPS),
  bug('conclude.ts finish', 'execution+event', 'stop-against-end 2 0', 'what has ended stays ended'),
  bug('create-execution.ts tryToCreate', 'execution+event', 'start-again 2 0', LIFE_GAPS),
  bug(
    'create-execution.ts tryToCreate',
    'control executions/place',
    'turns 2 0',
    'no more executions go on at once than may',
  ),
  {
    site: 'create-execution.ts tryToCreate',
    condition: 'control executions/key',
    witness: {
      test: 'test/engine/turns.test.ts',
      says: 'by several without the revision of its record',
    },
  },
  bug('end-queued.ts endQueued', 'execution+event', 'turns-and-stop 2 0', OVER),
  bug('let-in.ts letIn', 'execution+event', 'turns-and-stop 2 0', OVER),
  {
    site: 'let-in.ts letIn',
    condition: 'control executions/place',
    witness: {
      test: 'test/engine/turns.test.ts',
      says: 'would be without the revision of a place',
    },
  },
  bug(
    'create-execution.ts tryToCreate',
    'control exclusive',
    'entry-exclusive 2 0',
    'no more executions at once than may be',
  ),
  bug('create-execution.ts tryToCreate', 'control place', 'entry-places 2 0', 'no more executions at once than may be'),
  bug('heartbeat.ts heartbeat', 'task', 'heartbeat 2 0', GAPS),
  {
    site: 'suspicions.ts suspect',
    condition: 'control suspicion',
    witness: {
      spare: 'two sweepers that look at once write the same; it is only ever confirmed by a look that comes later',
    },
  },
  {
    site: 'incidents.ts change',
    condition: 'control incident',
    witness: { test: 'test/engine/incidents.test.ts', says: 'would lose one without the condition' },
  },
  {
    site: 'incidents.ts change',
    condition: 'bus_event',
    witness: { spare: 'its id has the letter, which the condition on the incident lets only one count' },
  },
  bug('iterate.ts iterate', 'task', 'loop-end 2 0', STAYS),
  bug('loop-iteration.ts openIteration', 'task+event', 'loop 2 0', STAYS),
  bug('open-container.ts open', 'task+event', 'for-each-again 2 0', STAYS),
  bug('park-for-pause.ts leavePause', 'task+event', 'unpause-against-dispatch 2 0', GAPS),
  bug('parking.ts park', 'task+event', 'park-again 2 0', 'an agent is called for an attempt that is written down'),
  bug('parking.ts park', 'control pool', 'pool-queue 2 0', 'no more wait than there is room in the queue'),
  { site: 'parking.ts park', condition: 'control breaker', witness: breaker },
  bug('parking.ts park', 'limit budget', 'budget-question 2 0', 'what was raised stays raised'),
  {
    site: 'parking.ts park',
    condition: 'control rate',
    witness: { spare: 'it says that a clock has gone back, and whoever looks next finds the same' },
  },
  bug('pause.ts pause', 'execution+event', 'pause-against-stop 2 0', LIFE_GAPS),
  bug('pause.ts commitCheckpoint', 'execution+event', 'pause-against-stop 2 0', LIFE_GAPS),
  bug('publish-event.ts recordEvent', 'bus_event', 'events 2 0', 'all who wait for an event see the same'),
  {
    site: 'engine.ts compensationsOf',
    condition: 'task',
    witness: { test: 'test/engine/saga.test.ts', says: 'counts once, however often it is said' },
  },
  {
    site: 'saga.ts beginSaga',
    condition: 'execution',
    witness: { test: 'test/engine/saga-races.test.ts', says: 'goes back to undoing after its end' },
  },
  {
    site: 'saga.ts beginOne',
    condition: 'task',
    witness: { test: 'test/engine/saga-races.test.ts', says: 'never ends' },
  },
  {
    site: 'saga.ts endSaga',
    condition: 'execution',
    witness: { test: 'test/engine/saga-races.test.ts', says: 'overlooks what an operator has said' },
  },
  bug('settle.ts parkForRetry', 'task+event', 'failure-again 2 0', GAPS),
  { site: 'settle.ts parkForRetry', condition: 'control breaker', witness: breaker },
  { site: 'settle.ts parkForRetry', condition: 'limit budget', witness: account },
  { site: 'settle.ts parkForRetry', condition: 'control breaker_window', witness: counter },
  { site: 'settle.ts parkForRetry', condition: 'control pool/slot', witness: held },
  bug('settlement.ts commitSettlement', 'task+event', 'heartbeat 2 0', STAYS),
  bug('settlement.ts commitSettlement', 'execution+event', 'failures-together 2 0', OVER),
  bug(
    'settlement.ts commitSettlement',
    'limit max_parallel',
    'places-back 2 0',
    'its history breaks no promise, and nothing is left behind',
  ),
  { site: 'settlement.ts commitSettlement', condition: 'limit budget', witness: account },
  {
    site: 'settlement.ts commitSettlement',
    condition: 'control cache',
    witness: {
      test: 'test/engine/cache.test.ts',
      says: 'rest on the revision of the record alone: without that condition they make more',
    },
  },
  { site: 'settlement.ts commitSettlement', condition: 'control breaker', witness: breaker },
  { site: 'settlement.ts commitSettlement', condition: 'control breaker_window', witness: counter },
  { site: 'settlement.ts commitSettlement', condition: 'control pool/slot', witness: held },
  {
    site: 'settlement.ts commitSettlement',
    condition: 'control pool',
    witness: { spare: 'it says whether somebody has had to wait, and is told once more where two say so at once' },
  },
  {
    site: 'pool-instances.ts recordInstance',
    condition: 'control pool/slot',
    witness: {
      test: 'test/engine/drained-slot.test.ts',
      says: 'would forget who has just taken a slot of it, were the slot not a condition of the commit',
    },
  },
  {
    site: 'queue-again.ts queueAgain',
    condition: 'task',
    witness: { open: 'no model lets a task go back into a queue after its call' },
  },
  {
    site: 'queue-age.ts recordQueueAge',
    condition: 'control overload',
    witness: {
      spare:
        'whoever writes at the same moment has seen the same queue, and what is written lapses after three seconds',
    },
  },
  bug('stop.ts stop', 'execution', 'stop-against-end 2 0', 'progress'),
  bug(
    'sweep-pools.ts sweepSlot',
    'control pool/slot',
    'pool-sweep 2 0',
    'who works has its slot, and nobody else has it',
  ),
  bug('unpause.ts unpause', 'execution+event', 'pause-against-stop 2 0', LIFE_GAPS),
  bug(
    'withdraw-for-pause.ts withdrawForPause',
    'task+event',
    'pause-against-dispatch 2 0',
    'an agent is called for an attempt that is written down',
  ),
];

/** Commits without any condition. */
export const unconditional: readonly Site[] = [
  'admission.ts leaveStopped',
  'conclude.ts dismissEarly',
  'let-in.ts letNextIn',
];
