import { Stack } from 'aws-cdk-lib';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { Applier } from '../constructs/applier.ts';
import type { EngineParts } from '../constructs/engine-rights.ts';
import { FirstKey } from '../constructs/first-key.ts';
import type { SkeinFunction } from '../constructs/skein-function.ts';
import { tell } from '../constructs/stage-facts.ts';
import { TenantRole } from '../constructs/tenant-role.ts';
import type { WorkQueue } from '../constructs/work-queue.ts';

export interface AgentsStackProps extends Pick<EngineParts, 'stage' | 'ledger'> {
  readonly answers: WorkQueue;
}

/** What stacks with agents of their own hold on to: the role that calls them, who registers them, and the facts that they look up. */
export class AgentsStack extends Stack {
  readonly tenantRole: TenantRole;
  readonly applier: SkeinFunction;
  readonly deadLetters: IQueue;

  constructor(scope: Construct, id: string, props: AgentsStackProps) {
    const { stage, answers } = props;
    super(scope, id, { env: stage.env, description: 'Skein: how agents are found and called' });
    this.tenantRole = new TenantRole(this, 'TenantRole', { stage });
    const { handler, deadLetters } = new Applier(this, 'Applier', props);
    this.applier = handler;
    this.deadLetters = deadLetters;
    if (!stage.issuer) new FirstKey(this, 'FirstKey', { stage, applier: handler });
    tell(this, stage, { 'answer-queue-arn': answers.queue.queueArn, 'apply-arn': handler.functionArn });
  }
}
