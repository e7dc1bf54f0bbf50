import { isTerminal, type ExecutionRecord } from '../../core/execution/index.ts';
import type { LedgerWrite } from '../../core/ports/index.ts';
import { conditions, type Condition } from './dynamo-conditions.ts';
import type { Action, Item } from './dynamo-table.ts';
import type { Key, Keys } from './keys.ts';

/** Stands as long as the execution does. */
export type OpenExecution = Pick<ExecutionRecord, 'id' | 'startedAt'>;

/** Where items go, and for how long. */
export interface Shelving {
  readonly keys: Keys;
  /** How long events of the coordination bus are kept. */
  readonly eventHours: number;
}

const SECONDS_OF_AN_HOUR = 3_600;

/**
 * What one write does to the table. Each item has its kind, and its record as JSON text: DynamoDB's own numbers and maps hold
 * fewer digits and levels than JSON. Where reads need a second item, it is written in the same transaction.
 */
export function actionsOf({ keys, eventHours }: Shelving, write: LedgerWrite): readonly Action[] {
  switch (write.kind) {
    case 'execution': {
      const { id, startedAt, status } = write.record;
      const stands = keys.open(id);
      const listed: Action = isTerminal(status)
        ? { kind: 'remove', key: stands }
        : put({ key: stands, kind: 'open', record: { id, startedAt } satisfies OpenExecution });
      return [putRevised(keys.execution(id), write), listed];
    }
    case 'task':
      return [putRevised(keys.task(write.record.execution, write.record.path), write)];
    case 'limit':
      return [putRevised(keys.limit(write.record.execution, write.record.limit), write)];
    case 'control':
      return [putRevised(keys.control(write.record.key), write, write.record.uselessFrom)];
    case 'event':
      return [put({ key: keys.event(write.event), kind: 'event', record: write.event, condition: conditions.isNew() })];
    case 'bus_event': {
      const { id, time } = write.event;
      const expiresAt = Math.ceil(time / 1_000) + eventHours * SECONDS_OF_AN_HOUR;
      const known = { key: keys.busEventId(id), kind: 'bus_event_id', record: { id }, condition: conditions.isNew() };
      const listed = { key: keys.busEvent(write.event), kind: 'bus_event', record: write.event };
      return [put({ ...known, expiresAt }), put({ ...listed, expiresAt })];
    }
    case 'watch':
      return [put({ key: keys.watch(write.watch), kind: 'watch', record: write.watch })];
    case 'unwatch':
      return [{ kind: 'remove', key: keys.watch(write.watch) }];
    case 'park':
      return [put({ key: keys.parked(write.entry), kind: 'parked', record: write.entry })];
    case 'unpark':
      return [{ kind: 'remove', key: keys.parked(write.entry) }];
  }
}

interface NewItem {
  readonly key: Key;
  readonly kind: string;
  readonly record: object;
  readonly condition?: Condition;
  /** Epoch seconds: some time after it, DynamoDB takes the item away. */
  readonly expiresAt?: number;
}

function put({ key, kind, record, condition, expiresAt }: NewItem): Action {
  const item: Item = { ...key, kind, record: JSON.stringify(record), ...(expiresAt !== undefined && { expiresAt }) };
  return { kind: 'put', item, ...(condition && { condition }) };
}

/** `uselessFrom`: epoch milliseconds; some time after it, DynamoDB takes the item away. */
function putRevised(
  key: Key,
  { kind, record }: LedgerWrite & { record: { revision: number } },
  uselessFrom?: number,
): Action {
  const { revision } = record;
  const expiresAt = uselessFrom === undefined ? {} : { expiresAt: Math.ceil(uselessFrom / 1_000) };
  const item: Item = { ...key, kind, revision, record: JSON.stringify(record), ...expiresAt };
  return { kind: 'put', item, condition: revision === 1 ? conditions.isNew() : conditions.isNext(revision) };
}
