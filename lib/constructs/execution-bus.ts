import { Aws } from 'aws-cdk-lib';
import { Archive, CfnEventBusPolicy, EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { physicalName } from '../names.ts';
import type { StageProps } from '../stages.ts';
import type { SkeinFunction } from './skein-function.ts';

/** Every event of every execution, for whoever wants to listen. Nothing in the engine depends on its delivery. */
export class ExecutionBus extends Construct {
  readonly bus: EventBus;

  constructor(scope: Construct, id: string, { stage }: { stage: StageProps }) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { eventBusName: physicalName(stage.name, 'events') });
    // Not `addToResourcePolicy`, which writes a member that CloudFormation has deprecated.
    new CfnEventBusPolicy(this, 'Policy', {
      eventBusName: this.bus.eventBusName,
      statementId: 'OnlyThisAccount',
      statement: onlyThisAccount(this.bus).toStatementJson() as object,
    });
    if (stage.archive) {
      new Archive(this, 'Archive', {
        sourceEventBus: this.bus,
        // Everything on this bus; an archive without a pattern cannot be said in CDK.
        eventPattern: { account: [Aws.ACCOUNT_ID] },
        retention: stage.archive,
      });
    }
  }

  letPublish(fn: SkeinFunction): void {
    fn.addEnvironment('SKEIN_BUS', this.bus.eventBusName);
    fn.allow(['events:PutEvents'], [this.bus.eventBusArn]);
  }
}

/** Whoever publishes here belongs to the account, whatever policies other accounts write for themselves. */
function onlyThisAccount(bus: EventBus): PolicyStatement {
  return new PolicyStatement({
    sid: 'OnlyThisAccount',
    principals: [new AccountPrincipal(Aws.ACCOUNT_ID)],
    actions: ['events:PutEvents'],
    resources: [bus.eventBusArn],
  });
}
