import { evaluateTree, ExpressionError } from '../core/expressions/index.ts';
import { InvalidRequestError } from '../core/errors/index.ts';
import {
  turnKey,
  type ControlRecord,
  type ExecutionRecord,
  type ParkedEntry,
  type QueuePlace,
  type Turn,
} from '../core/execution/index.ts';
import { executionId, taskPath, type ExecutionId } from '../core/ids/index.ts';
import { digestOf, digestOfText, isJsonObject, type Json } from '../core/json/index.ts';
import type { Turns } from '../core/plan/index.ts';
import type { LedgerStore, LedgerWrite } from '../core/ports/index.ts';

/** What turns are decided by. All reads are strong. */
export type TurnLedger = Pick<LedgerStore, 'findControl' | 'listControls' | 'listOpenExecutions' | 'listParked'>;

/** An execution that wants to begin. */
export interface TurnTaker {
  readonly id: ExecutionId;
  readonly workflow: string;
  /** When it came, epoch milliseconds. */
  readonly arrival: number;
  readonly turns: Turns;
  readonly key?: TurnKeyValue;
}

export interface TurnKeyValue {
  readonly digest: string;
  /** As JSON text, cut where it is long. */
  readonly shown: string;
}

/** What belongs into the commit of whoever has looked: it holds only if nobody has got the same place since. */
export interface TurnLook {
  readonly writes: readonly LedgerWrite[];
  /** Absent: it has its turn. */
  readonly waits?: QueuePlace & { readonly entry: ParkedEntry };
}

/**
 * Whether it is the execution's turn: first for the value of its key, then, with that, for a place. Both are records with the id of who has
 * them, and free again once that one has ended: so nobody gives them back, and none is lost. Who is first in the queue goes first.
 */
export async function lookForTurn(ledger: TurnLedger, taker: TurnTaker): Promise<TurnLook> {
  const { turns, key } = taker;
  const ofKey = key ? await lookForKey(ledger, taker, key) : { writes: [] };
  if (ofKey.waits || turns.maxExecutions === undefined) return ofKey;
  const ofPlace = await lookForPlace(ledger, taker, turns.maxExecutions);
  return { ...ofPlace, writes: [...ofKey.writes, ...ofPlace.writes] };
}

/** How many are told of those who have the places. */
const MOST_NAMED = 5;
/** A position beyond this is not counted out. */
const FAR_BEHIND = 1000;
/** Records of a workflow that hold who has which value: few enough to be read at once, enough that starts seldom meet at one. */
const KEY_RECORDS = 64;

async function lookForKey(ledger: TurnLedger, taker: TurnTaker, key: TurnKeyValue): Promise<TurnLook> {
  const { id, workflow } = taker;
  const at = shelfOf(workflow, key);
  const entry = entryOf(taker, turnKey(workflow, key.digest));
  // In this order: who holds what was seen here has begun before the look at who goes on.
  const [isFirst, record] = await Promise.all([isNext(ledger, entry), ledger.findControl(at)]);
  const open = new Set<string>(await ledger.listOpenExecutions());
  const all = Object.entries(isJsonObject(record?.value) ? record.value : {});
  const held = all.filter(([, who]) => typeof who === 'string' && open.has(who));
  const known = holderOf(record, key);
  const holder = known !== undefined && open.has(known) ? known : undefined;
  if (holder === id) return { writes: [] };
  if (isFirst && holder === undefined)
    return { writes: [put(at, record, { ...Object.fromEntries(held), [key.digest]: id })] };
  const holders = holder === undefined ? [] : [executionId(holder)];
  const place = { limit: 'key', size: 1, value: key.shown, holders } as const;
  return { writes: [], waits: { ...place, position: await positionOf(ledger, entry), entry } };
}

async function lookForPlace(ledger: TurnLedger, taker: TurnTaker, most: number): Promise<TurnLook> {
  const { id, workflow } = taker;
  const folder = placesOf(workflow);
  const entry = entryOf(taker, turnKey(workflow));
  const [isFirst, places] = await Promise.all([isNext(ledger, entry), ledger.listControls(folder)]);
  const open = new Set<string>(await ledger.listOpenExecutions());
  const records = new Map(places.map((record) => [record.key, record]));
  const isTaken = (at: string): boolean => openHolders([records.get(at)], open).length > 0;
  const holders = openHolders(places, open);
  if (holders.includes(id)) return { writes: [] };
  const free = Array.from({ length: most }, (_, place) => `${folder}/${place}`).filter((at) => !isTaken(at));
  // By its id, so that those who come at once seldom want the same.
  const chosen = free[Number.parseInt(digestOfText(id).slice(0, 8), 16) % free.length];
  // Versions may allow different numbers: the workflow's executions are counted, whoever has let them in.
  if (isFirst && chosen !== undefined && holders.length < most)
    return { writes: [put(chosen, records.get(chosen), id)] };
  const named = holders.slice(0, MOST_NAMED).map(executionId);
  const place = { limit: 'max_executions', size: most, holders: named } as const;
  return { writes: [], waits: { ...place, position: await positionOf(ledger, entry), entry } };
}

