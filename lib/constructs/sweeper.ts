import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { machineArns } from '../names.ts';
import { DeadLetters } from './dead-letters.ts';
import { letDrive, type EngineParts } from './engine-rights.ts';
import { SkeinFunction } from './skein-function.ts';
import type { WorkQueue } from './work-queue.ts';

export interface SweeperProps extends EngineParts {
  /** Machines that ended by themselves. */
  readonly endings: WorkQueue;
  readonly machines: WorkQueue;
  /** Of everything, by what was in them: what they hold becomes incidents. */
  readonly deadLetters: ReadonlyMap<string, IQueue>;
}

/** Finds what was lost: at fixed times by looking, at once where Step Functions tells that a machine has ended. */
export class Sweeper extends Construct {
  readonly handler: SkeinFunction;
  /** Sweeps that could not be begun, or have failed. */
  readonly missed: DeadLetters;

  constructor(scope: Construct, id: string, props: SweeperProps) {
    super(scope, id);
    const { stage, endings, machines } = props;
    this.handler = new SkeinFunction(this, 'Handler', { stage, name: 'sweep' });
    letDrive(this.handler, props);
    const { machines: arns } = machineArns(this, stage.name);
    const why = 'Machines are made at run time; their names begin with that of the stage.';
    this.handler.allow(['states:ListExecutions'], [arns], why);
    machines.letSend(this.handler, 'SKEIN_MACHINE_QUEUE_URL');
    endings.feed(this.handler);
    this.missed = new DeadLetters(this, 'Missed', { stage, name: 'sweeps' });
    this.letRecord(new Map([...props.deadLetters, ['sweeps', this.missed]]));
    // A sweep that fails is made up for by the next one: no retries, but somebody is told.
    this.handler.configureAsyncInvoke({ retryAttempts: 0, onFailure: new SqsDestination(this.missed) });
    new Rule(this, 'Schedule', {
      description: `Skein's stage ${stage.name}: looks for what was lost.`,
      schedule: Schedule.rate(stage.sweepEvery),
      targets: [new LambdaFunction(this.handler, { retryAttempts: 0, deadLetterQueue: this.missed })],
    });
  }

  /** Dead letters are looked for with each sweep: a function that waited for them would cost more than all of them. */
  private letRecord(queues: ReadonlyMap<string, IQueue>): void {
    const urls = [...queues].map(([name, { queueUrl }]) => `${name}=${queueUrl}`);
    this.handler.addEnvironment('SKEIN_DEAD_LETTER_QUEUES', urls.join(' '));
    const arns = [...queues.values()].map(({ queueArn }) => queueArn);
    this.handler.allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage'], arns);
  }
}
