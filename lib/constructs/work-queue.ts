import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { functionTable, type FunctionName } from '../function-table.ts';
import type { StageProps } from '../stages.ts';
import { DeadLetters, queueName, RETENTION } from './dead-letters.ts';
import type { SkeinFunction } from './skein-function.ts';

export interface WorkQueueProps {
  readonly stage: StageProps;
  /** What is in it: `timers`, `answers`. */
  readonly name: string;
  /** The function that takes from it. */
  readonly consumer: FunctionName;
  /** One message after the other, in the order of their sending. */
  readonly isPaced?: boolean;
}

/** Tries of one message before it is a dead letter: with the visibility below, about half an hour of a dependency's outage. */
const RECEIVES = 5;

/** A queue between two functions, and beside it the one for what could not be dealt with. */
export class WorkQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetters: DeadLetters;

  constructor(scope: Construct, id: string, { stage, name, consumer, isPaced = false }: WorkQueueProps) {
    super(scope, id);
    this.deadLetters = new DeadLetters(this, 'DeadLetters', { stage, name, isPaced });
    this.queue = new Queue(this, 'Queue', {
      queueName: queueName(stage, name, isPaced),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
      ...(isPaced && { fifo: true }),
      // AWS's advice for a Lambda consumer: six times its timeout, so that a throttled batch is not received twice.
      visibilityTimeout: Duration.seconds(functionTable[consumer].timeout.toSeconds() * 6),
      deadLetterQueue: { queue: this.deadLetters, maxReceiveCount: RECEIVES },
    });
  }

  /** Its messages come to this function; each one that fails is tried again by itself. `atOnce`: batches, of different groups. */
  feed(fn: IFunction, batchSize = 10, atOnce?: number): void {
    const most = atOnce === undefined ? {} : { maxConcurrency: atOnce };
    fn.addEventSource(new SqsEventSource(this.queue, { batchSize, reportBatchItemFailures: true, ...most }));
  }

  /** Where it is, under this variable, and the permission to send. */
  letSend(fn: SkeinFunction, variable: QueueVariable): void {
    fn.addEnvironment(variable, this.queue.queueUrl);
    fn.allow(['sqs:SendMessage'], [this.queue.queueArn]);
  }
}

export type QueueVariable =
  'SKEIN_TIMER_QUEUE_URL' | 'SKEIN_ANSWER_QUEUE_URL' | 'SKEIN_MACHINE_QUEUE_URL' | 'SKEIN_ENDING_QUEUE_URL';
