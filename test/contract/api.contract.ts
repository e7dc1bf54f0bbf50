import { afterAll, beforeAll, describe } from 'vitest';
import type { Scope } from '../../api/index.ts';
import { scopes } from '../../api/index.ts';
import { apiClient, type ApiClient } from '../makers/api-client.ts';
import { openApiDocuments, type ApiDocument } from '../makers/api-document.ts';
import { agentsAndHandles } from './api/agents.ts';
import { approvals } from './api/approvals.ts';
import { control } from './api/control.ts';
import { definitions } from './api/definitions.ts';
import { documentedAnswers } from './api/documented-answers.ts';
import { executing } from './api/executing.ts';
import { looking } from './api/looking.ts';
import { permissions } from './api/permissions.ts';

/** A server that holds the contract, with two tenants. */
export interface ApiUnderTest {
  /** Without a slash at the end. */
  readonly url: string;
  /** A token; of tenant `one` unless said otherwise. */
  tokenFor(who: {
    readonly tenant?: 'one' | 'two';
    readonly subject?: string;
    readonly scopes: readonly Scope[];
    readonly roles?: readonly string[];
  }): Promise<string>;
  /** How its agents' runtime reaches a port of this machine. */
  urlOfPort(port: number): string;
  close(): Promise<void>;
}

/** What the tests of the contract work with. */
export interface ApiBench {
  /** Ann of tenant `one`, who may do everything. */
  readonly ask: ApiClient;
  readonly server: ApiUnderTest;
  readonly document: ApiDocument;
  /** A name that no other test of this run, and no earlier run on the server, has. */
  readonly name: (what: string) => string;
}

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

    definitions(late);
    executing(late);
    looking(late);
    control(late);
    approvals(late);
    agentsAndHandles(late);
    permissions(late);
    // Last: it looks at what the others were answered.
    documentedAnswers(late);
  });
}
