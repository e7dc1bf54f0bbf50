import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { CreateFunctionCommand, DeleteFunctionCommand, waitUntilFunctionActiveV2 } from '@aws-sdk/client-lambda';
import { isJsonObject, parseJson, type Json, type JsonObject } from '../../../core/json/index.ts';
import { tenantOfCall } from '../../../engine/index.ts';
import { functionNames } from '../../../local/machines.ts';
import type { LinkTargets } from '../../../statemachines/index.ts';
import { createLambda } from '../../deploy/emulator/aws-clients.ts';
import { zipOf } from '../../deploy/emulator/zip.ts';

/** A machine's call of one of the engine's functions. */
export type Answer = (functionName: string, payload: Json) => Promise<Json>;

/** Lambda functions in place of the engine's, which have this process answer. */
export interface Bridge {
  readonly functions: Pick<LinkTargets, 'begin' | 'dispatch' | 'conclude'>;
  /** Calls of machines that are linked with this tenant come to `answer`. */
  attach(tenant: string, answer: Answer): void;
  close(): Promise<void>;
}

const ROLE = 'arn:aws:iam::000000000000:role/skein-test';
/** Seconds. */
const FUNCTION_TIMEOUT = 30;

export async function openBridge(endpoint: string): Promise<Bridge> {
  const tenants = new Map<string, Answer>();
  const answerTo = async (text: string): Promise<Json> => {
    const call = parseJson(text);
    const { function: name, payload } = isJsonObject(call) ? call : {};
    if (typeof name !== 'string' || payload === undefined) throw new Error(`this is no call: ${text}`);
    const answer = tenants.get(tenantOfCall(payload));
    if (answer) return await answer(name, payload);
    throw new Error(`nobody expects ${text}`);
  };
  const server = createServer((request, response) => {
    textOf(request)
      .then(answerTo)
      .then(
        (answer) => response.end(JSON.stringify(answer)),
        (error: unknown) => response.writeHead(500).end(JSON.stringify(described(error))),
      );
  });
  const url = await new Promise<string>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`);
    });
  });
  const deployed = await deployFunctions(endpoint, url);
  return {
    functions: deployed.functions,
    attach: (tenant, answer) => void tenants.set(tenant, answer),
    close: async () => {
      await deployed.remove();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function deployFunctions(endpoint: string, url: string) {
  const lambda = createLambda(endpoint);
  const code = zipOf('index.mjs', await readFile(join(import.meta.dirname, 'bridge-handler.mjs'), 'utf8'));
  const suffix = randomBytes(4).toString('hex');
  const deploy = async (name: string): Promise<string> => {
    const FunctionName = `bridge-${name}-${suffix}`;
    const Environment = { Variables: { BRIDGE_URL: url, ENGINE_FUNCTION: name } };
    const { FunctionArn } = await lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Runtime: 'nodejs24.x',
        Handler: 'index.handler',
        Role: ROLE,
        Timeout: FUNCTION_TIMEOUT,
        Environment,
        Code: { ZipFile: code },
      }),
    );
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: FUNCTION_TIMEOUT, minDelay: 1 }, { FunctionName });
    return FunctionArn ?? '';
  };
  const [begin, dispatch, conclude] = await Promise.all(
    [functionNames.begin, functionNames.dispatch, functionNames.conclude].map(deploy),
  );
  if (begin === undefined || dispatch === undefined || conclude === undefined) throw new Error('three were deployed');
  const remove = async (): Promise<void> => {
    for (const FunctionName of [begin, dispatch, conclude])
      await lambda.send(new DeleteFunctionCommand({ FunctionName }));
    lambda.destroy();
  };
  return { functions: { begin, dispatch, conclude }, remove };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function described(error: unknown): JsonObject {
  return error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: 'Error', message: String(error) };
}
