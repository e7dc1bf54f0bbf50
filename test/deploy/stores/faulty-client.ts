import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What DynamoDB, or the way to it, does to one try of a request. */
export type Fault =
  /** Refused for being too busy; nothing was done. */
  | 'throttle'
  /** The request never arrived. */
  | 'lost_request'
  /** It was done, and the answer never arrived. */
  | 'lost_answer'
  /** A transaction met another one on an item. DynamoDB Local never says so by itself. */
  | 'conflict'
  /** A transaction was cancelled because an item's partition was too busy. */
  | 'throttled_transaction'
  /** A batch is answered without half of what it asked for. */
  | 'partial_batch';

const onAll: readonly Fault[] = ['throttle', 'lost_request', 'lost_answer'];

/** Which faults a request can meet, by the command's name. */
const faultsOf: Readonly<Record<string, readonly Fault[]>> = {
  TransactWriteItemsCommand: [...onAll, 'conflict', 'throttled_transaction'],
  BatchGetItemCommand: [...onAll, 'partial_batch'],
};

/** Chooses among the faults that the next try can meet; undefined: none. */
export type Choose = (possible: readonly Fault[]) => Fault | undefined;

/** Every try of every request of this client, the SDK's own tries as well, meets what is chosen for it. Answers what it has met. */
export function plantFaults(client: DynamoDBDocumentClient, choose: Choose): readonly Fault[] {
  const met: Fault[] = [];
  /** Requests that were done and not answered: tried again, they are known by their token and not cancelled. */
  const done = new WeakSet<object>();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const possible = done.has(context) ? onAll : (faultsOf[context.commandName ?? ''] ?? onAll);
      const fault = choose(possible);
      if (fault === undefined) return next(args);
      met.push(fault);
      switch (fault) {
        case 'throttle':
          throw named('ThrottlingException');
        case 'lost_request':
          throw named('TimeoutError');
        case 'lost_answer':
          await next(args);
          done.add(context);
          throw named('TimeoutError');
        case 'conflict':
          throw cancelled('TransactionConflict');
        case 'throttled_transaction':
          throw cancelled('ThrottlingError');
        case 'partial_batch': {
          const answer = await next(args);
          leaveOut(answer.output as BatchOutput);
          return answer;
        }
      }
    },
    // Behind the middleware that tries again, so that each try is one of ours.
    { step: 'finalizeRequest', priority: 'low', name: 'plantedFaults' },
  );
  return met;
}

/** Faults by a list of numbers from 0 to 99, taken round and round: one below `percent` is a fault, and says which. */
export function chooseBy(luck: readonly number[], percent: number): Choose {
  let at = 0;
  return (possible) => {
    const number = luck[at++ % luck.length] ?? 99;
    return number < percent ? possible[number % possible.length] : undefined;
  };
}

/** The SDK's way of trying again, without its pauses. */
export function tryAtOnce(attempts: number): NonNullable<DynamoDBClientConfig['retryStrategy']> {
  const token = (count: number) => ({ getRetryCount: () => count, getRetryDelay: () => 0 });
  return {
    acquireInitialRetryToken: async () => token(0),
    refreshRetryTokenForRetry: async (tried, { errorType }) => {
      const isTransient = errorType === 'THROTTLING' || errorType === 'TRANSIENT';
      if (!isTransient || tried.getRetryCount() + 1 >= attempts) throw new Error('no more tries');
      return token(tried.getRetryCount() + 1);
    },
    recordSuccess: () => undefined,
  };
}

function named(name: string, more: object = {}): Error {
  return Object.assign(new Error('as planned'), { name, $fault: 'client', $metadata: {}, ...more });
}

function cancelled(code: string): Error {
  return named('TransactionCanceledException', { CancellationReasons: [{ Code: 'None' }, { Code: code }] });
}

interface BatchOutput {
  Responses?: Record<string, Record<string, unknown>[]>;
  UnprocessedKeys?: Record<string, { Keys: Record<string, unknown>[]; ConsistentRead: boolean }>;
}

function leaveOut(output: BatchOutput): void {
  for (const [table, items] of Object.entries(output.Responses ?? {})) {
    const left = items.splice(0, Math.ceil(items.length / 2));
    const keys = left.map(({ pk, sk }) => ({ pk, sk }));
    if (keys.length > 0) output.UnprocessedKeys = { [table]: { Keys: keys, ConsistentRead: true } };
  }
}