/** Who has what the execution waits for. Undefined: somebody will be let in without any of them ending. */
export async function holdersFor(
  ledger: TurnLedger,
  { id, workflow, turns, key }: TurnTaker,
): Promise<readonly ExecutionId[] | undefined> {
  const open = new Set<string>(await ledger.listOpenExecutions());
  const holder = key && holderOf(await ledger.findControl(shelfOf(workflow, key)), key);
  if (holder !== undefined && holder !== id && open.has(holder)) return [executionId(holder)];
  if (turns.maxExecutions === undefined || (key && holder !== id)) return undefined;
  const places = await ledger.listControls(placesOf(workflow));
  const holders = openHolders(places, open);
  return holders.length < turns.maxExecutions ? undefined : holders.map(executionId);
}

function shelfOf(workflow: string, { digest }: TurnKeyValue): string {
  return `executions/${workflow}/key/${Number.parseInt(digest.slice(0, 8), 16) % KEY_RECORDS}`;
}

function placesOf(workflow: string): string {
  return `executions/${workflow}/place`;
}

/** Of places, those who have them and have not ended. */
function openHolders(places: readonly (ControlRecord | undefined)[], open: ReadonlySet<string>): readonly string[] {
  const holders = places.map((record) => record?.value);
  return holders.filter((holder) => typeof holder === 'string').filter((holder) => open.has(holder));
}

function holderOf(record: ControlRecord | undefined, { digest }: TurnKeyValue): string | undefined {
  const holder = isJsonObject(record?.value) ? record.value[digest] : undefined;
  return typeof holder === 'string' ? holder : undefined;
}

function entryOf({ id, arrival }: TurnTaker, key: string): ParkedEntry {
  return { key, execution: id, path: taskPath(''), arrival };
}

/** Nobody stands before it. Who ends, or begins, leaves the queue in the same commit. */
async function isNext(ledger: TurnLedger, entry: ParkedEntry): Promise<boolean> {
  const [first] = await ledger.listParked(entry.key, 1);
  return first === undefined || !isBefore(first, entry);
}

async function positionOf(ledger: TurnLedger, entry: ParkedEntry): Promise<number> {
  const queue = await ledger.listParked(entry.key, FAR_BEHIND);
  return queue.filter((other) => isBefore(other, entry)).length + 1;
}

function isBefore(a: ParkedEntry, b: ParkedEntry): boolean {
  return a.arrival < b.arrival || (a.arrival === b.arrival && a.execution < b.execution);
}

/** Holds only if nobody has written there since `before` was read. */
function put(key: string, before: ControlRecord | undefined, value: Json): LedgerWrite {
  return { kind: 'control', record: { key, value, revision: (before?.revision ?? 0) + 1 } };
}

const MOST_SHOWN = 200;

/** The value of a workflow's key for an input. Throws InvalidRequestError (`key_invalid`) when it has none. */
export function turnKeyOf(
  { key }: Turns,
  input: Json,
  { id, workflow, version, startedAt }: Pick<ExecutionRecord, 'id' | 'workflow' | 'version' | 'startedAt'>,
): TurnKeyValue | undefined {
  if (key === undefined) return undefined;
  const execution = { id, name: id, started_at: new Date(startedAt).toISOString() };
  try {
    const value = evaluateTree(key, { input, tasks: {}, execution, workflow: { name: workflow, version } });
    const text = JSON.stringify(value);
    const shown = text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
    return { digest: digestOf(value).slice(0, 32), shown };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new InvalidRequestError({
      code: 'key_invalid',
      message: `\`workflow.concurrency.key\` has no value for this input: ${error.message}`,
      hint: 'Give the input what the key reads, or make the key reckon with its absence.',
      details: { place: 'workflow.concurrency.key' },
    });
  }
}

/** Where a queued execution stands now. Undefined: it is not queued. */
export async function findStanding(
  ledger: TurnLedger,
  record: ExecutionRecord,
  { turns }: { readonly turns?: Turns },
): Promise<Pick<QueuePlace, 'position' | 'holders'> | undefined> {
  const entry = record.status === 'queued' ? record.turn?.queued?.entry : undefined;
  if (!entry || !turns) return undefined;
  const holders = await holdersFor(ledger, takerOf(record, turns));
  return { position: await positionOf(ledger, entry), holders: holders ?? [] };
}

/** The taker that a record speaks of. */
export function takerOf({ id, workflow, startedAt, turn }: ExecutionRecord, turns: Turns): TurnTaker {
  const { key: digest, queued } = turn ?? {};
  const arrival = queued?.entry.arrival ?? startedAt;
  return { id, workflow, arrival, turns, ...(digest !== undefined && { key: { digest, shown: queued?.value ?? '' } }) };
}

/** The queues of which somebody may be next when this execution has ended. */
export function queuesBehind({ workflow, turn }: { workflow: string; turn?: Turn }): readonly string[] {
  if (!turn) return [];
  return [...(turn.key === undefined ? [] : [turnKey(workflow, turn.key)]), turnKey(workflow)];
}
