import { describe, expect, it } from 'vitest';
import type { Breaker } from '../../../core/resilience/index.ts';
import type { EngineHarness } from '../../makers/engine-harness.ts';
import { aTable } from './a-table.ts';
import { createUnluckyHarness, idsOf } from './unlucky-harness.ts';

const table = aTable();
const MINUTE = 60_000;
const PROBERS = 50;

const breaker = {
  failureThreshold: 3,
  successThreshold: 2,
  timeout: 60,
  halfOpenMaxCalls: 3,
  whenOpen: 'wait',
} as const;
const worker = { type: 'worker', count: 1, maxConcurrentTasks: 1, capabilities: [], breaker };

const answerAll = (harness: EngineHarness, paths: readonly string[], answer: (path: string) => Promise<void>) =>
  Promise.all(paths.map(async (path) => answer(path))).then(() => harness.quiet());

describe('a breaker on DynamoDB, whose transactions meet and lose their answers', () => {
  it(
    'is opened once by those who report failures at once, gives 50 who race three permits, and lets all go when it closes',
    { timeout: 120_000 },
    async () => {
      const harness = await createUnluckyHarness(table, {
        tasks: idsOf(3 + PROBERS).map((id) => ({ id, continueOnFailure: true })),
        agents: { worker },
        onFailure: 'continue',
      });
      const execution = await harness.begin();
      const [first, probers] = [idsOf(3), idsOf(3 + PROBERS).slice(3)];
      await Promise.all(first.map((path) => harness.dispatch(execution, path)));

      await answerAll(harness, first, (path) =>
        harness.engine.answers.fail(harness.handle(execution, path), { name: 'AgentCrashed', message: 'gone' }),
      );
      expect(await harness.engine.findBreaker('worker')).toMatchObject({ status: 'open', epoch: 1 });
      harness.clock.advanceBy(MINUTE);
      await Promise.all(probers.map((path) => harness.dispatch(execution, path)));

      const tried = harness.calls.slice(3).map(({ path }) => path);
      expect(tried).toHaveLength(3);
      const trial = (await harness.engine.findBreaker('worker')) as Extract<Breaker, { status: 'half_open' }>;
      expect([trial.status, trial.epoch, Object.keys(trial.permits).length]).toEqual(['half_open', 2, 3]);

      await answerAll(harness, tried, (path) => harness.engine.answers.complete(harness.handle(execution, path), {}));
      await expect.poll(() => harness.calls.length, { timeout: 60_000 }).toBe(3 + PROBERS);

      expect(await harness.engine.findBreaker('worker')).toMatchObject({ status: 'closed', epoch: 3 });
      const events = (await harness.ledger.listEvents(execution)).map(({ type }) => type);
      expect(events.filter((type) => type.startsWith('breaker.')).toSorted()).toEqual([
        'breaker.closed',
        'breaker.half_opened',
        'breaker.opened',
      ]);
      expect(harness.errors).toEqual([]);
      expect(new Set(harness.met)).toEqual(new Set(['conflict', 'lost_answer']));
    },
  );
});
