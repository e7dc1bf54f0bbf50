import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

/** Requests of one address within five minutes (AWS's window): ten a second, kept up. */
const REQUESTS_OF_ADDRESS = 3_000;

/** Holds off single addresses that ask too much, and what AWS knows for attacks. */
export class WebFirewall extends Construct {
  constructor(scope: Construct, id: string, { api }: { api: RestApi }) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: seenAs('all'),
      rules: [
        {
          name: 'rate-of-address',
          priority: 0,
          action: { block: {} },
          statement: { rateBasedStatement: { limit: REQUESTS_OF_ADDRESS, aggregateKeyType: 'IP' } },
          visibilityConfig: seenAs('rate-of-address'),
        },
        {
          name: 'known-bad-inputs',
          priority: 1,
          // The group's rules say what they do; this takes them at their word. The common rule set is left out: it
          // refuses bodies over 8 KB, and definitions are larger.
          overrideAction: { none: {} },
          statement: {
            managedRuleGroupStatement: { vendorName: 'AWS', name: 'AWSManagedRulesKnownBadInputsRuleSet' },
          },
          visibilityConfig: seenAs('known-bad-inputs'),
        },
      ],
    });
    new CfnWebACLAssociation(this, 'Association', {
      resourceArn: api.deploymentStage.stageArn,
      webAclArn: acl.attrArn,
    });
  }
}

function seenAs(metricName: string): CfnWebACL.VisibilityConfigProperty {
  return { metricName, cloudWatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
