import { Key, type IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageProps } from '../stages.ts';
import type { SkeinFunction } from './skein-function.ts';

/** What DynamoDB, S3 and Secrets Manager do with the key in the name of who asks them for data. */
const keyActions = [
  'kms:Decrypt',
  'kms:DescribeKey',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];

/** What tables, buckets and secrets of a stage are encrypted with, where it has a key of its own. */
export class DataKey extends Construct {
  readonly key: IKey;

  constructor(scope: Construct, id: string, { stage }: { stage: StageProps }) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: physicalName(stage.name, 'data'),
      description: `Encrypts what Skein's stage ${stage.name} keeps.`,
      enableKeyRotation: true,
      removalPolicy: stage.removal,
    });
  }

  letUse(fn: SkeinFunction): void {
    fn.allow(keyActions, [this.key.keyArn]);
  }
}
