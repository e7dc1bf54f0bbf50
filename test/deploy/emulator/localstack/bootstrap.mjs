// A Node runtime of Lambda: takes invocations from the Runtime API, calls the handler, reports what came of it.
import { existsSync, statSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withFaults } from './faults.mjs';

const [host, port] = process.env.AWS_LAMBDA_RUNTIME_API.split(':');
const agent = new Agent({ keepAlive: true, maxSockets: 2 });

function call(method, path, body, headers = {}) {
  return new Promise((answer, fail) => {
    const data = body === undefined ? undefined : Buffer.from(body);
    const options = { host, port, method, agent, path: `/2018-06-01/runtime/${path}`, headers };
    if (data) options.headers = { ...headers, 'content-length': data.length };
    const sent = request(options, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => answer({ headers: response.headers, body: Buffer.concat(chunks).toString() }));
      response.on('error', fail);
    });
    sent.on('error', fail);
    sent.setNoDelay(true);
    sent.end(data);
  });
}

function described(error) {
  if (!(error instanceof Error)) return { errorType: typeof error, errorMessage: String(error), trace: [] };
  return { errorType: error.name, errorMessage: error.message, trace: String(error.stack ?? '').split('\n') };
}

const named = (name, message) => Object.assign(new Error(message), { name });

async function loadHandler() {
  const [, stem, name] = /^(.*)\.([^./]+)$/.exec(process.env._HANDLER ?? '') ?? [];
  if (!stem) throw named('Runtime.MalformedHandlerName', `Bad handler ${process.env._HANDLER}`);
  const candidates = ['.js', '.mjs', '.cjs'].map((end) => resolve(process.env.LAMBDA_TASK_ROOT, stem + end));
  const file = candidates.find((path) => existsSync(path) && statSync(path).isFile());
  if (!file) throw named('Runtime.ImportModuleError', `Cannot find module '${stem}'`);
  const module = await import(pathToFileURL(file).href);
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler === 'function') return handler;
  throw named('Runtime.HandlerNotFound', `${process.env._HANDLER} is undefined or not exported`);
}

async function failInit(error) {
  const said = JSON.stringify(described(error));
  console.error(said);
  await call('POST', 'init/error', said).catch(() => undefined);
  process.exit(1);
}

function contextOf(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

const handler = withFaults(await loadHandler().catch(failInit), process.env.SKEIN_FAULTS);
let failCurrent;
process.on('unhandledRejection', (error) => failCurrent?.(named('Runtime.UnhandledPromiseRejection', String(error))));
process.on('uncaughtException', (error) => {
  if (!failCurrent) {
    console.error(error);
    process.exit(129);
  }
  failCurrent(error);
});

for (;;) {
  // The emulator is gone when nobody answers.
  const next = await call('GET', 'invocation/next').catch(() => process.exit(0));
  const id = next.headers['lambda-runtime-aws-request-id'];
  process.env._X_AMZN_TRACE_ID = next.headers['lambda-runtime-trace-id'] ?? '';
  let outcome;
  try {
    const value = await new Promise((answer, fail) => {
      failCurrent = fail;
      Promise.try(handler, JSON.parse(next.body), contextOf(next.headers)).then(answer, fail);
    });
    outcome = { kind: 'response', body: JSON.stringify(value) ?? 'null', headers: {} };
  } catch (error) {
    const body = JSON.stringify(described(error));
    console.log(`${id}\tERROR\tInvoke Error\t${body}`);
    outcome = { kind: 'error', body, headers: { 'lambda-runtime-function-error-type': 'Unhandled' } };
  }
  failCurrent = undefined;
  process.stdout.write(`\0end ${id}\n`);
  await call('POST', `invocation/${id}/${outcome.kind}`, outcome.body, outcome.headers);
}
