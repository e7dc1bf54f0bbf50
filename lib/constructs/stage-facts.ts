import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { defaultTenant, factParameter, facts, type Fact } from '../names.ts';
import { stageNameOf, type StageName, type StageProps } from '../stages.ts';

/** Where agents and workflows of another app belong. */
export interface HomeProps {
  /** The stage of Skein; default: the context's `stage` (`cdk deploy -c stage=prod`), else `dev`. */
  readonly stage?: StageName;
  /** Whose they are; default: the context's `tenant`, else `default`. Tokens and API keys name the same. */
  readonly tenant?: string;
}

export type Home = Required<HomeProps>;

export function homeOf(scope: Construct, { stage, tenant }: HomeProps): Home {
  const setting = (name: string): string | undefined => {
    const value: unknown = scope.node.tryGetContext(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  return {
    stage: stage ?? stageNameOf(setting('stage') ?? 'dev'),
    tenant: tenant ?? setting('tenant') ?? defaultTenant,
  };
}

/** What a stage's own stacks leave for others. */
export function tell(scope: Construct, { name }: StageProps, told: { readonly [Name in Fact]?: string }): void {
  for (const fact of facts) {
    const stringValue = told[fact];
    if (stringValue === undefined) continue;
    new StringParameter(scope, `Fact-${fact}`, { parameterName: factParameter(name, fact), stringValue });
  }
}

/**
 * A fact of a stage, looked up when the stack is deployed. By a parameter and not by an export: exports would hold the stage's
 * stacks fast, and synth would need them.
 */
export function lookUp(scope: Construct, stage: StageName, fact: Fact): string {
  return StringParameter.valueForStringParameter(scope, factParameter(stage, fact));
}
