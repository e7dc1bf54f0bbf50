import * as z from 'zod';
import { readStreamRecord, type StreamChange } from '../../adapters/aws/index.ts';
import type { Report } from '../report.ts';
import type { ChangeGroup } from './project-changes.ts';

/** As far as we read a batch of the stream; the rest of a record is the adapter's. */
export const streamEvent = z.object({
  Records: z.array(z.looseObject({ dynamodb: z.looseObject({ SequenceNumber: z.string() }) })),
});

type StreamRecord = z.infer<typeof streamEvent>['Records'][number];

/** Records that failed: Lambda repeats the batch from the first of them on. */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

interface Group extends ChangeGroup {
  readonly changes: StreamChange[];
  readonly sequenceNumbers: string[];
}

/** Takes a batch, by executions: they have nothing to do with one another, and one that fails keeps no other up. */
export async function takeBatch(
  records: readonly StreamRecord[],
  project: (group: ChangeGroup) => Promise<void>,
  report: Report,
): Promise<BatchAnswer> {
  const failures = await Promise.all(
    groupsOf(records).map(async (group) => {
      try {
        await project(group);
        return [];
      } catch (error) {
        const { tenant, execution } = group;
        report.error('a projection failed', error, { tenant, ...(execution && { execution }) });
        return group.sequenceNumbers;
      }
    }),
  );
  return { batchItemFailures: failures.flat().map((itemIdentifier) => ({ itemIdentifier })) };
}

function groupsOf(records: readonly StreamRecord[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const record of records) {
    const change = readStreamRecord(record);
    if (!change) continue;
    const execution = 'execution' in change ? { execution: change.execution } : {};
    const key = JSON.stringify([change.tenant, execution]);
    const group = groups.get(key) ?? { tenant: change.tenant, ...execution, changes: [], sequenceNumbers: [] };
    group.changes.push(change);
    group.sequenceNumbers.push(record.dynamodb.SequenceNumber);
    groups.set(key, group);
  }
  return [...groups.values()];
}
