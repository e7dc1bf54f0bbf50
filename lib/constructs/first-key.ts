import { CfnOutput, CustomResource, Duration, Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { defaultTenant } from '../names.ts';
import type { StageProps } from '../stages.ts';
import type { SkeinFunction } from './skein-function.ts';

export interface FirstKeyProps {
  readonly stage: StageProps;
  /** Makes it, and leaves its text in the secret. */
  readonly applier: SkeinFunction;
}

/**
 * A key for whoever may read the secret, of a stage that takes nobody's tokens: without it the API could never be entered. It may
 * do everything for the default tenant, make other keys as well; it goes with its stack, or when the stage gets an issuer.
 */
export class FirstKey extends Construct {
  constructor(scope: Construct, id: string, { stage, applier }: FirstKeyProps) {
    super(scope, id);
    const secret = new Secret(this, 'Secret', {
      description: `An API key of Skein's stage ${stage.name} that may do everything.`,
      removalPolicy: stage.removal,
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'It is for the first hour: `POST /api/v1/api-keys` makes keys that expire, an issuer makes it needless.',
    });
    applier.allow(['secretsmanager:PutSecretValue'], [secret.secretArn]);
    const key = new CustomResource(this, 'Key', {
      resourceType: 'Custom::SkeinApiKey',
      serviceToken: applier.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties: { Tenant: defaultTenant, KeyId: 'key_first', SecretArn: secret.secretArn, Scopes: ['admin'] },
    });
    if (applier.role) key.node.addDependency(applier.role);
    const where = new CfnOutput(this, 'Where', {
      value: secret.secretArn,
      description: 'The secret with the first key.',
    });
    // Guides and scripts ask for it by this name.
    where.overrideLogicalId('FirstKey');
  }
}
