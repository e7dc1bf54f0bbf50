import { Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { StageProps } from '../stages.ts';
import type { DataKey } from './data-key.ts';
import type { SkeinFunction } from './skein-function.ts';

/** What handles of agents are signed with. Made at deploy; nobody reads it but the functions of the engine. */
export class HandleSecret extends Construct {
  private readonly secret: Secret;
  private readonly key: DataKey | undefined;

  constructor(scope: Construct, id: string, { stage, key }: { stage: StageProps; key: DataKey | undefined }) {
    super(scope, id);
    this.key = key;
    this.secret = new Secret(this, 'Secret', {
      description: `Signs the handles that agents of Skein's stage ${stage.name} answer with.`,
      // 64 letters and digits are 381 bits: more than the 256 of the signature's hash.
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: stage.removal,
      ...(key && { encryptionKey: key.key }),
    });
    Validations.of(this.secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'A new secret would make every handle that agents still hold worthless; handles end with their attempt.',
    });
  }

  letRead(fn: SkeinFunction): void {
    fn.addEnvironment('SKEIN_HANDLE_SECRET_ARN', this.secret.secretArn);
    fn.allow(['secretsmanager:GetSecretValue'], [this.secret.secretArn]);
    this.key?.letUse(fn);
  }
}
