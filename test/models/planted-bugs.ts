import type { Planted } from './engine-model.ts';
import { numberOf } from './ledger-state.ts';
import type { Answer, PortCall } from './stepwise.ts';

/** A condition, or a second look, that a protocol rests on; planted is the engine without it. */
export interface PlantedBug {
  readonly protocol: string;
  /** The write or the read, and what it is for. */
  readonly rule: string;
  readonly planted: Planted;
  readonly processes: number;
  readonly faults: number;
  /** Without stream and sweeper, which mend some of what the protocol itself must not break. */
  readonly alone?: true;
  /** The invariant that breaks, or `progress`. */
  readonly finding: string;
}

const committed = String(numberOf('committed'));

type Lie = (operation: string, call: PortCall, heard: readonly Answer[]) => unknown;

/** Every call of this method by these operations hears what the lie says. */
function lies(verbs: RegExp, method: string, lie: Lie): Planted {
  return {
    answers(operation, call, heard) {
      if (!verbs.test(operation) || call.method !== method) return undefined;
      const value = lie(operation, call, heard);
      return value === undefined ? undefined : { text: String(numberOf(value)), value };
    },
  };
}

/** Only what is read after the operation has written. */
const afterwards =
  (lie: Lie): Lie =>
  (operation, call, heard) =>
    heard.some(({ text }) => text === committed) ? lie(operation, call, heard) : undefined;

const heldByTheOther: Lie = (operation) => ({
  execution: 'exec_1',
  limit: 'max_parallel',
  holders: [operation === 'dispatch a' ? 'b' : 'a'],
  revision: 1,
});

export const plantedBugs: readonly PlantedBug[] = [
  {
    protocol: 'dispatch-and-settle',
    rule: 'a write of a task asks for the revision that was read, and for events that are not there',
    planted: { without: [{ condition: 'task' }, { condition: 'event' }] },
    processes: 2,
    faults: 1,
    finding: 'events of a task have no gaps',
  },
  {
    protocol: 'park-and-wake',
    rule: 'who has parked reads again what he waits for',
    planted: lies(
      /^dispatch b/,
      'findTasks',
      afterwards(() => [null]),
    ),
    processes: 2,
    faults: 0,
    alone: true,
    finding: 'progress',
  },
  {
    protocol: 'park-and-wake',
    rule: 'who settles wakes those who watch',
    planted: lies(/./, 'listWatches', () => []),
    processes: 1,
    faults: 0,
    alone: true,
    finding: 'progress',
  },
  {
    protocol: 'places',
    rule: 'a write of a limit asks for the revision that was read',
    planted: { without: [{ condition: 'limit max_parallel' }] },
    processes: 2,
    faults: 0,
    finding: 'no more work at once than there are places',
  },
  {
    protocol: 'places',
    rule: 'who has queued looks for a place again',
    planted: lies(/^dispatch/, 'findLimit', afterwards(heldByTheOther)),
    processes: 2,
    faults: 0,
    alone: true,
    finding: 'progress',
  },
  {
    protocol: 'places',
    rule: 'who gives a place back wakes the next',
    planted: lies(/^(answer|repeat)/, 'listParked', () => []),
    processes: 1,
    faults: 0,
    alone: true,
    finding: 'progress',
  },
  {
    protocol: 'stop-against-dispatch',
    rule: 'who has written an intent reads the execution again',
    planted: lies(
      /^dispatch/,
      'findExecution',
      afterwards((_operation, _call, heard) => heard[0]?.value),
    ),
    processes: 2,
    faults: 0,
    finding: 'no agent works on that was told nothing',
  },
  {
    protocol: 'stop-against-dispatch',
    rule: 'who has written a stop reads the intents',
    planted: lies(/^(cancel|repeat)/, 'listTasks', () => []),
    processes: 1,
    faults: 0,
    finding: 'no agent works on that was told nothing',
  },
  {
    protocol: 'stop-against-dispatch',
    rule: 'a write of an execution asks for the revision that was read, and for events that are not there',
    planted: { without: [{ condition: 'execution' }, { condition: 'event' }] },
    processes: 2,
    faults: 0,
    finding: 'events of an execution have no gaps',
  },
];
