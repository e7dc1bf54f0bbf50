import { beforeAll, describe, expect, inject, it } from 'vitest';
import { deployStacks } from './deploy-stacks.ts';
import { openDeployedApi, type DeployedApi } from './deployed-api.ts';

const tenant = 'word-counters';
let api: DeployedApi;

beforeAll(async () => {
  const context = { stage: inject('deployed').name, tenant };
  await deployStacks({ endpoint: inject('endpoint'), context }, 'node examples/own-agent-app/app.ts');
  api = await openDeployedApi(tenant);
}, 300_000);

describe('an app of its own', () => {
  it('has its workflow published and its agent answering as soon as it is deployed', async () => {
    const execution = await api.execute('count-words', { text: 'Words, words, words.' });

    await expect
      .poll(() => api.get(execution), { timeout: 60_000, interval: 200 })
      .toMatchObject({ status: 'succeeded', output: { words: 3 } });
  }, 90_000);

  it('is published for its tenant alone', async () => {
    const stranger = await openDeployedApi('somebody-else');

    const { status } = await stranger.ask('GET /api/v1/workflows/count-words');

    expect(status).toBe(404);
  });
});
