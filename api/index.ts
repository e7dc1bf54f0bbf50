// The HTTP door of the engine.
// Takes: the engine's functions as ports. Gives: routes, with bodies checked and errors as problems. Never: a decision.
export { createHandleRoutes, type Control, type HandleRoutesOptions } from './handle-routes.ts';
