import { Stack } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { functionArn, machineArns, machineRoleArn, machineRoleName, machineRolePath, physicalName } from '../names.ts';
import type { StageProps } from '../stages.ts';
import { acknowledgeWildcards } from './acknowledge.ts';
import type { SkeinFunction } from './skein-function.ts';

/** The functions that a compiled machine calls; agents are called by the engine, never by a machine. */
const calledByMachines = ['begin', 'dispatch-task', 'conclude'] as const;

/**
 * The role that compiled machines run under, and the boundary around it: whatever a policy may say one day, a machine calls
 * three functions, starts its own parts, and writes what it did to its log.
 */
export class MachineRole extends Construct {
  private readonly stage: StageProps;
  private readonly log: LogGroup;

  constructor(scope: Construct, id: string, { stage }: { stage: StageProps }) {
    super(scope, id);
    this.stage = stage;
    this.log = new LogGroup(this, 'Log', {
      // Under this prefix AWS needs no policy of its own for each group, of which an account has few.
      logGroupName: `/aws/vendedlogs/states/${physicalName(stage.name, 'machines')}`,
      retention: stage.logRetention,
      removalPolicy: stage.removal,
    });
    const { machines, executions } = machineArns(this, stage.name);
    const boundary = new ManagedPolicy(this, 'Boundary', {
      description: 'The most that a machine of Skein may ever do.',
      path: machineRolePath,
      statements: this.statements(),
    });
    const role = new Role(this, 'Role', {
      roleName: machineRoleName(this, stage.name),
      description: 'What a machine compiled by Skein may do.',
      path: machineRolePath,
      permissionsBoundary: boundary,
      // Nobody borrows it through a machine that is not of this stage.
      assumedBy: new ServicePrincipal('states.amazonaws.com', {
        conditions: { ArnLike: { 'aws:SourceArn': machines } },
      }),
    });
    for (const statement of this.statements()) role.addToPolicy(statement);
    const why = 'Machines are made at run time; their names begin with that of the stage.';
    acknowledgeWildcards(this, [machines, executions], why);
    acknowledgeWildcards(this, ['*'], 'Neither log deliveries nor traces are resources that a policy could name.');
  }

  /** To make machines that run under it. No other role can be passed, and to no other service. */
  letPass(fn: SkeinFunction): void {
    fn.addEnvironment('SKEIN_MACHINE_LOG_GROUP_ARN', this.log.logGroupArn);
    fn.addToRolePolicy(
      new PolicyStatement({
        actions: ['iam:PassRole'],
        resources: [machineRoleArn(fn, this.stage.name)],
        conditions: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } },
      }),
    );
  }

  private statements(): PolicyStatement[] {
    const { machines, executions } = machineArns(this, this.stage.name);
    const allow = (actions: string[], resources: string[]): PolicyStatement =>
      new PolicyStatement({ actions, resources });
    const called = calledByMachines.map((name) => functionArn(this, this.stage.name, name));
    return [
      allow(['lambda:InvokeFunction'], called),
      // Parts, which run as machines of their own: `startExecution.sync:2` starts, watches and stops them …
      allow(['states:StartExecution'], [machines]),
      allow(['states:DescribeExecution', 'states:StopExecution'], [executions]),
      // … and hears of their end by a rule that Step Functions keeps in the account, under this name.
      allow(['events:PutTargets', 'events:PutRule', 'events:DescribeRule'], [partRuleArn(this)]),
      // What AWS asks for to write logs of executions, and to trace them.
      allow([...logDelivery, ...tracing], ['*']),
    ];
  }
}

const logDelivery = [
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:GetLogDelivery',
  'logs:ListLogDeliveries',
  'logs:PutResourcePolicy',
  'logs:UpdateLogDelivery',
];

const tracing = [
  'xray:GetSamplingRules',
  'xray:GetSamplingTargets',
  'xray:PutTelemetryRecords',
  'xray:PutTraceSegments',
];

function partRuleArn(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'events',
    resource: 'rule',
    resourceName: 'StepFunctionsGetEventsForStepFunctionsExecutionRule',
  });
}
