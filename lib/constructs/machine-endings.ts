import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { machineArns } from '../names.ts';
import type { StageProps } from '../stages.ts';
import { WorkQueue } from './work-queue.ts';

/**
 * Machines that ended without having said so to the engine: stopped in the console, timed out, broken. Step Functions tells
 * of them on the account's default bus, by best effort only; what it forgets, the sweeper finds.
 */
export class MachineEndings extends Construct {
  readonly queue: WorkQueue;

  constructor(scope: Construct, id: string, { stage }: { stage: StageProps }) {
    super(scope, id);
    this.queue = new WorkQueue(this, 'Queue', { stage, name: 'endings', consumer: 'sweep' });
    new Rule(this, 'Rule', {
      description: `Machines of Skein's stage ${stage.name} that did not succeed.`,
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: {
          status: ['FAILED', 'TIMED_OUT', 'ABORTED'],
          stateMachineArn: [{ wildcard: machineArns(this, stage.name).machines }],
        },
      },
      targets: [new SqsQueue(this.queue.queue, { deadLetterQueue: this.queue.deadLetters })],
    });
  }
}
