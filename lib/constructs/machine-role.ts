import { Stack } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { functionArn, machineArns, machineRolePath, physicalName } from '../names.ts';
import type { StageName, StageProps } from '../stages.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import type { SkeinFunction } from './skein-function.ts';

/** The functions that a compiled machine calls; agents are called by dispatch, never by a machine. */
const calledByMachines = ['begin', 'dispatch-task', 'conclude'] as const;

/**
 * The role that compiled machines run under, and the boundary that no role of its path may pass: whatever a policy may say
 * one day, a machine calls three functions and starts its own parts.
 */
export class MachineRole extends Construct {
  readonly role: Role;
  private readonly stage: StageProps;

  constructor(scope: Construct, id: string, { stage }: { stage: StageProps }) {
    super(scope, id);
    this.stage = stage;
    const boundary = new ManagedPolicy(this, 'Boundary', {
      managedPolicyName: physicalName(stage.name, 'machine-boundary'),
      description: 'The most that a machine of Skein may ever do.',
      path: machineRolePath,
      statements: this.statements(),
    });
    this.role = new Role(this, 'Role', {
      description: 'What a machine compiled by Skein may do.',
      path: machineRolePath,
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        // Only machines of this stage: nobody borrows the role through a machine of his own (confused deputy).
        conditions: { ArnLike: { 'aws:SourceArn': machineArns(this, stage.name).machines } },
      }),
      permissionsBoundary: boundary,
    });
    for (const statement of this.statements()) this.role.addToPolicy(statement);
    const { machines, executions } = machineArns(this, stage.name);
    const why = 'Machines are made at run time; their names begin with that of the stage.';
    acknowledgeWildcards(this, [machines, executions], why);
  }

  /** To make machines that run under it. No other role can be passed, and to no other service. */
  letPass(fn: SkeinFunction): void {
    fn.addEnvironment('SKEIN_MACHINE_ROLE_ARN', this.role.roleArn);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [this.role.roleArn],
        conditions: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } },
      }),
    );
  }

  private statements(): PolicyStatement[] {
    const { machines, executions } = machineArns(this, this.stage.name);
    const allow = (actions: string[], resources: string[]): PolicyStatement =>
      new PolicyStatement({ effect: Effect.ALLOW, actions, resources });
    return [
      allow(
        ['lambda:InvokeFunction'],
        calledByMachines.map((name) => functionArn(this, this.stage.name, name)),
      ),
      // Parts, which run as machines of their own: `startExecution.sync:2` starts, watches and stops them …
      allow(['states:StartExecution'], [machines]),
      allow(['states:DescribeExecution', 'states:StopExecution'], [executions]),
      // … and hears of their end by a rule that Step Functions keeps in the account, under this name.
      allow(['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], [partRuleArn(this)]),
    ];
  }
}

/** What `link` writes into a machine; no permission goes with it. */
export function nameCalledFunctions(fn: SkeinFunction, stage: StageName): void {
  fn.addEnvironment('SKEIN_BEGIN_ARN', functionArn(fn, stage, 'begin'));
  fn.addEnvironment('SKEIN_DISPATCH_ARN', functionArn(fn, stage, 'dispatch-task'));
  fn.addEnvironment('SKEIN_CONCLUDE_ARN', functionArn(fn, stage, 'conclude'));
}

function partRuleArn(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
  });
}
