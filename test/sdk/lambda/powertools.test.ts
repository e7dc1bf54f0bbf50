import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { CachePersistenceLayer } from '@aws-lambda-powertools/idempotency/cache';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { describe, expect, it, onTestFinished } from 'vitest';
import { taskErrorOfLambda, type AgentFunction, type LambdaFailure } from '../../../core/agents/index.ts';
import { toLambda } from '../../../sdk/lambda/index.ts';
import { invokeLambda, lambdaCall } from '../../../sdk/testing/index.ts';
import { agentWorld } from '../../makers/agent-world.ts';

/** As much of a cache as the layer asks for. */
function memoryCache() {
  const values = new Map<string, string>();
  return {
    get: async (key: string) => values.get(key) ?? null,
    async set(key: string, value: string, options?: { readonly NX?: boolean }) {
      if (options?.NX && values.has(key)) return null;
      values.set(key, value);
      return 'OK' as const;
    },
    del: async (keys: string[]) => keys.filter((key) => values.delete(key)).length,
  };
}

function lockedAgent(agent: AgentFunction) {
  process.env['AWS_LAMBDA_FUNCTION_NAME'] = 'agent';
  onTestFinished(() => {
    delete process.env['AWS_LAMBDA_FUNCTION_NAME'];
  });
  const persistenceStore = new CachePersistenceLayer({ client: memoryCache() });
  const config = new IdempotencyConfig({ eventKeyJmesPath: 'context.idempotencyKey' });
  return toLambda(agent, { world: agentWorld() }).use(makeHandlerIdempotent({ persistenceStore, config }));
}

describe("Powertools' idempotency around a Lambda agent", () => {
  it('answers a repeat, also of a later attempt, from its store', async () => {
    let paid = 0;
    const handler = lockedAgent(() => ({ receipt: ++paid }));

    const first = await invokeLambda(handler, lambdaCall({}));
    const again = await invokeLambda(handler, lambdaCall({}, { handle: 'hdl_2', context: { attempt: 2 } }));

    expect([first.responsePayload, again.responsePayload]).toEqual([{ receipt: 1 }, { receipt: 1 }]);
  });

  it('lets one of two deliveries at once work, and fails the other by a name of its own', async () => {
    const step = Promise.withResolvers<string>();
    const handler = lockedAgent(() => step.promise);
    const first = invokeLambda(handler, lambdaCall({}));

    const second = await invokeLambda(handler, lambdaCall({}));
    step.resolve('paid');

    expect(taskErrorOfLambda(second.responsePayload as LambdaFailure).name).toBe('IdempotencyAlreadyInProgressError');
    expect((await first).responsePayload).toBe('paid');
  });

  it('forgets what failed', async () => {
    let tries = 0;
    const handler = lockedAgent(() => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return tries;
    });

    await invokeLambda(handler, lambdaCall({}));
    const again = await invokeLambda(handler, lambdaCall({}, { context: { attempt: 2 } }));

    expect(again.responsePayload).toBe(2);
  });
});
