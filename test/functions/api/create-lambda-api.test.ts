import { createHash } from 'node:crypto';
import { createLocalJWKSet } from 'jose';
import { describe, expect, it } from 'vitest';
import { createMachineNames, type MachineRequest } from '../../../adapters/aws/index.ts';
import { scopes, writeApiKey } from '../../../api/index.ts';
import { executionId } from '../../../core/ids/index.ts';
import type { Engine } from '../../../engine/index.ts';
import { createLambdaApi } from '../../../functions/api/create-lambda-api.ts';
import { openMailbox } from '../../makers/agent-calls.ts';
import { openEventLog, started } from '../../makers/event-log.ts';
import { createFakeRuntime } from '../fake-runtime.ts';

const functions = { begin: 'arn:begin', dispatch: 'arn:dispatch', conclude: 'arn:conclude' };
const secret = 's'.repeat(43);
const authorization = `Bearer ${writeApiKey({ tenant: 'acme', id: 'key_1', secret })}`;
const definition = `
workflow:
  name: review
  version: "1"
  agents: { linter: { type: linter } }
  tasks: [{ id: lint, agent: linter }]
`;

async function open(engine: Partial<Engine> = {}) {
  const fake = createFakeRuntime(engine);
  const { stores, clock } = fake;
  const secretDigest = createHash('sha256').update(secret).digest('hex');
  const key = { id: 'key_1', secretDigest, subject: 'me', scopes: [...scopes], createdAt: clock.now() };
  await stores.apiKeys.put(key);
  const agentType = { name: 'linter', runtime: 'lambda', functionArn: 'lint', capabilities: [] } as const;
  await stores.agentTypes.put({ agentType, registeredAt: 0, registeredBy: 'me' });
  const requested: MachineRequest[] = [];
  const roleArn = 'arn:aws:iam::1:role/m';
  const app = createLambdaApi({
    runtime: fake.runtime,
    stores: () => stores,
    requests: { send: async (request) => void requested.push(request) },
    namesOf: (tenant) => createMachineNames({ tenant, region: 'r', roleArn, prefix: 'skein-', functions }),
    functions,
    issuer: { issuer: '', audience: '', keys: createLocalJWKSet({ keys: [] }) },
    maxExecutions: 10,
    defaults: {},
    newSecret: () => secret,
    version: '0.0.0',
  });
  const post = (path: string, type: string, body: string) =>
    app.request(path, { method: 'POST', headers: { authorization, 'content-type': type }, body });
  return { ...fake, app, post, requested };
}

describe('createLambdaApi', () => {
  it('publishes a version with machines that call the functions, and asks for them', async () => {
    const { post, stores, requested } = await open();

    const { status } = await post('/api/v1/workflows', 'application/yaml', definition);

    expect(status).toBe(201);
    expect(requested).toEqual([{ tenant: 'acme', workflow: 'review', version: '1' }]);
    expect(JSON.stringify(await stores.definitions.find('review', '1'))).toContain('arn:dispatch');
  });

  it('has a view of an execution as soon as it is accepted', async () => {
    const id = executionId('exec_1');
    const { post, stores } = await open({
      start: async () => {
        const [event] = openEventLog().add('', started).events;
        await stores.ledger.commit([{ kind: 'event', event: event! }]);
        return id;
      },
    });
    await post('/api/v1/workflows', 'application/yaml', definition);

    const { status } = await post('/api/v1/workflows/review/execute', 'application/json', '{"input_data":{}}');

    expect(status).toBe(202);
    expect(await stores.views.find(id)).toMatchObject({ status: 'planning' });
  });

  it('brings an answer to the tenant that its handle was signed for, and takes no other', async () => {
    const mailbox = openMailbox();
    const { post } = await open({ answers: mailbox });

    const own = await post('/api/v1/tasks/hdl_1/complete', 'application/json', '{"output":7}');
    const foreign = await post('/api/v1/tasks/stolen/complete', 'application/json', '{"output":7}');

    expect([own.status, foreign.status]).toEqual([202, 404]);
    expect(mailbox.answers).toEqual([{ handle: 'hdl_1', output: 7 }]);
  });

  it('opens to nobody without a key, and says when it is ready', async () => {
    const { app } = await open();

    expect((await app.request('/api/v1/workflows')).status).toBe(401);
    expect((await app.request('/ready')).status).toBe(200);
  });
});
