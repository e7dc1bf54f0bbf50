import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters.ts';
import { letDrive, type EngineParts } from './engine-rights.ts';
import { SkeinFunction } from './skein-function.ts';

/** Tries of a batch before its records are put aside: what they said is in the table, and the sweeper reads that. */
const ATTEMPTS = 10;

/** The one consumer of the table's stream: AWS allows two readers of a shard, and the second is kept for whoever needs it. */
export class Projection extends Construct {
  readonly handler: SkeinFunction;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, parts: EngineParts) {
    super(scope, id);
    const { stage, ledger } = parts;
    this.deadLetters = new DeadLetters(this, 'DeadLetters', { stage, name: 'projections' });
    this.handler = new SkeinFunction(this, 'Handler', { stage, name: 'project-view' });
    letDrive(this.handler, parts);
    this.handler.addEventSource(
      new DynamoEventSource(ledger.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: 100,
        // Records of one execution stay in order in each of them: a partition key goes to one.
        parallelizationFactor: 4,
        retryAttempts: ATTEMPTS,
        bisectBatchOnError: true,
        reportBatchItemFailures: true,
        onFailure: new SqsDlq(this.deadLetters),
      }),
    );
  }
}
