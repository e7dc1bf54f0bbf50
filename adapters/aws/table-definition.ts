/**
 * The one table of a deployment, as data: the CDK stack and the tests on DynamoDB Local both make it from this. Every key is a
 * text (`S`), and the tenant comes first in each of them.
 *
 * | item | pk | sk |
 * |---|---|---|
 * | execution | `T#tenant#EX#id` | `META` |
 * | task | `T#tenant#EX#id` | `TASK#path` |
 * | event | `T#tenant#EX#id` | `EV#path#n` |
 * | limit | `T#tenant#EX#id` | `LIMIT#name` |
 * | control record, some with TTL | `T#tenant#CTL#folder` | `name` |
 * | watch | `T#tenant#EX#id` | `WATCH#producer#consumer` |
 * | view | `T#tenant#EX#id` | `VIEW` |
 * | open execution | `T#tenant#OPEN#shard` | `id` |
 * | parked task | `T#tenant#QUEUE#key` | `arrival#path#id` |
 * | bus event, by id, with TTL | `T#tenant#BUSID#id` | `ID` |
 * | bus event, by type, with TTL | `T#tenant#BUS#type` | `time#id` |
 * | workflow version | `T#tenant#WF` | `V#name#version` |
 * | its machines, once they can run | `T#tenant#WF` | `M#name#version` |
 * | agent type | `T#tenant#AG` | `name` |
 * | API key | `T#tenant#KEY` | `id` |
 * | request that may be repeated, with TTL | `T#tenant#IDEM#key` | `REQUEST` |
 *
 * Names, ids and paths are escaped (keys.ts): none of them can forge the `#` between the parts.
 * The indexes serve lists that people look at. They lag, so nothing is decided by them; they hold no records, so that a
 * view that changes without a change of status costs no write there.
 */
export const tableDefinition = {
  partitionKey: 'pk',
  sortKey: 'sk',
  /** Epoch seconds; an item without it stays. */
  timeToLive: 'expiresAt',
  stream: 'NEW_AND_OLD_IMAGES',
  indexes: [
    { name: 'by-start', partitionKey: 'tenantKey', sortKey: 'startedKey', include: [] },
    { name: 'by-status', partitionKey: 'statusKey', sortKey: 'startedKey', include: [] },
    // With the status, so that a list of one workflow by status need not read the views that it leaves out.
    { name: 'by-workflow', partitionKey: 'workflowKey', sortKey: 'startedKey', include: ['status'] },
  ],
} as const satisfies TableDefinition;

export interface TableDefinition {
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly timeToLive: string;
  readonly stream: 'NEW_AND_OLD_IMAGES';
  readonly indexes: readonly TableIndex[];
}

export interface TableIndex {
  readonly name: string;
  readonly partitionKey: string;
  readonly sortKey: string;
  /** Attributes besides the keys. None: the index holds the keys only (`KEYS_ONLY`), else `INCLUDE`. */
  readonly include: readonly string[];
}
