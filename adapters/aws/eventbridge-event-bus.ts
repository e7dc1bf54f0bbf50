import { PutEventsCommand, type EventBridgeClient, type PutEventsRequestEntry } from '@aws-sdk/client-eventbridge';
import { UnavailableError } from '../../core/errors/index.ts';
import type { Json, JsonObject } from '../../core/json/index.ts';
import { toEngineError } from './sdk-error.ts';

export interface EventBridgeDeps {
  readonly client: Pick<EventBridgeClient, 'send'>;
  /** Name or ARN. */
  readonly bus: string;
}

/** CloudEvents 1.0 with our extensions. `source` and `type` are mirrored, so that rules can ask for them. */
export interface PublishedEvent {
  /** The same for the same event, however often it is published: who listens recognises a repeat by it. */
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** CloudEvents extensions: their names have lower-case letters and digits only. */
  readonly extensions: Readonly<Record<string, string | number>>;
  readonly data: JsonObject;
}

/** Where events go that anybody may listen to. */
export interface PublicBus {
  /** Resolves once the bus has all of them; throws UnavailableError when it has not, and then some may be there all the same. */
  publish(events: readonly PublishedEvent[]): Promise<void>;
}

/** Entries of one request, and bytes of all of them (EventBridge's limits; a single entry may be as large). */
const ENTRIES = 10;
const BYTES = 256 * 1024;
/** An entry's time counts 14 bytes; source, type and detail as they are. */
const TIME_BYTES = 14;
/** Requests for one batch: what was refused is sent again alone. */
const TRIES = 3;

const refusals: ReadonlySet<string> = new Set(['AccessDeniedException', 'ResourceNotFoundException']);

export function createEventBridgeEventBus({ client, bus }: EventBridgeDeps): PublicBus {
  const send = async (entries: readonly PutEventsRequestEntry[]): Promise<readonly PutEventsRequestEntry[]> => {
    try {
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [...entries] }));
      return entries.filter((_, i) => Entries[i]?.ErrorCode !== undefined);
    } catch (error) {
      throw toEngineError(error, { code: 'event_bus', name: `bus ${bus}`, refusals });
    }
  };
  return {
    async publish(events) {
      for (const batch of batchesOf(events.map((event) => entryOf(event, bus)))) {
        let left: readonly PutEventsRequestEntry[] = batch;
        for (let tries = 0; left.length > 0 && tries < TRIES; tries += 1) left = await send(left);
        if (left.length > 0) throw refused(bus, left.length);
      }
    },
  };
}

function entryOf({ id, source, type, subject, time, extensions, data }: PublishedEvent, bus: string) {
  const envelope = { specversion: '1.0', id, source, type, subject, time: new Date(time).toISOString() };
  const entry = { EventBusName: bus, Source: source, DetailType: type, Time: new Date(time) };
  const detailOf = (told: JsonObject) =>
    JSON.stringify({ ...envelope, datacontenttype: 'application/json', ...extensions, data: told });
  // Whoever listens reads the truth where it stands; the event says of what it is, and that there is more to read.
  let told = data;
  for (const [member] of largestFirst(data)) {
    if (bytesOf({ ...entry, Detail: detailOf(told) }) <= BYTES) break;
    told = { ...Object.fromEntries(Object.entries(told).filter(([name]) => name !== member)), truncated: true };
  }
  return { ...entry, Detail: detailOf(told) };
}

function largestFirst(data: JsonObject): readonly (readonly [string, Json])[] {
  const sizes = new Map(Object.entries(data).map(([name, value]) => [name, JSON.stringify(value).length]));
  return Object.entries(data).sort(([a], [b]) => (sizes.get(b) ?? 0) - (sizes.get(a) ?? 0));
}

function batchesOf(entries: readonly PutEventsRequestEntry[]): PutEventsRequestEntry[][] {
  const batches: PutEventsRequestEntry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const last = batches.at(-1);
    const size = bytesOf(entry);
    if (!last || last.length === ENTRIES || bytes + size > BYTES) {
      batches.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return batches;
}

function bytesOf({ Source = '', DetailType = '', Detail = '' }: PutEventsRequestEntry): number {
  return TIME_BYTES + [Source, DetailType, Detail].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function refused(bus: string, count: number): UnavailableError {
  return new UnavailableError({
    code: 'event_bus_unavailable',
    message: `Bus ${bus} has refused ${count} events ${TRIES} times.`,
    hint: 'Publish them again: their ids make the repeat harmless.',
  });
}
