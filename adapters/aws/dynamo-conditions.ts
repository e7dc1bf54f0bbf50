import type { NativeAttributeValue } from '@aws-sdk/lib-dynamodb';

/** What must hold of the stored item, or the write is refused. */
export interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues?: Readonly<Record<string, NativeAttributeValue>>;
}

/** Every condition of every store. test/deploy/stores/conditions.test.ts shows for each what happens without it. */
export const conditions = {
  isNew: (): Condition => ({ ConditionExpression: 'attribute_not_exists(pk)' }),
  /** The stored revision is the one that the writer has seen. */
  isNext: (revision: number): Condition => ({
    ConditionExpression: 'revision = :seen',
    ExpressionAttributeValues: { ':seen': revision - 1 },
  }),
  /** The stored view, if any, has folded no more events. */
  isNotOlder: (events: number): Condition => ({
    ConditionExpression: 'attribute_not_exists(pk) OR folded <= :folded',
    ExpressionAttributeValues: { ':folded': events },
  }),
  /** Nobody has the key, or has had it until now (epoch milliseconds). */
  isFree: (now: number): Condition => ({
    ConditionExpression: 'attribute_not_exists(pk) OR freeAt <= :now',
    ExpressionAttributeValues: { ':now': now },
  }),
  /** The stored request has this id. */
  isOwn: (id: string): Condition => ({
    ConditionExpression: 'requestId = :id',
    ExpressionAttributeValues: { ':id': id },
  }),
} as const;
