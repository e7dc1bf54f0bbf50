import { ArnFormat, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { engineRolePath, tenantRolePath, tenantTag } from '../names.ts';
import type { StageProps } from '../stages.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import type { SkeinFunction } from './skein-function.ts';

/**
 * The role under which agents are called. A session of it carries a tenant as its tag, and reaches only functions with the
 * same tag: the engine's own roles reach no agent at all, so a mistake in its code cannot call a stranger's.
 */
export class TenantRole extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { stage }: { stage: StageProps }) {
    super(scope, id);
    const tenantOfRequest = `aws:RequestTag/${tenantTag}`;
    this.role = new Role(this, 'Role', {
      description: 'Calls the agents of the tenant that its session is tagged with.',
      path: tenantRolePath,
      assumedBy: new AccountPrincipal(Stack.of(this).account).withConditions({
        ArnLike: { 'aws:PrincipalArn': engineRoles(this, stage) },
        // No session without a tenant …
        StringLike: { [tenantOfRequest]: '?*' },
      }),
    });
    this.role.assumeRolePolicy?.addStatements(
      new PolicyStatement({
        actions: ['sts:TagSession'],
        principals: [new AccountPrincipal(Stack.of(this).account)],
        conditions: {
          ArnLike: { 'aws:PrincipalArn': engineRoles(this, stage) },
          StringLike: { [tenantOfRequest]: '?*' },
          // … and no tag that says anything else.
          'ForAllValues:StringEquals': { 'aws:TagKeys': [tenantTag] },
        },
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [functionsOfAccount(this)],
        // A session without the tag leaves the variable empty, and an empty variable equals nothing.
        conditions: { StringEquals: { [`aws:ResourceTag/${tenantTag}`]: `\${aws:PrincipalTag/${tenantTag}}` } },
      }),
    );
    const why = 'Agents are deployed by others under names of their own: the tag of their tenant decides.';
    acknowledgeWildcards(this.role, [functionsOfAccount(this)], why);
  }

  /** To call agents, for one tenant at a time. */
  letAssume(fn: SkeinFunction): void {
    fn.addEnvironment('SKEIN_TENANT_ROLE_ARN', this.role.roleArn);
    fn.allow(['sts:AssumeRole', 'sts:TagSession'], [this.role.roleArn]);
  }
}

function engineRoles(scope: Construct, { name }: StageProps): string {
  const resourceName = `${engineRolePath(name).slice(1)}*`;
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
}

function functionsOfAccount(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: '*',
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}
