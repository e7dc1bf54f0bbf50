import { Duration, Validations } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageProps } from '../stages.ts';

/** The longest that SQS keeps a message; somebody has to come back from holidays. */
export const RETENTION = Duration.days(14);

export interface DeadLettersProps {
  readonly stage: StageProps;
  /** Whose: `timers`. */
  readonly name: string;
  /** As the queue that it stands beside. */
  readonly isPaced?: boolean;
}

/** Where messages end that could not be dealt with. The alarm is on its not being empty; a runbook says what then. */
export class DeadLetters extends Queue {
  constructor(scope: Construct, id: string, { stage, name, isPaced = false }: DeadLettersProps) {
    super(scope, id, {
      queueName: queueName(stage, `${name}-dead`, isPaced),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: RETENTION,
      ...(isPaced && { fifo: true }),
    });
    Validations.of(this).acknowledge({ id: 'AwsSolutions-SQS3', reason: 'It is the dead-letter queue itself.' });
  }
}

/** SQS wants the names of FIFO queues to end so. */
export function queueName({ name: stage }: StageProps, name: string, isPaced: boolean): string {
  return `${physicalName(stage, name)}${isPaced ? '.fifo' : ''}`;
}
