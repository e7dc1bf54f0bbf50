import { ManagedPolicy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { describe, expect, it } from 'vitest';
import { expectGolden, goldenFile } from '../makers/golden.ts';
import {
  grantsOf,
  isAllowed,
  mayAssume,
  policiesText,
  rolesOf,
  type SimulatedRole,
} from '../makers/policy-simulator.ts';
import { place } from '../makers/resolve-template.ts';
import { synthesize, templatesOf, type SynthesizedStage } from '../makers/synthesized.ts';

const { account, region } = place;
const functionArn = (name: string): string => `arn:aws:lambda:${region}:${account}:function:${name}`;
const machineArn = (name: string): string => `arn:aws:states:${region}:${account}:stateMachine:${name}`;
const executionArn = (name: string): string => `arn:aws:states:${region}:${account}:execution:${name}`;
const roleArn = (path: string): string => `arn:aws:iam::${account}:role/${path}`;
const anAgent = functionArn('somebodys-agent');

type Roles = ReadonlyMap<string, SimulatedRole>;
type Created = SynthesizedStage['created'];

interface RolePromise {
  readonly says: string;
  /** What breaks it, in a sentence each. */
  readonly breaches: (roles: Roles, stage: 'dev' | 'prod') => readonly string[];
  /** A wider policy that breaks it. */
  readonly plant: (created: Created) => void;
}

const promises: readonly RolePromise[] = [
  {
    says: 'only the compiler passes roles: that of machines, to Step Functions',
    breaches: (roles, stage) =>
      [machineRole(stage), roleArn('skein/machines/another'), roleArn('skein/tenants/any'), roleArn('Administrator')]
        .flatMap((resource) =>
          ['states.amazonaws.com', 'lambda.amazonaws.com', 'ec2.amazonaws.com'].flatMap((service) =>
            whoMay(roles, { action: 'iam:PassRole', resource, context: { 'iam:PassedToService': service } }),
          ),
        )
        .filter((breach) => breach !== `compile-workflow: iam:PassRole ${machineRole(stage)} → states.amazonaws.com`),
    plant: (created) => functionOf(created, 'compile-workflow').allow(['iam:PassRole'], ['*']),
  },
  {
    says: 'only the compiler makes machines, and only those of its stage',
    breaches: (roles, stage) =>
      ['states:CreateStateMachine', 'states:UpdateStateMachine', 'states:DeleteStateMachine']
        .flatMap((action) =>
          [`skein-${stage}-review-1`, 'theirs'].map((name) => ({ action, resource: machineArn(name) })),
        )
        .flatMap((request) => whoMay(roles, request))
        .filter(
          (breach) => breach !== `compile-workflow: states:CreateStateMachine ${machineArn(`skein-${stage}-review-1`)}`,
        ),
    plant: (created) => created.api.handler.allow(['states:Create*'], [machineArn('skein-*')]),
  },
  {
    says: 'nobody starts, stops or answers a machine of somebody else',
    breaches: (roles) =>
      [
        { action: 'states:StartExecution', resource: machineArn('theirs') },
        { action: 'states:StopExecution', resource: executionArn('theirs:exec_1') },
        { action: 'states:SendTaskSuccess', resource: machineArn('theirs') },
        { action: 'states:SendTaskFailure', resource: machineArn('theirs') },
      ].flatMap((request) => whoMay(roles, request)),
    plant: (created) => functionOf(created, 'settle-task').allow(['states:*'], ['*']),
  },
  {
    says: 'a machine calls begin, dispatch and conclude, and starts machines of its stage',
    breaches: (roles, stage) =>
      whatMayNot(machineOf(roles), [
        ...['api', 'settle-task', 'compile-workflow', 'sweep'].map((name) => functionArn(`skein-${stage}-${name}`)),
        anAgent,
      ]),
    // Its boundary holds a wider policy back: see below. This widens both.
    plant: (created) => widenMachine(created, { boundaryToo: true }),
  },
  {
    says: 'no role but that of a tenant reaches an agent',
    breaches: (roles) =>
      whoMay(roles, { action: 'lambda:InvokeFunction', resource: anAgent }).filter((it) => !it.startsWith('Tenant')),
    plant: (created) => functionOf(created, 'dispatch-task').allow(['lambda:InvokeFunction'], [functionArn('*')]),
  },
  {
    says: "a tenant's session reaches the agents of no other tenant",
    breaches: (roles) =>
      [
        { 'aws:PrincipalTag/skein:tenant': 'acme', 'aws:ResourceTag/skein:tenant': 'globex' },
        { 'aws:PrincipalTag/skein:tenant': 'acme' },
        { 'aws:ResourceTag/skein:tenant': 'acme' },
      ]
        .filter((context) =>
          isAllowed(tenantOf(roles), { action: 'lambda:InvokeFunction', resource: anAgent, context }),
        )
        .map((context) => JSON.stringify(context)),
    plant: (created) =>
      void created.agents.tenantRole.role.addToPolicy(
        new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: [functionArn('*')] }),
      ),
  },
  {
    says: "a tenant's session does nothing but call agents",
    breaches: (roles) =>
      ['dynamodb:GetItem', 's3:GetObject', 'states:StartExecution', 'iam:PassRole', 'lambda:UpdateFunctionCode'].filter(
        (action) => grantsOf(tenantOf(roles), action).length > 0,
      ),
    plant: (created) =>
      void created.agents.tenantRole.role.addToPolicy(
        new PolicyStatement({ actions: ['lambda:*'], resources: [functionArn('skein-*')] }),
      ),
  },
  {
    says: 'nobody reads a table, a bucket or a secret of somebody else, and nobody scans',
    breaches: (roles, stage) =>
      [
        { action: 'dynamodb:GetItem', resource: `arn:aws:dynamodb:${region}:${account}:table/theirs` },
        { action: 'dynamodb:Scan', resource: `arn:aws:dynamodb:${region}:${account}:table/skein-${stage}-ledger` },
        {
          action: 'dynamodb:DeleteTable',
          resource: `arn:aws:dynamodb:${region}:${account}:table/skein-${stage}-ledger`,
        },
        { action: 's3:GetObject', resource: 'arn:aws:s3:::theirs/object' },
        {
          action: 'secretsmanager:GetSecretValue',
          resource: `arn:aws:secretsmanager:${region}:${account}:secret:theirs`,
        },
      ].flatMap((request) => whoMay(roles, request)),
    plant: (created) =>
      functionOf(created, 'sweep').allow(['dynamodb:*'], [`arn:aws:dynamodb:${region}:${account}:table/*`]),
  },
];

