import { Stack } from 'aws-cdk-lib';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import { TenantRole } from '../constructs/tenant-role.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';
import { factParameter, type Fact } from '../names.ts';
import type { StageProps } from '../stages.ts';

export interface AgentsStackProps {
  readonly stage: StageProps;
  readonly answers: WorkQueue;
}

/** What stacks with agents of their own hold on to: the role that calls them, and the facts that they look up. */
export class AgentsStack extends Stack {
  readonly tenantRole: TenantRole;

  constructor(scope: Construct, id: string, { stage, answers }: AgentsStackProps) {
    super(scope, id, { env: stage.env, description: 'Skein: how agents are found and called' });
    this.tenantRole = new TenantRole(this, 'TenantRole', { stage });
    this.tell(stage, 'answer-queue-arn', answers.queue.queueArn);
    this.tell(stage, 'tenant-role-arn', this.tenantRole.role.roleArn);
  }

  /** By a parameter that others look up at deploy. */
  private tell(stage: StageProps, fact: Fact, stringValue: string): void {
    new StringParameter(this, `Fact-${fact}`, { parameterName: factParameter(stage.name, fact), stringValue });
  }
}
