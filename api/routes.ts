import type { Route } from './route.ts';
import { agentRoutes } from './routes/agent-routes.ts';
import { approvalRoutes } from './routes/approval-routes.ts';
import { breakerRoutes } from './routes/breaker-routes.ts';
import { cacheRoutes } from './routes/cache-routes.ts';
import { controlRoutes } from './routes/control-routes.ts';
import { definitionRoutes } from './routes/definition-routes.ts';
import { eventRoutes } from './routes/event-routes.ts';
import { executeRoutes } from './routes/execute-routes.ts';
import { executionRoutes } from './routes/execution-routes.ts';
import { compensationRoutes } from './routes/compensation-routes.ts';
import { incidentRoutes } from './routes/incident-routes.ts';
import { keyRoutes } from './routes/key-routes.ts';
import { poolRoutes } from './routes/pool-routes.ts';
import { publishRoutes } from './routes/publish-routes.ts';
import { recoveryRoutes } from './routes/recovery-routes.ts';
import { systemRoutes } from './routes/system-routes.ts';
import { taskRoutes } from './routes/task-routes.ts';

/** Every operation of the API. Server, OpenAPI document and contract test are made from this one table. */
export const routes: readonly Route[] = [
  ...publishRoutes,
  ...definitionRoutes,
  ...executeRoutes,
  ...executionRoutes,
  ...controlRoutes,
  ...recoveryRoutes,
  ...approvalRoutes,
  ...breakerRoutes,
  ...cacheRoutes,
  ...poolRoutes,
  ...compensationRoutes,
  ...incidentRoutes,
  ...agentRoutes,
  ...taskRoutes,
  ...eventRoutes,
  ...keyRoutes,
  ...systemRoutes,
];