describe.each(['dev', 'prod'] as const)('the roles of stage %s', (stage) => {
  const roles = rolesOf(synthesize(stage, { env: { account, region } }));

  it.each(promises)('promise that $says', ({ breaches }) => {
    expect(breaches(roles, stage)).toEqual([]);
  });

  it('are these', () => {
    expectGolden(goldenFile('stacks', `stage ${stage}`, 'policies.txt'), policiesText(roles));
  });

  it('let each part do its work', () => {
    const compiler = roleOf(roles, 'compile-workflow');
    const context = { 'iam:PassedToService': 'states.amazonaws.com' };
    const own = machineArn(`skein-${stage}-review-1`);

    const may = [
      isAllowed(compiler, { action: 'iam:PassRole', resource: machineRole(stage), context }),
      isAllowed(compiler, { action: 'states:CreateStateMachine', resource: own }),
      isAllowed(compiler, { action: 'states:StartExecution', resource: own }),
      isAllowed(roleOf(roles, 'sweep'), { action: 'states:ListExecutions', resource: own }),
      isAllowed(roleOf(roles, 'api'), { action: 'states:StartExecution', resource: own }),
      isAllowed(roleOf(roles, 'settle-task'), { action: 'states:SendTaskSuccess', resource: own }),
      isAllowed(machineOf(roles), { action: 'states:StartExecution', resource: own }),
      ...['begin', 'dispatch-task', 'conclude']
        .map((name) => functionArn(`skein-${stage}-${name}`))
        .map((resource) => isAllowed(machineOf(roles), { action: 'lambda:InvokeFunction', resource })),
    ];

    expect(may).toEqual(may.map(() => true));
  });

  it('give iam:PassRole once, for one role and one service', () => {
    const grants = [...roles].flatMap(([name, role]) =>
      grantsOf(role, 'iam:PassRole').map(({ resources, conditions }) => ({ name, resources, conditions })),
    );

    expect(grants).toEqual([
      {
        name: 'compile-workflow',
        resources: [machineRole(stage)],
        conditions: { StringEquals: { 'iam:PassedToService': 'states.amazonaws.com' } },
      },
    ]);
  });

  it('let dispatch reach an agent by a session of its tenant, and by nothing else', () => {
    const [dispatch, tenant] = [roleOf(roles, 'dispatch-task'), tenantOf(roles)];
    const call = { action: 'lambda:InvokeFunction', resource: anAgent };
    const assume = { action: 'sts:AssumeRole', context: { 'aws:RequestTag/skein:tenant': 'acme' } };
    const tagged = { 'aws:PrincipalTag/skein:tenant': 'acme', 'aws:ResourceTag/skein:tenant': 'acme' };

    expect(isAllowed(dispatch, { ...call, context: tagged })).toBe(false);
    expect(isAllowed(dispatch, { ...assume, resource: tenant.arn })).toBe(true);
    expect(mayAssume(tenant, dispatch.arn, assume)).toBe(true);
    expect(isAllowed(tenant, { ...call, context: tagged })).toBe(true);
  });

  it.each([
    ['without a tenant', { action: 'sts:AssumeRole', context: {} }],
    ['for an empty tenant', { action: 'sts:AssumeRole', context: { 'aws:RequestTag/skein:tenant': '' } }],
    [
      'with another tag beside the tenant',
      {
        action: 'sts:TagSession',
        context: { 'aws:RequestTag/skein:tenant': 'acme', 'aws:TagKeys': ['skein:tenant', 'admin'] },
      },
    ],
  ])('give no session %s', (_, request) => {
    expect(mayAssume(tenantOf(roles), roleOf(roles, 'dispatch-task').arn, request)).toBe(false);
  });

  it("give no tenant's session to who is not of the engine", () => {
    const request = { action: 'sts:AssumeRole', context: { 'aws:RequestTag/skein:tenant': 'acme' } };

    const may = [roleArn('Developer'), machineRole(stage), roleArn('skein/engine/other/fn')].filter((principal) =>
      mayAssume(tenantOf(roles), principal, request),
    );

    expect(may).toEqual([]);
  });
});

