import { isTerminal, type BusEvent, type ControlRecord, type ExecutionRecord } from '../../core/execution/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';

/** Everything in a ledger: numbers of values, by the keys of their items. Never changed. */
export type LedgerState = ReadonlyMap<string, number>;

const texts = new Map<string, number>();
const values: unknown[] = [];

/** The number of a value; equal values have the same one. */
export function numberOf(value: unknown): number {
  const text = JSON.stringify(value);
  const known = texts.get(text);
  if (known !== undefined) return known;
  const number = values.length;
  texts.set(text, number);
  // As a store gives it back: without members that are undefined.
  values.push(JSON.parse(text) as Json);
  return number;
}

export const valueOf = (number: number): unknown => values[number];

/** What kind of item a write is on, and of which family: `task`, `control pool/slot`. Undefined: it is put or removed without a condition. */
export function conditionOf(write: LedgerWrite): string | undefined {
  switch (write.kind) {
    case 'execution':
    case 'task':
    case 'event':
    case 'bus_event':
      return write.kind;
    case 'limit':
      return `limit ${write.record.limit.split('.').at(-1) === 'max_parallel' ? 'max_parallel' : write.record.limit}`;
    case 'control':
      return `control ${familyOf(write.record.key)}`;
    default:
      return undefined;
  }
}

/** `pool/linters/slot/3` is of the family `pool/slot`, `breaker_window/linter/3` of `breaker_window`. */
function familyOf(key: string): string {
  return key
    .split('/')
    .filter((name, at) => at % 2 === 0 && !/^(\d+|[0-9a-f]{64})$/.test(name))
    .join('/');
}

/** The ledger after a commit; undefined: a condition does not hold. `isBlind`: of writes whose condition nobody looks at. */
export function commitTo(
  state: LedgerState,
  writes: readonly LedgerWrite[],
  isBlind: (write: LedgerWrite) => boolean,
): LedgerState | undefined {
  if (!writes.every((write) => isBlind(write) || holds(state, write))) return undefined;
  const next = new Map(state);
  for (const write of writes) {
    if (write.kind === 'unwatch' || write.kind === 'unpark') next.delete(itemOf(write));
    else next.set(itemOf(write), numberOf(contentOf(write)));
  }
  return next;
}

function holds(state: LedgerState, write: LedgerWrite): boolean {
  switch (write.kind) {
    case 'execution':
    case 'task':
    case 'limit':
    case 'control': {
      const stored = state.get(itemOf(write));
      const revision = stored === undefined ? 0 : (valueOf(stored) as { revision: number }).revision;
      return revision === write.record.revision - 1;
    }
    case 'event':
    case 'bus_event':
      return !state.has(itemOf(write));
    default:
      return true;
  }
}

export function itemOf(write: LedgerWrite): string {
  switch (write.kind) {
    case 'execution':
      return `execution ${write.record.id}`;
    case 'task':
      return `task ${write.record.execution} ${write.record.path}`;
    case 'limit':
      return `limit ${write.record.execution} ${write.record.limit}`;
    case 'control':
      return `control ${write.record.key}`;
    case 'event':
      return `event ${write.event.execution} ${write.event.path}#${write.event.n}`;
    case 'bus_event':
      return `bus_event ${write.event.id}`;
    case 'watch':
    case 'unwatch':
      return `watch ${write.watch.execution} ${write.watch.producer} ${write.watch.consumer}`;
    case 'park':
    case 'unpark':
      return `parked ${write.entry.key} ${String(write.entry.arrival).padStart(15, '0')} ${write.entry.path} ${write.entry.execution}`;
  }
}

function contentOf(write: Exclude<LedgerWrite, { kind: 'unwatch' | 'unpark' }>): unknown {
  if ('record' in write) return write.record;
  if ('event' in write) return write.event;
  return write.kind === 'watch' ? write.watch : write.entry;
}

/** What a read of the ledger answers. */
export function readFrom(state: LedgerState, method: string, args: readonly unknown[]): unknown {
  const one = (key: string): unknown => {
    const number = state.get(key);
    return number === undefined ? undefined : valueOf(number);
  };
  const all = (prefix: string): unknown[] =>
    [...state.keys()]
      .filter((key) => key.startsWith(prefix))
      .sort()
      .map((key) => one(key));
  const [first, second] = args.map(String);
  switch (method) {
    case 'findExecution':
      return one(`execution ${first}`);
    case 'findTask':
      return one(`task ${first} ${second}`);
    case 'findTasks':
      return (args[1] as readonly string[]).map((path) => one(`task ${first} ${path}`));
    case 'listTasks':
      return all(`task ${first} `);
    case 'findLimit':
      return one(`limit ${first} ${second}`);
    case 'findControl':
      return one(`control ${first}`);
    case 'listControls':
      return all(`control ${first}/`).filter(
        (it) => !(it as ControlRecord).key.slice(String(first).length + 1).includes('/'),
      );
    case 'listWatches':
      return all(`watch ${first} ${second} `);
    case 'listParked':
      return all(`parked ${first} `).slice(0, Number(args[1]));
    case 'listEvents':
      return all(`event ${first} `);
    case 'listBusEvents':
      return all('bus_event ').filter((it) => (it as BusEvent).type === first);
    case 'listOpenExecutions':
      return all('execution ').flatMap((it) => {
        const { id, status } = it as ExecutionRecord;
        return isTerminal(status) ? [] : [id];
      });
    default:
      throw new Error(`the ledger of models has no ${method}`);
  }
}

/** Every item of a kind. */
export function itemsOf(state: LedgerState, kind: string): readonly unknown[] {
  return [...state].flatMap(([key, number]) => (key.startsWith(`${kind} `) ? [valueOf(number)] : []));
}
