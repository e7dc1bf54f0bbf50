// The HTTP door of the engine: one route table, its server, its OpenAPI document.
// Takes: use cases and stores of each tenant, an authenticator. Gives: a Hono app, with requests checked and errors as problems.
// Never: a decision, a clock, a store of its own.
export { createAuthenticator, type Authenticate, type AuthenticatorOptions } from './authenticate.ts';
export { createApi, type ApiDeps } from './create-api.ts';
export { createControlRoutes, createHandleRoutes, type Control, type HandleRoutesOptions } from './handle-routes.ts';
export { openApiDocument } from './openapi.ts';
export { writeApiKey } from './api-key-text.ts';
export { mayDo, scopes, type Principal, type Scope } from './principal.ts';
export type { Route, ServerState } from './route.ts';
export { routes } from './routes.ts';
export { usualLimits, type Executions, type ResourceLimits, type TenantServices } from './tenant-services.ts';
