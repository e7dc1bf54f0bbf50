import { inject } from 'vitest';
import { recordLetter } from '../../../engine/index.ts';
import { apiContract } from '../../contract/api.contract.ts';
import { createLambda } from '../emulator/aws-clients.ts';
import { openDeployedStores } from './deployed-stores.ts';
import { signToken } from './token-issuer.ts';

apiContract('the API of a deployment', async () => {
  const { name: stage, apiUrl, signer } = inject('deployed');
  // Tenants of this run alone: what an earlier one has left in the table is not theirs.
  const run = Date.now().toString(36);
  const endpoint = inject('endpoint');
  const lambda = createLambda(endpoint);
  return {
    url: apiUrl,
    tokenFor: ({ tenant = 'one', subject = 'ann', ...claims }) =>
      signToken(signer, { ...claims, subject, tenant: `${tenant}-${run}` }),
    async giveUp(source, execution) {
      const tenant = `one-${run}`;
      const stores = await openDeployedStores(lambda, { endpoint, stage, tenant });
      const now = Date.now();
      const body = { v: 1, tenant, timer: { kind: 'grace', execution }, at: now };
      const letter = {
        source,
        copy: execution,
        about: execution,
        execution,
        reason: 'All its tries have failed.',
        body,
      };
      return (await recordLetter({ ...stores, clock: { now: () => now } }, letter)).id;
    },
    urlOfPort: (port) => `http://127.0.0.1:${port}`,
    close: async () => lambda.destroy(),
  };
});
