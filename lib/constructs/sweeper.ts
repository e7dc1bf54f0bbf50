import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { machineArns } from '../names.ts';
import { letDrive, type EngineParts } from './engine-rights.ts';
import { SkeinFunction } from './skein-function.ts';
import type { WorkQueue } from './work-queue.ts';

export interface SweeperProps extends EngineParts {
  /** Machines that ended by themselves. */
  readonly endings: WorkQueue;
  readonly machines: WorkQueue;
}

/** Finds what was lost: at fixed times by looking, at once where Step Functions tells that a machine has ended. */
export class Sweeper extends Construct {
  readonly handler: SkeinFunction;

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
    new Rule(this, 'Schedule', {
      description: `Skein's stage ${stage.name}: looks for what was lost.`,
      schedule: Schedule.rate(stage.sweepEvery),
      // A sweep that fails is made up for by the next one: no retries, no queue.
      targets: [new LambdaFunction(this.handler, { retryAttempts: 0 })],
    });
  }
}
