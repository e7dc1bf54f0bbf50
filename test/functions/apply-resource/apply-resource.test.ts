import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { StackRequest } from '../../../adapters/aws/index.ts';
import { InvalidRequestError } from '../../../core/errors/index.ts';
import type { ApiKey, RegisteredAgentType } from '../../../core/ports/index.ts';
import { answerStack } from '../../../functions/apply-resource/answer-stack.ts';
import { applyResource, type ResourceWorld } from '../../../functions/apply-resource/apply-resource.ts';

const request: StackRequest = {
  RequestType: 'Create',
  ResponseURL: 'https://answers.example/once',
  StackId: 'arn:stack',
  RequestId: 'r1',
  LogicalResourceId: 'Words',
  ResourceProperties: {},
};

function worldWith(publish: ResourceWorld['compiler']['publish'] = () => Promise.reject(new Error('not asked'))) {
  const registered: [string, RegisteredAgentType][] = [];
  const keys = new Map<string, ApiKey>();
  const notes: [string, string][] = [];
  const world: ResourceWorld = {
    agentTypes: (tenant) => ({ put: async (type) => void registered.push([tenant, type]) }),
    compiler: { publish },
    clock: { now: () => 42 },
    apiKeys: () => ({
      find: async (id) => keys.get(id),
      put: async (key) => void keys.set(key.id, key),
      remove: async (id) => keys.delete(id),
    }),
    note: { leave: async (secretArn, text) => void notes.push([secretArn, text]) },
    newSecret: () => 'random',
  };
  return { world, registered, keys, notes };
}

const counter = { agent_types: { counter: { runtime: 'lambda', function: 'arn:fn', capabilities: ['count'] } } };
const ofAgents = { ServiceToken: 'arn:token', Tenant: 'acme', AgentTypes: JSON.stringify(counter) };

describe('applyResource', () => {
  it.each(['Create', 'Update'] as const)('registers agent types on %s', async (RequestType) => {
    const { world, registered } = worldWith();

    const answer = await applyResource(world, { ...request, RequestType, ResourceProperties: ofAgents });

    expect(answer).toEqual({ physicalId: 'acme/agents/counter' });
    expect(registered).toEqual([
      [
        'acme',
        {
          agentType: { name: 'counter', runtime: 'lambda', functionArn: 'arn:fn', capabilities: ['count'] },
          registeredAt: 42,
          registeredBy: 'arn:stack',
        },
      ],
    ]);
  });

  it('publishes a workflow by the compiler', async () => {
    const orders: unknown[] = [];
    const { world } = worldWith(async (order) => {
      orders.push(order);
      return { workflow: 'letter', version: '1.0', machineArn: 'arn:machine' };
    });

    const answer = await applyResource(world, {
      ...request,
      ResourceProperties: { Tenant: 'acme', Definition: 'workflow: …' },
    });

    expect(orders).toEqual([{ tenant: 'acme', definition: 'workflow: …' }]);
    expect(answer).toEqual({
      physicalId: 'acme/workflows/letter',
      data: { Version: '1.0', MachineArn: 'arn:machine' },
    });
  });

  const ofKey = { Tenant: 'acme', KeyId: 'key_first', SecretArn: 'arn:secret', Scopes: ['admin'] };

  it('makes a key once, and leaves its text in the secret', async () => {
    const { world, keys, notes } = worldWith();

    await applyResource(world, { ...request, ResourceProperties: ofKey });
    await applyResource(world, { ...request, RequestType: 'Update', ResourceProperties: ofKey });

    expect(notes).toEqual([['arn:secret', 'sk.YWNtZQ.key_first.random']]);
    expect([...keys.values()]).toEqual([
      {
        id: 'key_first',
        secretDigest: createHash('sha256').update('random').digest('hex'),
        subject: 'deployment',
        scopes: ['admin'],
        createdAt: 42,
      },
    ]);
  });

  it('takes the key away with its resource', async () => {
    const { world, keys } = worldWith();
    await applyResource(world, { ...request, ResourceProperties: ofKey });

    await applyResource(world, { ...request, RequestType: 'Delete', ResourceProperties: ofKey });

    expect([...keys]).toEqual([]);
  });

  it('leaves everything else as it is when a resource is deleted', async () => {
    const { world, registered } = worldWith();
    const gone = { ...request, RequestType: 'Delete', PhysicalResourceId: 'acme/agents/counter' } as const;

    const answer = await applyResource(world, { ...gone, ResourceProperties: ofAgents });

    expect(answer).toEqual({ physicalId: 'acme/agents/counter' });
    expect(registered).toEqual([]);
  });

  it.each([
    ['neither agents nor a workflow', { Tenant: 'acme' }],
    ['no tenant', { AgentTypes: '{}' }],
    ['agents that are none', { Tenant: 'acme', AgentTypes: '{"agent_types":{"a":{"runtime":"abacus"}}}' }],
  ])('refuses %s', async (_, ResourceProperties) => {
    const { world, registered } = worldWith();

    await expect(applyResource(world, { ...request, ResourceProperties })).rejects.toThrow(InvalidRequestError);

    expect(registered).toEqual([]);
  });
});

describe('answerStack', () => {
  const silent = { error: () => undefined, info: () => undefined, count: () => undefined };

  it('answers what became of the resource', async () => {
    const sent: unknown[] = [];
    const answers = { send: async (...told: unknown[]) => void sent.push(told) };

    await answerStack(answers, silent, async () => ({ physicalId: 'id' }))(request);

    expect(sent).toEqual([[request, { physicalId: 'id' }]]);
  });

  it('answers as well when it failed, and reports that', async () => {
    const sent: unknown[] = [];
    const reported: unknown[] = [];
    const answers = { send: async (...told: unknown[]) => void sent.push(told) };
    const report = { ...silent, error: (message: string) => void reported.push(message) };

    await answerStack(answers, report, () => Promise.reject(new Error('no such agent')))(request);

    expect(sent).toEqual([[request, { failed: 'no such agent' }]]);
    expect(reported).toEqual(['Create of Words failed']);
  });
});
