import type { SynthesizedStage, TemplateResource } from './synthesized.ts';

/** Stands for the account that a template would be deployed to. */
export const place = { account: '111111111111', region: 'eu-central-1' } as const;

const { account, region } = place;
const pseudo: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::AccountId': account,
  'AWS::Region': region,
  'AWS::URLSuffix': 'amazonaws.com',
};

/** The property that names a resource of a type, and the ARN of one with that name. */
const types: Readonly<Record<string, { readonly name: string; readonly arn: (name: string, path: string) => string }>> =
  {
    'AWS::DynamoDB::Table': { name: 'TableName', arn: (name) => `arn:aws:dynamodb:${region}:${account}:table/${name}` },
    'AWS::Events::EventBus': { name: 'Name', arn: (name) => `arn:aws:events:${region}:${account}:event-bus/${name}` },
    'AWS::IAM::ManagedPolicy': {
      name: 'ManagedPolicyName',
      arn: (name, path) => `arn:aws:iam::${account}:policy${path}${name}`,
    },
    'AWS::IAM::Role': { name: 'RoleName', arn: (name, path) => `arn:aws:iam::${account}:role${path}${name}` },
    'AWS::KMS::Key': { name: 'KeyName', arn: (name) => `arn:aws:kms:${region}:${account}:key/${name}` },
    'AWS::Lambda::Function': {
      name: 'FunctionName',
      arn: (name) => `arn:aws:lambda:${region}:${account}:function:${name}`,
    },
    'AWS::Logs::LogGroup': {
      name: 'LogGroupName',
      arn: (name) => `arn:aws:logs:${region}:${account}:log-group:${name}:*`,
    },
    'AWS::S3::Bucket': { name: 'BucketName', arn: (name) => `arn:aws:s3:::${name}` },
    'AWS::SecretsManager::Secret': {
      name: 'Name',
      arn: (name) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}`,
    },
    'AWS::SQS::Queue': { name: 'QueueName', arn: (name) => `arn:aws:sqs:${region}:${account}:${name}` },
  };

/** Their `Ref` is their ARN. */
const refIsArn: ReadonlySet<string> = new Set(['AWS::SecretsManager::Secret', 'AWS::IAM::ManagedPolicy']);

type Resources = Readonly<Record<string, TemplateResource>>;

/** A value of a stack's template with everything filled in as CloudFormation would, as far as policies need it. */
export function resolveValue(
  stage: Pick<SynthesizedStage, 'stacks' | 'exports'>,
  stack: string,
  value: unknown,
): unknown {
  const resources = stage.stacks[stack] ?? {};
  const resolve = (part: unknown): unknown => resolveValue(stage, stack, part);
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [key, argument] = entries.length === 1 ? (entries[0] ?? []) : [];
  switch (key) {
    case 'Ref':
      return refOf(resources, String(argument), resolve);
    case 'Fn::GetAtt':
      return attributeOf(resources, argument as [string, string], resolve);
    case 'Fn::Join': {
      const [separator, parts] = argument as [string, unknown[]];
      return parts.map((part) => String(resolve(part))).join(separator);
    }
    case 'Fn::ImportValue': {
      const exported = stage.exports[String(argument)];
      if (!exported) throw new RangeError(`No stack exports ${String(argument)}.`);
      return resolveValue(stage, exported.stack, exported.value);
    }
    default:
      return Object.fromEntries(entries.map(([name, member]) => [name, resolve(member)]));
  }
}

type Resolve = (value: unknown) => unknown;

function refOf(resources: Resources, id: string, resolve: Resolve): string {
  const known = pseudo[id];
  if (known !== undefined) return known;
  return refIsArn.has(resources[id]?.Type ?? '') ? arnOf(resources, id, resolve) : nameOf(resources, id, resolve);
}

function attributeOf(resources: Resources, [id, attribute]: [string, string], resolve: Resolve): string {
  return attribute === 'Arn' ? arnOf(resources, id, resolve) : `${arnOf(resources, id, resolve)}/${attribute}`;
}

function nameOf(resources: Resources, id: string, resolve: Resolve): string {
  const { Type = '', Properties = {} } = resources[id] ?? {};
  const name = Properties[types[Type]?.name ?? ''];
  return name === undefined ? id : String(resolve(name));
}

function arnOf(resources: Resources, id: string, resolve: Resolve): string {
  const { Type = '', Properties = {} } = resources[id] ?? {};
  const path = typeof Properties['Path'] === 'string' ? Properties['Path'] : '/';
  const name = nameOf(resources, id, resolve);
  return types[Type]?.arn(name, path) ?? `arn:aws:unknown:${region}:${account}:${name}`;
}
