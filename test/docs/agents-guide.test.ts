import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { invokeLambda, lambdaCall } from '../../sdk/testing/index.ts';
import { checkout } from '../architecture/source-file.ts';
import { readGuide } from '../makers/guide.ts';
import { installPackages } from '../makers/guide-packages.ts';
import { callbackAt, httpCall } from '../makers/http-calls.ts';
import { temporaryDirectory } from '../makers/temporary-directory.ts';

const { files } = readGuide(join(checkout, 'docs/guide/agents.md'));

/** A reader's directory, with the programs that the guide writes out. */
function openReader(): string {
  const directory = temporaryDirectory();
  for (const { name, text } of files) writeFileSync(join(directory, name), text);
  installPackages(directory);
  return directory;
}

function start(directory: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, args, { cwd: directory, env: { ...process.env, ...environment } });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return { child, printed: () => printed };
}

async function bundled(directory: string, name: string): Promise<Parameters<typeof invokeLambda>[0]> {
  const outfile = join(directory, `${name}.bundle.mjs`);
  await build({
    entryPoints: [join(directory, name)],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'esm',
    external: ['@aws-sdk/*', '@aws-lambda-powertools/*'],
    // The packages are links: their own dependencies are beside what they point to.
    preserveSymlinks: false,
  });
  return ((await import(pathToFileURL(outfile).href)) as { handler: Parameters<typeof invokeLambda>[0] }).handler;
}

/** The engine's side of an HTTP agent. */
async function startEngine() {
  const answer = Promise.withResolvers<string>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (text: string) => (body += text));
    request.on('end', () => {
      response.writeHead(202).end();
      answer.resolve(`${request.url ?? ''} ${body}`);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => server.close().closeAllConnections());
  return { answer: answer.promise, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

describe('the guide to agents', () => {
  beforeAll(() => {
    expect(files.map(({ name }) => name)).toEqual([
      'word-counter.ts',
      'word-counter.test.mjs',
      'agents.yaml',
      'words.yaml',
      'lambda.mjs',
      'once.mjs',
      'server.mjs',
    ]);
  });

  it('has a test of an agent alone that passes, and fails when the agent is wrong', async () => {
    const directory = openReader();
    const broken = openReader();
    const agent = files.find(({ name }) => name === 'word-counter.ts')?.text ?? '';
    writeFileSync(join(broken, 'word-counter.ts'), agent.replace('.length', '.length + 1'));

    const runs = [directory, broken].map((place) => start(place, ['--test', 'word-counter.test.mjs']));
    const codes = await Promise.all(runs.map(async ({ child }) => (await once(child, 'close'))[0] as number));

    expect(codes, runs[0]?.printed()).toEqual([0, 1]);
  });

  it('has a Lambda that answers', async () => {
    const handler = await bundled(openReader(), 'lambda.mjs');

    const record = await invokeLambda(handler, lambdaCall({ text: 'to be or not' }));

    expect(record).toMatchObject({ requestContext: { condition: 'Success' }, responsePayload: { words: 4 } });
  });

  it('has a Lambda for what must not be repeated, which asks its table first', async () => {
    vi.stubEnv('AWS_LAMBDA_FUNCTION_NAME', 'agent');
    // A table of nobody, on a port of this machine on which nobody listens.
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'none');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'none');
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    onTestFinished(() => void vi.unstubAllEnvs());
    const handler = await bundled(openReader(), 'once.mjs');

    const record = await invokeLambda(handler, lambdaCall({ text: 'to be or not' }));

    // What matters is that the work was not begun without its table.
    expect(record.responsePayload).toMatchObject({ errorType: 'IdempotencyPersistenceLayerError' });
  });

  it('has a server that takes a call, answers it and stops when it is told to', async () => {
    const engine = await startEngine();
    const { child, printed } = start(openReader(), ['server.mjs'], { PORT: '0' });
    onTestFinished(() => void child.kill('SIGKILL'));
    while (!printed().includes('listening on')) await once(child.stdout, 'data');
    const url = /http:\S+/.exec(printed())?.[0] ?? '';

    const response = await fetch(url, {
      method: 'POST',
      headers: { authorization: 'Bearer local-key' },
      body: JSON.stringify(
        httpCall({ deadline: new Date(Date.now() + 60_000).toISOString(), callback: callbackAt(engine.url) }),
      ),
    });
    const answer = await engine.answer;
    child.kill('SIGTERM');

    expect(response.status).toBe(202);
    expect(answer).toBe('/api/v1/tasks/hdl_1/complete {"output":{"words":2}}');
    expect(await once(child, 'close')).toEqual([0, null]);
  });
});
