import { inject } from 'vitest';
import { scopes } from '../../../api/index.ts';
import type { Json } from '../../../core/json/index.ts';
import { apiClient, type ApiClient } from '../../makers/api-client.ts';
import { openApiDocuments } from '../../makers/api-document.ts';
import { signToken } from './token-issuer.ts';

/** Of an execution, as far as tests look at it. */
export interface SeenExecution {
  readonly execution_id: string;
  readonly status: string;
  readonly output?: Json;
}

export interface SeenEvent {
  readonly type: string;
  readonly task?: string;
  readonly n: number;
  readonly lamport: number;
}

/** The API of the deployed stage, asked by somebody of a tenant who may do everything. */
export interface DeployedApi {
  readonly ask: ApiClient;
  publish(definition: string | object): Promise<void>;
  /** Answers the execution's id. */
  execute(workflow: string, input: Json): Promise<string>;
  get(execution: string): Promise<SeenExecution>;
  tasks(execution: string): Promise<readonly { readonly path: string; readonly status: string }[]>;
  events(execution: string): Promise<readonly SeenEvent[]>;
}

export async function openDeployedApi(tenant: string): Promise<DeployedApi> {
  const { apiUrl: url, signer } = inject('deployed');
  const token = await signToken(signer, { tenant, subject: 'ann', scopes });
  const ask = apiClient(fetch, { url, token, document: openApiDocuments() });
  const answered = async <Body>(request: string, status: number, body?: unknown, type?: string): Promise<Body> => {
    const answer = await ask(request, { ...(body !== undefined && { body }), ...(type !== undefined && { type }) });
    if (answer.status !== status) throw new Error(`${request} → ${answer.status} ${answer.text}`);
    return answer.body;
  };
  return {
    ask,
    async publish(definition) {
      const type = typeof definition === 'string' ? 'application/yaml' : undefined;
      await answered('POST /api/v1/workflows', 201, definition, type);
    },
    async execute(workflow, input) {
      const path = `/api/v1/workflows/${workflow}/execute`;
      return (await answered<SeenExecution>(`POST ${path}`, 202, { input_data: input })).execution_id;
    },
    get: (execution) => answered(`GET /api/v1/executions/${execution}`, 200),
    tasks: async (execution) => (await answered<{ tasks: [] }>(`GET /api/v1/executions/${execution}/tasks`, 200)).tasks,
    async events(execution) {
      const path = `/api/v1/executions/${execution}/events`;
      const all: SeenEvent[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const query: string = cursor === '' ? '' : `?cursor=${cursor}`;
        const page: { events: SeenEvent[]; next_cursor?: string } = await answered(`GET ${path}${query}`, 200);
        all.push(...page.events);
        cursor = page.next_cursor;
      }
      return all;
    },
  };
}
