import type { LambdaClient } from '@aws-sdk/client-lambda';
import type { STSClient } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { createLambdaAgentRuntime, createTenantSessions } from '../../../adapters/aws/index.ts';
import type { LambdaAgentCall, LambdaAgentType } from '../../../core/agents/index.ts';
import { parseJson } from '../../../core/json/index.ts';
import { agentRuntimeContract } from '../../contract/agent-runtime.contract.ts';
import { agentCall, openMailbox } from '../../makers/agent-calls.ts';
import { awsError, sentCommands } from './sent-commands.ts';

const lint: LambdaAgentType = {
  name: 'lint',
  runtime: 'lambda',
  functionArn: 'arn:aws:lambda:::function:lint',
  capabilities: [],
};

/** The agent's event, as Lambda hands it over. */
const eventOf = ({ Payload }: Record<string, unknown>): LambdaAgentCall =>
  parseJson(Buffer.from(Payload as Uint8Array).toString()) as unknown as LambdaAgentCall;

function openRuntime(answer?: (input: Record<string, unknown>) => unknown, roleArn?: string) {
  const { client, sent } = sentCommands<LambdaClient>(answer);
  const roles: (string | undefined)[] = [];
  const mailbox = openMailbox();
  const clientFor = (role: string | undefined) => {
    roles.push(role);
    return client;
  };
  const runtime = createLambdaAgentRuntime({ clientFor, answers: mailbox, ...(roleArn !== undefined && { roleArn }) });
  return { runtime, sent, roles, mailbox };
}

agentRuntimeContract('createLambdaAgentRuntime', () => {
  const { runtime, sent } = openRuntime(({ FunctionName }) => {
    if (FunctionName === 'gone') throw awsError('ServiceException');
    return { StatusCode: 202 };
  });
  return {
    runtime,
    agentType: lint,
    unreachable: { ...lint, functionArn: 'gone' },
    asked: async () =>
      sent.map(({ input }) => {
        const { context, ...event } = eventOf(input);
        const { deadline, ...asked } = context;
        return { handle: event.handle, task: event.task, ...asked };
      }),
  };
});

describe('createLambdaAgentRuntime', () => {
  it('invokes the function as an event, with the version of the contract and the deadline', async () => {
    const { runtime, sent } = openRuntime();
    const call = agentCall(lint);

    await runtime.call(call);

    expect(sent[0]).toMatchObject({
      name: 'InvokeCommand',
      input: { FunctionName: lint.functionArn, InvocationType: 'Event' },
    });
    expect(eventOf(sent[0]!.input)).toMatchObject({ v: 1, context: { deadline: call.deadline } });
  });

  it("calls under the agent type's role, else under the tenant's, else under the engine's own", async () => {
    const withRole = openRuntime(undefined, 'role-of-the-tenant');
    await withRole.runtime.call(agentCall({ ...lint, roleArn: 'role-of-the-agent' }));
    await withRole.runtime.call(agentCall(lint));
    const without = openRuntime();
    await without.runtime.call(agentCall(lint));

    expect([...withRole.roles, ...without.roles]).toEqual(['role-of-the-agent', 'role-of-the-tenant', undefined]);
  });

  it.each([
    ['AccessDeniedException', 'PermissionDenied'],
    ['ResourceNotFoundException', 'AgentUnavailable'],
    ['RequestTooLargeException', 'InvalidInput'],
    ['InvalidRequestContentException', 'InvalidInput'],
  ])('fails the attempt for good when Lambda says %s', async (said, name) => {
    const { runtime, mailbox } = openRuntime(() => {
      throw awsError(said);
    });

    await runtime.call(agentCall(lint));

    expect(mailbox.answers).toEqual([
      { handle: 'hdl_1', error: { name, message: `${said}: said by AWS`, retryable: false } },
    ]);
  });

  it.each(['TooManyRequestsException', 'ServiceException', 'TimeoutError', 'EC2ThrottledException'])(
    'leaves it to the retry policy when Lambda says %s',
    async (said) => {
      const { runtime, mailbox } = openRuntime(() => {
        throw awsError(said);
      });

      await expect(runtime.call(agentCall(lint))).rejects.toMatchObject({
        name: 'UnavailableError',
        code: 'agent_unreachable',
      });
      expect(mailbox.answers).toEqual([]);
    },
  );

  it('refuses an agent type of another runtime', async () => {
    const { runtime } = openRuntime();
    const http = { name: 'h', runtime: 'http', url: 'https://h', capabilities: [] } as const;

    await expect(runtime.call(agentCall(http))).rejects.toMatchObject({ code: 'not_lambda' });
  });
});

describe('createTenantSessions', () => {
  const credentials = { AccessKeyId: 'a', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date(0) };

  it('opens a session that carries the tenant as its tag', async () => {
    const { client, sent } = sentCommands<STSClient>(() => ({ Credentials: credentials }));

    const opened = await createTenantSessions({ client, tenant: 'acme & söhne' }).open('role');

    expect(opened).toEqual({ accessKeyId: 'a', secretAccessKey: 's', sessionToken: 't', expiration: new Date(0) });
    expect(sent[0]?.input).toEqual({
      RoleArn: 'role',
      RoleSessionName: 'skein-acme---s-hne',
      Tags: [{ Key: 'skein:tenant', Value: 'acme & söhne' }],
    });
  });

  it('names sessions in the 64 characters that STS takes', async () => {
    const { client, sent } = sentCommands<STSClient>(() => ({ Credentials: credentials }));

    await createTenantSessions({ client, tenant: 't'.repeat(100) }).open('role');

    expect(sent[0]?.input['RoleSessionName']).toHaveLength(64);
  });

  it('throws UnavailableError when STS answers without credentials', async () => {
    const { client } = sentCommands<STSClient>();

    await expect(createTenantSessions({ client, tenant: 't' }).open('role')).rejects.toMatchObject({
      code: 'no_credentials',
    });
  });
});
