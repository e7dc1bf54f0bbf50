import { inject } from 'vitest';
import { apiContract } from '../../contract/api.contract.ts';
import { signToken } from './token-issuer.ts';

apiContract('the API of a deployment', async () => {
  const { apiUrl, signer } = inject('deployed');
  // Tenants of this run alone: what an earlier one has left in the table is not theirs.
  const run = Date.now().toString(36);
  return {
    url: apiUrl,
    tokenFor: ({ tenant = 'one', subject = 'ann', ...claims }) =>
      signToken(signer, { ...claims, subject, tenant: `${tenant}-${run}` }),
    urlOfPort: (port) => `http://127.0.0.1:${port}`,
    close: async () => undefined,
  };
});
