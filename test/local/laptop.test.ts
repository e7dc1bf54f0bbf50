import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { AgentType } from '../../core/agents/index.ts';
import { parseDefinition } from '../../core/definition/index.ts';
import { plan } from '../../core/plan/index.ts';
import { validate } from '../../core/validation/index.ts';
import type { CompiledWorkflow } from '../../compiler/index.ts';
import { openLaptop, type Laptop } from '../../local/index.ts';
import { lower } from '../../statemachines/index.ts';
import { compileScenario } from '../../simulation/index.ts';
import { aScenario, aWorkflow } from '../makers/small-scenario.ts';
import { temporaryDirectory } from '../makers/temporary-directory.ts';

interface Call {
  readonly handle: string;
  readonly task: string;
  readonly attempt: number;
  readonly input: { readonly n: number };
  readonly idempotency_key: string;
  readonly callback: { readonly complete: string; readonly fail: string; readonly heartbeat: string };
}

/** An agent on a server: takes each call with 202 and lets `answer` do the rest. */
async function serveAgent(answer: (call: Call) => Promise<void>): Promise<string> {
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString()));
    request.on('end', () => {
      response.writeHead(202).end();
      void answer(JSON.parse(text) as Call);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

function compile(url: string): CompiledWorkflow {
  const agentType: AgentType = { name: 'remote', runtime: 'http', url, capabilities: [] };
  const text = `
workflow:
  name: over-http
  version: "1"
  agents: { doubler: { type: remote } }
  retry_policies: { quick: { max_attempts: 2, interval: 0.01, jitter: none } }
  tasks:
    - { id: first, agent: doubler, input: { n: 4 }, retry_policy: quick }
    - { id: second, agent: doubler, depends_on: [first], input: { n: "\${ tasks.first.output }" }, retry_policy: quick }
`;
  const { definition } = parseDefinition({ name: 'over-http.yaml', text });
  const { valid } = validate(definition!, { catalogue: new Map([['remote', agentType]]), forRun: true });
  const planned = plan(valid!);
  return { plan: planned, machine: lower(planned), agentTypes: { remote: agentType } };
}

async function runOn(laptop: Laptop, compiled: CompiledWorkflow) {
  const version = await laptop.runtime.publish(compiled);
  return laptop.runtime.whenEnded(await laptop.runtime.start({ ...version, input: {} }));
}

async function openTestLaptop(): Promise<Laptop> {
  const laptop = await openLaptop();
  onTestFinished(() => laptop.close());
  return laptop;
}

describe('openLaptop', () => {
  it('lets agents on servers answer by their handle, over the listener', async () => {
    const calls: Call[] = [];
    const url = await serveAgent(async (call) => {
      calls.push(call);
      await post(call.callback.heartbeat, {});
      await post(call.callback.complete, { output: call.input.n * 2 });
    });
    const laptop = await openTestLaptop();

    const view = await runOn(laptop, compile(url));

    expect(view.status).toBe('succeeded');
    expect(await laptop.reader.value(view.output!)).toEqual({ second: 16 });
    expect(calls.map(({ task, idempotency_key }) => [task, idempotency_key])).toEqual([
      ['first', `${view.execution}/first`],
      ['second', `${view.execution}/second`],
    ]);
  });

  it('retries what an agent on a server reports as failed, and refuses its second answer', async () => {
    const refused = Promise.withResolvers<number>();
    const url = await serveAgent(async ({ callback, task, attempt, input }) => {
      if (attempt === 1) {
        await post(callback.fail, { error: { name: 'Flaky', message: 'not this time' } });
        return;
      }
      // The last answer ends the execution, and with it the listener: it waits for the answer that is refused.
      if (task === 'second') await refused.promise;
      await post(callback.complete, { output: input.n });
      if (task === 'first') refused.resolve((await post(callback.complete, { output: 0 })).status);
    });
    const laptop = await openTestLaptop();

    const view = await runOn(laptop, compile(url));

    expect(view.tasks.map(({ path, status, attempts }) => [path, status, attempts])).toEqual([
      ['first', 'succeeded', 2],
      ['second', 'succeeded', 2],
    ]);
    expect(await refused.promise).toBe(409);
  });

  it('fails a task whose server is not there, with a name that policies know', async () => {
    const laptop = await openTestLaptop();

    const view = await runOn(laptop, compile('http://127.0.0.1:1/'));

    expect(view.status).toBe('failed');
    expect(view.tasks[0]).toMatchObject({ path: 'first', attempts: 2, error: { name: 'AgentUnavailable' } });
  });
});

describe('Laptop.unfinished', () => {
  it('leaves out children, which are taken up with their parents', async () => {
    const database = join(temporaryDirectory(), 'skein.db');
    const child = aWorkflow('child', [{ id: 'hear', wait: { event: 'said', timeout: 600 } }]);
    const tasks = [{ id: 'sub', workflow: { name: 'child', version: '1' } }];
    const { own, children } = compileScenario({ ...aScenario({ tasks }), children: [child] });
    const first = await openLaptop({ database });
    for (const one of children) await first.runtime.publish(one);
    const id = await first.runtime.start({ ...(await first.runtime.publish(own)), input: {} });
    await vi.waitUntil(async () => (await first.reader.list({ limit: 9 })).length === 2);
    await first.close();

    const second = await openLaptop({ database });
    onTestFinished(() => second.close());

    expect((await second.reader.list({ limit: 9 })).map(({ status }) => status)).toEqual(['running', 'running']);
    expect(await second.unfinished()).toEqual([id]);
  });
});
