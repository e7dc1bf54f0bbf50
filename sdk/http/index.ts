// Agents behind HTTP.
// Takes: an agent. Gives: a fetch handler, a server of Node.js. Never: starts an attempt that nobody has sent.
export { serveHttp, type HttpServer, type ServeHttpOptions } from './serve-http.ts';
export { toFetch, type FetchAgent, type FetchAgentOptions } from './to-fetch.ts';
