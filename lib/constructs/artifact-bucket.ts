import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageProps } from '../stages.ts';
import type { DataKey } from './data-key.ts';
import type { SkeinFunction } from './skein-function.ts';

/** What is too large for an item: inputs, outputs, compiled machines, checkpoints. Objects are named by their content and never change. */
export class ArtifactBucket extends Construct {
  private readonly name: string;
  private readonly key: DataKey | undefined;

  constructor(scope: Construct, id: string, { stage, key }: { stage: StageProps; key: DataKey | undefined }) {
    super(scope, id);
    // Known before it is there, so that policies of other stacks need not ask for it.
    this.name = `${physicalName(stage.name, 'artifacts')}-${Aws.ACCOUNT_ID}-${Aws.REGION}`;
    this.key = key;
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: this.name,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      encryption: key ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      ...(key && { encryptionKey: key.key, bucketKeyEnabled: true }),
      versioned: stage.removal === RemovalPolicy.RETAIN,
      lifecycleRules: [{ abortIncompleteMultipartUploadAfter: Duration.days(1) }],
      removalPolicy: stage.removal,
      autoDeleteObjects: stage.emptiesBucket,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'A log of access would be a second bucket to pay and to guard; the functions that read here are traced.',
    });
  }

  /** Objects may be read and written. Not deleted: what the ledger names has to stay. */
  letUse(fn: SkeinFunction): void {
    fn.addEnvironment('SKEIN_BUCKET', this.name);
    const objects = `${this.arn}/*`;
    fn.allow(['s3:GetObject', 's3:PutObject'], [objects], 'Objects are named by their content.');
    // Who may not list is told that he may not read what is not there, instead of that it is not there.
    fn.allow(['s3:ListBucket'], [this.arn]);
    this.key?.letUse(fn);
  }

  /** Views that were replaced, which nothing names any more. */
  letRemoveViews(fn: SkeinFunction): void {
    fn.allow(['s3:DeleteObject'], [`${this.arn}/tenants/*/views/*`], 'Each execution has views of its own.');
  }

  private get arn(): string {
    return `arn:${Aws.PARTITION}:s3:::${this.name}`;
  }
}
