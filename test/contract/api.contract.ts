import { afterAll, beforeAll, describe } from 'vitest';
import { scopes } from '../../api/index.ts';
import { apiClient } from '../makers/api-client.ts';
import { openApiDocuments } from '../makers/api-document.ts';
import { agentsAndHandles } from './api/agents.ts';
import { approvals } from './api/approvals.ts';
import type { ApiBench, ApiUnderTest } from './api/bench.ts';
import { breakers } from './api/breakers.ts';
import { caches } from './api/caches.ts';
import { compensations } from './api/compensations.ts';
import { control } from './api/control.ts';
import { definitions } from './api/definitions.ts';
import { incidents } from './api/incidents.ts';
import { documentedAnswers } from './api/documented-answers.ts';
import { executing } from './api/executing.ts';
import { looking } from './api/looking.ts';
import { permissions } from './api/permissions.ts';
import { pools } from './api/pools.ts';
import { recovery } from './api/recovery.ts';
import { writtenInterface } from './api/written-interface.contract.ts';

/** What every server of the API does. The server is shared by the tests: each works with names of its own. */
export function apiContract(name: string, open: () => Promise<ApiUnderTest>): void {
  describe(name, () => {
    let server: ApiUnderTest;
    let bench: ApiBench;
    beforeAll(async () => {
      server = await open();
      const document = openApiDocuments();
      const token = await server.tokenFor({ scopes });
      const run = Date.now().toString(36);
      let names = 0;
      bench = {
        ask: apiClient(fetch, { url: server.url, token, document }),
        server,
        document,
        name: (what) => `${what}-${run}-${(names += 1)}`,
      };
    });
    afterAll(() => server.close());
    const late = () => bench;

    writtenInterface(late);
    definitions(late);
    executing(late);
    looking(late);
    control(late);
    recovery(late);
    compensations(late);
    incidents(late);
    approvals(late);
    breakers(late);
    caches(late);
    pools(late);
    agentsAndHandles(late);
    permissions(late);
    // Last: it looks at what the others were answered.
    documentedAnswers(late);
  });
}
