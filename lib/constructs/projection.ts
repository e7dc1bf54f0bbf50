import { StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import { DeadLetters } from './dead-letters.ts';
import { letDrive, type EngineParts } from './engine-rights.ts';
import type { ExecutionBus } from './execution-bus.ts';
import { SkeinFunction } from './skein-function.ts';
import type { WorkQueue } from './work-queue.ts';

/** Tries of a batch before its records are put aside: what they said is in the table, and the sweeper reads that. */
const ATTEMPTS = 10;

export interface ProjectionProps extends EngineParts {
  readonly bus: ExecutionBus;
  readonly machines: WorkQueue;
}

/** The one consumer of the table's stream: AWS allows two readers of a shard, and the second is kept for whoever needs it. */
export class Projection extends Construct {
  readonly handler: SkeinFunction;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, props: ProjectionProps) {
    super(scope, id);
    const { stage, ledger, artifacts, bus, machines } = props;
    this.deadLetters = new DeadLetters(this, 'DeadLetters', { stage, name: 'projections' });
    this.handler = new SkeinFunction(this, 'Handler', { stage, name: 'project-view' });
    letDrive(this.handler, props);
    artifacts.letRemoveViews(this.handler);
    bus.letPublish(this.handler);
    // A version that is published needs machines, whoever published it.
    machines.letSend(this.handler, 'SKEIN_MACHINE_QUEUE_URL');
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
