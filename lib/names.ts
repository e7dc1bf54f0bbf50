import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import type { FunctionName } from './function-table.ts';
import type { StageName } from './stages.ts';

/** Roles that machines run under have this path: the compiler may pass these and no others. */
export const machineRolePath = '/skein/machines/';

/** Roles under which agents are called have this path. */
export const tenantRolePath = '/skein/tenants/';

/** Roles of the engine's functions have this path: they alone may assume the role of tenants. */
export function engineRolePath(stage: StageName): string {
  return `/skein/engine/${stage}/`;
}

/** Whose agents, workflows and keys are when nobody says anything else. */
export const defaultTenant = 'default';

/** Agents carry it, and a session that calls one must carry the same: see TenantRole. */
export const tenantTag = 'skein:tenant';

/** `Skein-dev-State`: one name in the app and in the account. */
export function stackName(stage: StageName, stack: string): string {
  return `Skein-${stage}-${stack}`;
}

/** The one place that makes physical names. Two stages never share one. */
export function physicalName(stage: StageName, name: string): string {
  return `skein-${stage}-${name}`;
}

/**
 * The ARN of a function by its name alone. Stacks would go round in circles if they asked each other: machines call
 * functions, functions make machines, and dispatch tells agents where the API is.
 */
export function functionArn(scope: IConstruct, stage: StageName, name: FunctionName): string {
  return Stack.of(scope).formatArn({
    service: 'lambda',
    resource: 'function',
    resourceName: physicalName(stage, name),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** Roles belong to no region, so the region is in the name: a stage may live in two of them. */
export function machineRoleName(scope: IConstruct, stage: StageName): string {
  return `${physicalName(stage, 'machine')}-${Stack.of(scope).region}`;
}

export function machineRoleArn(scope: IConstruct, stage: StageName): string {
  const resourceName = `${machineRolePath.slice(1)}${machineRoleName(scope, stage)}`;
  return Stack.of(scope).formatArn({ service: 'iam', region: '', resource: 'role', resourceName });
}

/** Machines are named `{prefix}{workflow}-{version}-{hash8}`. */
export function machinePrefix(stage: StageName): string {
  return physicalName(stage, '');
}

/** Every machine of a stage, and its executions. */
export function machineArns(scope: IConstruct, stage: StageName): { machines: string; executions: string } {
  const arn = (resource: string, rest: string): string =>
    Stack.of(scope).formatArn({
      service: 'states',
      resource,
      resourceName: `${machinePrefix(stage)}${rest}`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  return { machines: arn('stateMachine', '*'), executions: arn('execution', '*:*') };
}

/** What a stage tells the stacks of agents, by SSM parameters: they are deployed without its templates. */
export const facts = ['answer-queue-arn', 'apply-arn', 'api-url'] as const;
export type Fact = (typeof facts)[number];

export function factParameter(stage: StageName, fact: Fact): string {
  return `/skein/${stage}/${fact}`;
}
