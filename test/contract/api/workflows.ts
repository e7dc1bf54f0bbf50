import { expect } from 'vitest';
import type { ApiBench } from './bench.ts';

/** Longer than a deployment takes to make a machine and to bring a view up to date. */
export const PATIENCE = { timeout: 100_000, interval: 100 } as const;

/** A workflow that ends when the event `go.{name}` is published, and answers its input. */
export function waiting(name: string, change: object = {}): object {
  return {
    workflow: {
      name,
      version: '1',
      description: 'Waits for somebody.',
      tags: ['contract'],
      owner: { agent: 'the contract', contact: 'nobody' },
      timeout: '1d',
      input: { type: 'object', required: ['text'], properties: { text: { type: 'string' } } },
      output: { text: '${ input.text }' },
      tasks: [{ id: 'hold', wait: { event: `go.${name}`, timeout: '10m' } }],
      ...change,
    },
  };
}

/** Publishes a waiting workflow. */
export async function publishWaiting({ ask, name }: ApiBench, change: object = {}): Promise<string> {
  const workflow = name('wait');
  const { status } = await ask('POST /api/v1/workflows', { body: waiting(workflow, change) });
  expect(status).toBe(201);
  return workflow;
}

export interface Started {
  readonly execution_id: string;
  readonly execution_url: string;
}

/** Starts an execution and waits until it has begun. */
export async function startRunning(bench: ApiBench, workflow: string, input: object = { text: 'hi' }): Promise<string> {
  const { status, body } = await bench.ask(`POST /api/v1/workflows/${workflow}/execute`, {
    body: { input_data: input },
  });
  expect(status).toBe(202);
  const { execution_id: id } = body as Started;
  await expectStatus(bench, id, 'running');
  return id;
}

export async function expectStatus({ ask }: ApiBench, execution: string, status: string): Promise<void> {
  const look = async () => ((await ask(`GET /api/v1/executions/${execution}`)).body as { status: string }).status;
  await expect.poll(look, PATIENCE).toBe(status);
}

/** Waits until its task waits for its event. */
export async function expectHolding({ ask }: ApiBench, execution: string): Promise<void> {
  const look = async () => (await ask(`GET /api/v1/executions/${execution}/tasks`)).body;
  await expect.poll(look, PATIENCE).toMatchObject({ tasks: [{ path: 'hold', status: 'parked' }] });
}

/** Lets the waiting workflow's executions end. */
export async function letGo({ ask }: ApiBench, workflow: string): Promise<void> {
  const { status } = await ask('POST /api/v1/events', { body: { type: `go.${workflow}`, data: { by: 'a test' } } });
  expect(status).toBe(202);
}
