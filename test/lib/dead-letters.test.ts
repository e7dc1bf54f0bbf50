import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { EventSourceMapping, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { describe, expect, it } from 'vitest';
import { readQueueUrls } from '../../adapters/aws/index.ts';
import { letterSources } from '../../core/execution/index.ts';
import { place } from '../makers/resolve-template.ts';
import { synthesize, templatesOf, type SynthesizedStage, type TemplateResource } from '../makers/synthesized.ts';

type Stacks = SynthesizedStage['stacks'];
type Properties = NonNullable<TemplateResource['Properties']>;

/** Who calls functions without waiting for what they answer. */
const whoDoNotWait = ['events.amazonaws.com', 'sns.amazonaws.com', 's3.amazonaws.com', 'scheduler.amazonaws.com'];
/** Called by CloudFormation, which waits for no return: it needs no permission of ours, so no template says so. */
const calledAsResources = ['apply-resource'];

const nameOf = ({ QueueName = '', FunctionName = '' }: Properties): string =>
  String(QueueName || FunctionName).replace(/^skein-\w+-/, '');
const isDeadLetters = (properties: Properties): boolean => /-dead(\.fifo)?$/.test(nameOf(properties));

/** What is given up without a trace: queues, rules, streams, topics and asynchronous calls that have no dead letters. */
function withoutDeadLetters(stacks: Stacks): readonly string[] {
  const resources = Object.entries(stacks).flatMap(([stack, all]) =>
    Object.entries(all).map(([id, { Type, Properties = {} }]) => ({
      place: `${stack}/${id}`,
      id,
      Type,
      of: Properties,
    })),
  );
  const ofType = (type: string) => resources.filter(({ Type }) => Type === type);
  const heard = JSON.stringify(
    ofType('AWS::Lambda::EventInvokeConfig')
      .filter(({ of }) => 'OnFailure' in ((of['DestinationConfig'] as object | undefined) ?? {}))
      .map(({ of }) => of['FunctionName']),
  );
  const called = ofType('AWS::Lambda::Permission')
    .filter(({ of }) => whoDoNotWait.includes(String(of['Principal'])))
    .map(({ of }) => JSON.stringify(of['FunctionName']));
  const isCalledAsResource = ({ of }: { of: Properties }) => calledAsResources.includes(nameOf(of));
  return [
    ...ofType('AWS::SQS::Queue').filter(({ of }) => !isDeadLetters(of) && !of['RedrivePolicy']),
    ...ofType('AWS::Events::Rule').filter(({ of }) =>
      (of['Targets'] as readonly object[]).some((target) => !('DeadLetterConfig' in target)),
    ),
    ...ofType('AWS::Lambda::EventSourceMapping').filter(
      ({ of }) => of['StartingPosition'] !== undefined && !of['DestinationConfig'],
    ),
    ...ofType('AWS::SNS::Subscription').filter(({ of }) => !of['RedrivePolicy']),
    ...ofType('AWS::Lambda::Function')
      .filter((fn) => called.some((it) => it.includes(`"${fn.id}"`)) || isCalledAsResource(fn))
      .filter(({ id }) => !heard.includes(`"${id}"`)),
  ].map(({ Type, place: where }) => `${Type} ${where}`);
}

/** Queues of dead letters, and those that the sweeper looks into, by the names of what was in them. */
function deadLetterQueues(stacks: Stacks) {
  const all = Object.values(stacks).flatMap((resources) => Object.values(resources));
  const names = all
    .filter(({ Type, Properties = {} }) => Type === 'AWS::SQS::Queue' && isDeadLetters(Properties))
    .map(({ Properties = {} }) => nameOf(Properties).replace(/-dead(\.fifo)?$/, ''));
  const sweep = all.find(
    ({ Type, Properties = {} }) => Type === 'AWS::Lambda::Function' && nameOf(Properties) === 'sweep',
  );
  const { Variables } = sweep?.Properties?.['Environment'] as { Variables: Record<string, unknown> };
  const [, parts] = (Variables['SKEIN_DEAD_LETTER_QUEUES'] as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'https://queue')).join('');
  return { names: names.sort(), recorded: Object.keys(readQueueUrls(text)).sort() };
}

describe.each(['dev', 'prod'] as const)('stage %s', (name) => {
  it('gives up nothing without a trace', () => {
    expect(withoutDeadLetters(synthesize(name).stacks)).toEqual([]);
  });

  it('makes incidents of all that it gives up', () => {
    const { names, recorded } = deadLetterQueues(synthesize(name).stacks);

    expect(recorded).toEqual(names);
    expect(names.length).toBeGreaterThan(5);
    expect(letterSources).toEqual(expect.arrayContaining(names));
  });
});

describe('the search for what is given up without a trace', () => {
  it.each<[string, (created: Created) => unknown, string]>([
    ['a queue', ({ events }) => new Queue(events, 'Careless'), 'AWS::SQS::Queue Events/Careless'],
    [
      'a rule, and the call that it makes',
      ({ engine }) =>
        new Rule(engine, 'Careless', {
          schedule: Schedule.rate(Duration.hours(1)),
          targets: [new LambdaFunction(fn(engine.functions, 'settle-task'))],
        }),
      'AWS::Events::Rule Engine/Careless',
    ],
    [
      'a reader of a stream',
      ({ engine }) =>
        new EventSourceMapping(engine, 'Careless', {
          target: fn(engine.functions, 'settle-task'),
          eventSourceArn: `arn:aws:dynamodb:${place.region}:${place.account}:table/t/stream/1`,
          startingPosition: StartingPosition.LATEST,
        }),
      'AWS::Lambda::EventSourceMapping Engine/Careless',
    ],
    [
      'a subscription',
      ({ engine }) =>
        new Topic(engine, 'Careless').addSubscription(new LambdaSubscription(fn(engine.functions, 'conclude'))),
      'AWS::SNS::Subscription Engine/Conclude',
    ],
    [
      'a function that is called by who does not wait',
      ({ engine }) =>
        new Topic(engine, 'Careless').addSubscription(new LambdaSubscription(fn(engine.functions, 'conclude'))),
      'AWS::Lambda::Function Engine/Conclude',
    ],
  ])('finds %s', (_what, plant, finding) => {
    const stage = synthesize('dev');
    plant(stage.created);

    const found = withoutDeadLetters(templatesOf(stage.app).stacks);

    expect(found.filter((it) => it.startsWith(finding))).not.toEqual([]);
  });
});

function fn(functions: Created['engine']['functions'], name: string): Created['engine']['functions'][number] {
  const found = functions.find(({ folder }) => folder === name);
  if (!found) throw new Error(`there is no ${name}`);
  return found;
}

type Created = SynthesizedStage['created'];
