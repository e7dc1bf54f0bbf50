import type { AgentType } from '../core/agents/index.ts';
import type { CompiledWorkflow, Publication } from '../compiler/index.ts';
import type { ExecutionId } from '../core/ids/index.ts';
import { usualSettings, type Settings } from '../core/settings/index.ts';
import { openLaptop, type LaptopOptions, type Reach } from './laptop.ts';
import type { TokenClaims } from './local-issuer.ts';
import { TENANT } from './publish-workflow.ts';

export interface DevServerOptions extends Pick<LaptopOptions, 'database' | 'pool' | 'onAgentLog' | 'onError'> {
  /** 0: a free one. */
  readonly port: number;
  /** What relative paths of agents' modules start from. */
  readonly directory: string;
  /** Of the program, as /health says it. */
  readonly version: string;
  /** Default: the usual ones. */
  readonly settings?: Settings;
  /** Whom the token names; default `developer`. */
  readonly subject?: string;
}

/** The API of a deployment, on 127.0.0.1 and without an account. */
export interface DevServer {
  /** `http://127.0.0.1:4000`, without a slash at the end. */
  readonly url: string;
  /** A JWT with all scopes; it dies with the server. */
  readonly token: string;
  /** Executions that an earlier process has left unfinished, and that go on now. */
  readonly takenUp: readonly ExecutionId[];
  /** Registers agent types, as POST /api/v1/agents/{type}/register does. */
  register(types: Iterable<AgentType>): Promise<void>;
  /** Throws ConflictError (`version_exists`). */
  publish(compiled: CompiledWorkflow): Promise<Publication>;
  close(): Promise<void>;
}

/** Throws ConflictError (`port_in_use`, `database_owned`) and what opening the database throws. */
export async function startDevServer(options: DevServerOptions): Promise<DevServer> {
  // Loaded here: whoever runs a workflow without a server should not wait for what serves one.
  const [api, { createLocalIssuer }, { tenantServices }] = await Promise.all([
    import('../api/index.ts'),
    import('./local-issuer.ts'),
    import('./tenant-services.ts'),
  ]);
  const { port, directory, version, settings = usualSettings, subject = 'developer', ...rest } = options;
  const issuer = await createLocalIssuer();
  const createApp: Reach['createApp'] = async (inside, control) => {
    const services = tenantServices(inside, { directory, settings });
    const { clock } = inside.stores;
    const onlyOurs = async <T>(tenant: string, ours: T) => (tenant === TENANT ? ours : undefined);
    const app = api.createApi(api.routes, {
      authenticate: api.createAuthenticator({
        ...issuer,
        apiKeys: (tenant) => onlyOurs(tenant, services.apiKeys),
        clock,
      }),
      forTenant: (tenant) => onlyOurs(tenant, services),
      // The engine knows its own handles.
      answersTo: async () => inside.runtime.answers,
      state: { version, checks: { database: () => services.ledger.listOpenExecutions() } },
      ...(options.onError && { onError: options.onError }),
    });
    app.route('/control', api.createControlRoutes(control, options.onError));
    return app;
  };
  const laptop = await openLaptop({ ...rest, reach: { port, createApp } });
  try {
    const url = await laptop.listen();
    const takenUp = await laptop.unfinished();
    for (const execution of takenUp) await laptop.runtime.resume(execution);
    const services = tenantServices(laptop.inside, { directory, settings });
    const claims: TokenClaims = { tenant: TENANT, subject, scopes: api.scopes };
    return {
      url,
      token: await issuer.sign(claims, services.clock.now()),
      takenUp,
      register: async (types) => {
        const registered = { registeredAt: services.clock.now(), registeredBy: subject };
        for (const agentType of types) await services.agentTypes.put({ agentType, ...registered });
      },
      publish: services.publish,
      close: () => laptop.close(),
    };
  } catch (error) {
    await laptop.close();
    throw error;
  }
}
