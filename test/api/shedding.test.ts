import { describe, expect, it } from 'vitest';
import { createMemoryLedgerStore } from '../../adapters/embedded/index.ts';
import { createApi, routes, scopes, type TenantServices } from '../../api/index.ts';
import { noteLate, refusedFor } from '../../core/resilience/index.ts';
import { recordQueueAge } from '../../engine/index.ts';

const SECOND = 1_000;
const NOW = 1_000_000;

/** An API whose engine is so far behind. Whatever else is asked of its services is not there. */
async function openBehind(age: number) {
  const ledger = createMemoryLedgerStore();
  await recordQueueAge(ledger, noteLate(noteLate(undefined, age * SECOND, NOW), age * SECOND, NOW));
  const services = { ledger, clock: { now: () => NOW }, ids: { executionId: () => 'exec_1', random: () => 0 } };
  const app = createApi(routes, {
    authenticate: async () => ({ tenant: 'one', subject: 'ann', scopes: new Set(scopes), roles: [] }),
    forTenant: async () => services as unknown as TenantServices,
    answersTo: async () => undefined,
    state: { version: '1', checks: {} },
  });
  return async (method: string, path: string) => {
    const answer = await app.request(path, { method });
    const { code } = (await answer.json()) as { code?: string };
    return { code, retryAfter: answer.headers.get('retry-after'), status: answer.status };
  };
}

const shedding = routes.filter(({ sheds }) => sheds);
const concrete = (path: string): string => path.replaceAll(/\{\w+\}/g, 'x');

describe('an API whose engine is far behind', () => {
  it('sheds definitions, starts and searches, and nothing else', () => {
    expect(shedding.map(({ operation, sheds }) => `${operation}: ${sheds}`).toSorted()).toEqual([
      'createWorkflow: definition',
      'executeWorkflow: start',
      'listExecutions: search',
    ]);
  });

  it.each([[2], [4], [10], [90]])(
    'refuses with 503 and Retry-After what is too much at an age of %i s',
    async (age) => {
      const ask = await openBehind(age);

      for (const { method, path, sheds } of shedding) {
        const answer = await ask(method, concrete(path));
        const seconds = sheds && refusedFor(sheds, age * SECOND, 0);
        if (seconds === undefined) expect(answer.code).not.toBe('overloaded');
        else expect(answer).toEqual({ status: 503, code: 'overloaded', retryAfter: String(seconds) });
      }
    },
  );

  it('never refuses answers, heartbeats, cancels and looks at one execution', async () => {
    const ask = await openBehind(600);

    for (const route of routes.filter(({ sheds }) => !sheds)) {
      expect((await ask(route.method, concrete(route.path))).code).not.toBe('overloaded');
    }
  });
});
