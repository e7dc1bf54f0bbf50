import { App, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { describe, expect, it } from 'vitest';
import { valueProblems } from '../../core/schemas/index.ts';
import { CountWordsStack } from '../../examples/own-agent-app/count-words-stack.ts';
import { modelInput, modelOutput } from '../../functions/call-model/converse.ts';
import { HttpAgent, HumanAgent, LambdaAgent, ModelAgent, modelSchemas, Workflow } from '../../lib/index.ts';
import { openShell } from '../makers/shell.ts';
import { unbundled } from '../makers/synthesized.ts';

function aStack(context: Record<string, unknown> = {}): Stack {
  return new Stack(new App({ context: { ...unbundled, ...context } }), 'Mine');
}

function aFunction(stack: Stack): Function {
  return new Function(stack, 'Fn', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromInline('// anything'),
  });
}

/** What the stack asks the engine's deployment to register, with tokens as they stand in the template. */
function registered(stack: Stack): { Tenant: string; AgentTypes: unknown }[] {
  const resources = Template.fromStack(stack).findResources('Custom::SkeinAgentTypes') as Record<
    string,
    { Properties: { Tenant: string; AgentTypes: unknown } }
  >;
  return Object.values(resources).map(({ Properties: { Tenant, AgentTypes } }) => ({
    Tenant,
    AgentTypes: typeof AgentTypes === 'string' ? (JSON.parse(AgentTypes) as unknown) : JSON.stringify(AgentTypes),
  }));
}

describe('LambdaAgent', () => {
  it('is never repeated by Lambda, and answers into the queue of its stage', () => {
    const stack = aStack({ stage: 'prod' });
    new LambdaAgent(stack, 'Agent', { type: 'counter', function: aFunction(stack) });

    const template = Template.fromStack(stack);

    const queue = { Destination: { Ref: Match.stringLikeRegexp('prodanswerqueuearn') } };
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 900,
      DestinationConfig: { OnSuccess: queue, OnFailure: queue },
    });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: Match.arrayWith(['sqs:SendMessage']) })]),
      },
    });
  });

  it('is reached by the sessions of its tenant, because it carries the tag', () => {
    const stack = aStack({ tenant: 'acme' });
    new LambdaAgent(stack, 'Agent', { type: 'counter', function: aFunction(stack) });

    Template.fromStack(stack).hasResourceProperties('AWS::Lambda::Function', {
      Tags: Match.arrayWith([{ Key: 'skein:tenant', Value: 'acme' }]),
      Environment: { Variables: { SKEIN_API_URL: Match.anyValue() } },
    });
    expect(registered(stack)).toMatchObject([{ Tenant: 'acme' }]);
  });

  it('is registered once its function, role and destinations are there', () => {
    const stack = aStack();
    new LambdaAgent(stack, 'Agent', { type: 'counter', function: aFunction(stack) });

    Template.fromStack(stack).hasResource('Custom::SkeinAgentTypes', {
      DependsOn: Match.arrayWith([
        Match.stringLikeRegexp('^FnEventInvokeConfig'),
        Match.stringLikeRegexp('^FnServiceRole'),
      ]),
    });
  });

  it('asks nothing of the stage at synth: what it needs is looked up at deploy', () => {
    const stack = aStack();
    new LambdaAgent(stack, 'Agent', { type: 'counter', function: aFunction(stack) });

    const parameters = Object.values(Template.fromStack(stack).findParameters('*')).map(({ Default }) =>
      String(Default),
    );

    expect(parameters.filter((it) => it.startsWith('/skein/')).sort()).toEqual([
      '/skein/dev/answer-queue-arn',
      '/skein/dev/api-url',
      '/skein/dev/apply-arn',
    ]);
  });

  it('fails the synth for a schema that is none', () => {
    const stack = aStack();
    new LambdaAgent(stack, 'Agent', { type: 'counter', function: aFunction(stack), input: { type: 'nonsense' } });

    expect(() => Template.fromStack(stack)).toThrow('`input` is no JSON Schema');
  });
});

describe('the other agents', () => {
  it('are registered as a catalogue would say them', () => {
    const stack = aStack({ tenant: 'acme' });
    new HttpAgent(stack, 'Scan', { type: 'scanner', url: 'https://scan.example/calls', capabilities: ['scan'] });
    new HumanAgent(stack, 'Boss', { type: 'boss', roles: ['lead'], output: { type: 'object' } });

    expect(registered(stack).map(({ AgentTypes }) => AgentTypes)).toEqual([
      { agent_types: { scanner: { runtime: 'http', url: 'https://scan.example/calls', capabilities: ['scan'] } } },
      { agent_types: { boss: { runtime: 'human', roles: ['lead'], capabilities: [], output: { type: 'object' } } } },
    ]);
  });

  it('may have a URL that only the deployment will know', () => {
    const stack = aStack();
    new HttpAgent(stack, 'Scan', { type: 'scanner', url: `https://${stack.account}.example` });

    const [{ AgentTypes } = { AgentTypes: '' }] = registered(stack);

    expect(AgentTypes).toContain('{"Ref":"AWS::AccountId"},".example');
  });
});