describe('a promise about roles', () => {
  it.each(promises)('is seen broken by a wider policy: $says', ({ breaches, plant }) => {
    const stage = synthesize('dev', { env: { account, region } });
    plant(stage.created);

    const roles = rolesOf({ ...stage, ...templatesOf(stage.app) });

    expect(breaches(roles, 'dev')).not.toEqual([]);
  });

  it('of machines outlives a wider policy of their role: the boundary holds', () => {
    const stage = synthesize('dev', { env: { account, region } });
    widenMachine(stage.created, { boundaryToo: false });

    const machine = machineOf(rolesOf({ ...stage, ...templatesOf(stage.app) }));

    expect(grantsOf(machine, 'lambda:InvokeFunction').flatMap(({ resources }) => resources)).toContain('*');
    expect(isAllowed(machine, { action: 'lambda:InvokeFunction', resource: anAgent })).toBe(false);
  });
});

function whoMay(roles: Roles, request: Parameters<typeof isAllowed>[1]): string[] {
  const to = request.context?.['iam:PassedToService'];
  return [...roles]
    .filter(([, role]) => isAllowed(role, request))
    .map(([name]) => `${name}: ${request.action} ${request.resource}${to === undefined ? '' : ` → ${String(to)}`}`);
}

function whatMayNot(role: SimulatedRole, functions: readonly string[]): string[] {
  return functions.filter((resource) => isAllowed(role, { action: 'lambda:InvokeFunction', resource }));
}

function machineRole(stage: string): string {
  return roleArn(`skein/machines/skein-${stage}-machine-${region}`);
}

function machineOf(roles: Roles): SimulatedRole {
  return roleOf(roles, 'CompilerMachineRole');
}

function tenantOf(roles: Roles): SimulatedRole {
  return roleOf(roles, 'TenantRole');
}

/** A function's role by the function's folder, another one by how its logical id begins. */
function roleOf(roles: Roles, name: string): SimulatedRole {
  const [, found] = [...roles].find(([key]) => key === name || (/[A-Z]/.test(name) && key.startsWith(name))) ?? [];
  if (!found) throw new RangeError(`There is no role ${name} among ${[...roles.keys()].join(', ')}.`);
  return found;
}

function functionOf({ engine }: Created, folder: string) {
  const found = engine.functions.find((fn) => fn.folder === folder);
  if (!found) throw new RangeError(`The engine has no function ${folder}.`);
  return found;
}

function widenMachine({ engine }: Created, { boundaryToo }: { boundaryToo: boolean }): void {
  const statement = (): PolicyStatement =>
    new PolicyStatement({ actions: ['lambda:InvokeFunction'], resources: ['*'] });
  for (const construct of engine.node.findAll()) {
    const isOfMachines = construct.node.path.includes('/MachineRole/');
    if (isOfMachines && construct instanceof Role) construct.addToPolicy(statement());
    if (isOfMachines && boundaryToo && construct instanceof ManagedPolicy) construct.addStatements(statement());
  }
}
