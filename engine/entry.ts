import { CapacityError, ConflictError } from '../core/errors/index.ts';
import { isTerminal, type ControlRecord } from '../core/execution/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { digestOfText, isJsonObject } from '../core/json/index.ts';
import type { LedgerStore, LedgerWrite } from '../core/ports/index.ts';

/** On what condition an execution may start. */
export interface Entry {
  /** Not while another execution of its workflow goes on. */
  readonly exclusive?: boolean;
  /** Executions of the tenant that may go on at once. Absent: any number. */
  readonly most?: number;
}

/** What entry is decided by. All reads are strong. */
export type EntryLedger = Pick<LedgerStore, 'findControl' | 'findExecution' | 'listControls' | 'listOpenExecutions'>;

export interface Entrant {
  readonly id: ExecutionId;
  readonly workflow: string;
  readonly entry: Entry;
}

/**
 * The writes that let an execution in, to be committed with its record: they hold only if nobody has got the same place since this
 * look. A place is an item with the id of who has it, and is free again once that one has ended, so nobody has to give it back. Only
 * those that ask are bound: what a person starts in the console takes no place, and is seen by who asks after it.
 * Throws ConflictError (`already_executing`) and CapacityError (`no_capacity`).
 */
export async function enter(ledger: EntryLedger, entrant: Entrant): Promise<readonly LedgerWrite[]> {
  const { exclusive = false, most } = entrant.entry;
  return [
    ...(exclusive ? [await takeWorkflow(ledger, entrant)] : []),
    ...(most === undefined ? [] : [await takePlace(ledger, entrant, most)]),
  ];
}

async function takeWorkflow(ledger: EntryLedger, { id, workflow }: Entrant): Promise<LedgerWrite> {
  const key = `exclusive/${workflow}`;
  // Before the look at who goes on: whoever gets in after it has written here.
  const before = await ledger.findControl(key);
  const other = await findOpen(ledger, workflow);
  if (other === undefined) return take(key, before, id);
  throw new ConflictError({
    code: 'already_executing',
    message: `Execution ${other} of ${workflow} goes on.`,
    details: { execution_id: other },
  });
}

/** Records that are read at once. */
const AT_ONCE = 50;

async function findOpen(ledger: EntryLedger, workflow: string): Promise<ExecutionId | undefined> {
  const newest = (await ledger.listOpenExecutions()).toReversed();
  for (let from = 0; from < newest.length; from += AT_ONCE) {
    const records = await Promise.all(newest.slice(from, from + AT_ONCE).map((id) => ledger.findExecution(id)));
    const found = records.find((record) => record?.workflow === workflow && !isTerminal(record.status));
    if (found) return found.id;
  }
  return undefined;
}

const PLACES = 'place';

async function takePlace(ledger: EntryLedger, { id }: Entrant, most: number): Promise<LedgerWrite> {
  // In this order: who has a place that was seen here has begun before the look at who goes on.
  const taken = new Map((await ledger.listControls(PLACES)).map((record) => [record.key, record]));
  const open = new Set<string>(await ledger.listOpenExecutions());
  const free = Array.from({ length: most }, (_, place) => `${PLACES}/${place}`).filter((key) => {
    const holder = holderOf(taken.get(key));
    return holder === undefined || !open.has(holder);
  });
  // By its id, so that those who come at once seldom want the same.
  const key = free[Number.parseInt(digestOfText(id).slice(0, 8), 16) % free.length];
  if (open.size < most && key !== undefined) return take(key, taken.get(key), id);
  throw new CapacityError({
    code: 'no_capacity',
    message: `${open.size} executions go on, and no more than ${most} may.`,
    hint: 'Try again when one of them has ended; GET /workflow-capacity says how many may start.',
  });
}

/** Holds only if nobody has written there since `before` was read. */
function take(key: string, before: ControlRecord | undefined, execution: ExecutionId): LedgerWrite {
  return { kind: 'control', record: { key, value: { execution }, revision: (before?.revision ?? 0) + 1 } };
}

function holderOf(record: ControlRecord | undefined): string | undefined {
  const value = record?.value;
  return isJsonObject(value) && typeof value['execution'] === 'string' ? value['execution'] : undefined;
}