describe('ModelAgent', () => {
  it('may ask its model, and no other', () => {
    const stack = aStack();
    new ModelAgent(stack, 'Writer', { type: 'writer', model: 'amazon.nova-lite-v1:0', system: 'Be brief.' });

    const template = Template.fromStack(stack);

    const policies = Object.values(template.findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap(
      ({ Properties }) =>
        (Properties as { PolicyDocument: { Statement: { Action: unknown; Resource: unknown }[] } }).PolicyDocument
          .Statement,
    );
    const bedrock = statements.filter(({ Action }) => JSON.stringify(Action).includes('bedrock'));
    expect(bedrock.map(({ Action }) => Action)).toEqual(['bedrock:InvokeModel']);
    expect(JSON.stringify(bedrock[0]?.Resource)).toContain('::foundation-model/amazon.nova-lite-v1:0');
    template.hasResourceProperties('AWS::Lambda::Function', {
      Environment: { Variables: { SKEIN_MODEL: 'amazon.nova-lite-v1:0', SKEIN_MODEL_SYSTEM: 'Be brief.' } },
    });
  });

  it.each([
    ['input', { prompt: 'Go on.' }],
    ['input', { prompt: 'Go on.', system: 'Be brief.', max_tokens: 5, temperature: 1 }],
    ['input', {}],
    ['input', { prompt: '' }],
    ['input', { prompt: 'Go on.', max_tokens: 0 }],
    ['input', { prompt: 'Go on.', max_tokens: 1.5 }],
    ['input', { prompt: 'Go on.', temperature: 1.1 }],
    ['input', { prompt: 'Go on.', system: 7 }],
    ['output', { text: 'Yes.', stop_reason: 'end_turn', usage: { input_tokens: 1, output_tokens: 2 } }],
    ['output', { text: 'Yes.', stop_reason: 'end_turn' }],
    ['output', { text: 'Yes.', usage: { input_tokens: 1, output_tokens: 2 } }],
  ] as const)('registers the schema by which its function judges this %s: %j', (side, value) => {
    const ofFunction = { input: modelInput, output: modelOutput }[side].safeParse(value).success;

    const ofRegistration = valueProblems(modelSchemas[side], value).length === 0;

    expect(ofRegistration).toBe(ofFunction);
  });
});

describe('Workflow', () => {
  const definition = (agent: string): string => `
workflow:
  name: letter
  version: '1.0'
  owner: { contact: me@example.com }
  timeout: 1h
  agents: { poet: { type: ${agent} } }
  tasks:
    - { id: write, agent: poet, timeout: 10, idempotent: true, input: {} }
`;

  it('is published after its agents are registered', () => {
    using shell = openShell();
    shell.write({ 'letter.yaml': definition('poet') });
    const stack = aStack({ tenant: 'acme' });
    const poet = new LambdaAgent(stack, 'Poet', { type: 'poet', function: aFunction(stack) });

    new Workflow(stack, 'Letter', { definition: `${shell.directory}/letter.yaml`, agents: [poet] });

    const [registration = ''] = Object.keys(Template.fromStack(stack).findResources('Custom::SkeinAgentTypes'));
    Template.fromStack(stack).hasResource('Custom::SkeinWorkflow', {
      Properties: { Tenant: 'acme', Definition: definition('poet') },
      DependsOn: Match.arrayWith([registration]),
    });
  });

  it('stops the synth with place, line and fix for what could not run', () => {
    using shell = openShell();
    shell.write({ 'letter.yaml': definition('poett') });
    const stack = aStack();
    const poet = new LambdaAgent(stack, 'Poet', { type: 'poet', function: aFunction(stack) });

    new Workflow(stack, 'Letter', { definition: `${shell.directory}/letter.yaml`, agents: [poet] });

    expect(() => Template.fromStack(stack)).toThrow(/letter\.yaml:7:\d+[^]*type: poett/);
  });

  it('is checked with agents of others by their catalogue', () => {
    using shell = openShell();
    const catalogue = 'agent_types:\n  poet: { runtime: http, url: "https://poet.example" }\n';
    shell.write({ 'letter.yaml': definition('poet'), 'agents.yaml': catalogue });
    const stack = aStack();

    new Workflow(stack, 'Letter', {
      definition: `${shell.directory}/letter.yaml`,
      catalogue: `${shell.directory}/agents.yaml`,
    });

    Template.fromStack(stack).resourceCountIs('Custom::SkeinWorkflow', 1);
  });
});

describe('examples/own-agent-app', () => {
  it('is one function, its registration and a workflow', () => {
    const app = new App({ context: unbundled });

    const template = Template.fromStack(new CountWordsStack(app, 'CountWords'));

    template.resourceCountIs('AWS::Lambda::Function', 1);
    template.resourceCountIs('Custom::SkeinAgentTypes', 1);
    template.hasResourceProperties('Custom::SkeinWorkflow', {
      Tenant: 'default',
      Definition: Match.stringLikeRegexp('name: count-words'),
    });
  });
});
