import { actionsOf } from '../../../adapters/aws/dynamo-ledger-items.ts';
import { createKeys } from '../../../adapters/aws/keys.ts';
import type { LedgerWrite } from '../../../core/ports/index.ts';

/** As the table's stream tells of an item that was written. */
export interface StreamRecord {
  readonly [member: string]: unknown;
  readonly eventName: 'INSERT' | 'REMOVE';
  readonly dynamodb: { readonly [member: string]: unknown; readonly SequenceNumber: string };
}

let sequence = 0;

/** The records that the stream has of a commit of the ledger, made of the very items that the store writes. */
export function streamRecordsOf(tenant: string, writes: readonly LedgerWrite[]): readonly StreamRecord[] {
  const keys = createKeys(tenant);
  return writes
    .flatMap((write) => actionsOf({ keys, eventHours: 1 }, write))
    .map((action) =>
      action.kind === 'put'
        ? streamRecord(action.item)
        : { ...streamRecord({ ...action.key }), eventName: 'REMOVE' as const },
    );
}

/** `item`: with its keys, texts and numbers only. */
export function streamRecord({
  pk,
  sk,
  ...attributes
}: {
  readonly pk: string;
  readonly sk: string;
  readonly [attribute: string]: unknown;
}): StreamRecord {
  sequence += 1;
  const Keys = { pk: { S: pk }, sk: { S: sk } };
  const image = Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? { S: value } : { N: String(value) },
    ]),
  );
  const NewImage = Object.keys(image).length > 0 ? { NewImage: { ...Keys, ...image } } : {};
  return { eventName: 'INSERT', dynamodb: { Keys, ...NewImage, SequenceNumber: String(sequence) } };
}
