import { describe, expect, it } from 'vitest';
import { EngineError } from '../../core/errors/index.ts';
import { isTerminal } from '../../core/execution/index.ts';
import { executionId, type ExecutionId } from '../../core/ids/index.ts';
import type { Json } from '../../core/json/index.ts';
import type { Turns } from '../../core/plan/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import { createEngineHarness } from '../makers/engine-harness.ts';

const RACERS = 40;
const PLACES = 3;

/** Who may begin, and who waits, as starts decide it by their commits, whatever the ledger. */
export function turnsContract(name: string, create: () => LedgerStore): void {
  const open = async (turns: Turns) => {
    const ledger = create();
    const harness = await createEngineHarness({ tasks: [{ id: 'one' }], turns }, { ledger });
    const { engine, started } = harness;
    const start = (number: number, input: Json = {}): Promise<string> =>
      engine
        .start({ workflow: 'sketch', version: '1', input }, idOf(number))
        .catch((error: unknown) => (error instanceof EngineError ? error.code : 'unknown'));
    const race = (count: number, inputOf?: (number: number) => Json) =>
      Promise.all(Array.from({ length: count }, (_, at) => start(at + 1, inputOf?.(at + 1))));
    const standing = async (status: 'queued' | 'planning') => {
      const ids = await ledger.listOpenExecutions();
      const records = await Promise.all(ids.map((id) => ledger.findExecution(id)));
      return records.filter((record) => record?.status === status).map((record) => record?.id ?? idOf(0));
    };
    /** As somebody who dies right after it. */
    const endAlone = async (id: ExecutionId): Promise<void> => {
      const record = await ledger.findExecution(id);
      if (!record || isTerminal(record.status)) throw new Error(`${id} does not go on`);
      const ended = { ...record, status: 'cancelled' as const, revision: record.revision + 1 };
      expect(await ledger.commit([{ kind: 'execution', record: ended }])).toBe('committed');
    };
    const end = async (id: ExecutionId): Promise<void> => {
      await engine.cancel(id, 'the test');
      if (started.includes(id)) await engine.conclude(id, `end of ${id}`);
    };
    return { engine, started, start, race, standing, end, endAlone };
  };

  describe(`turns on ${name}`, () => {
    it(
      'lets three of forty who race begin, and the others in their order, one for each that ends',
      { timeout: 120_000 },
      async () => {
        const { race, standing, started, end } = await open({ maxExecutions: PLACES, onLimit: 'queue' });

        await race(RACERS);
        const waiting = await standing('queued');
        const inside: number[] = [];
        for (let at = 0; at < RACERS; at += 1) {
          const going = await standing('planning');
          inside.push(going.length);
          const [first] = going;
          if (first) await end(first);
        }

        expect(waiting).toHaveLength(RACERS - PLACES);
        expect(Math.max(...inside)).toBe(PLACES);
        expect(inside.slice(0, RACERS - PLACES + 1)).toEqual(Array(RACERS - PLACES + 1).fill(PLACES));
        expect(started.slice(PLACES)).toEqual(waiting);
        expect([...(await standing('queued')), ...(await standing('planning'))]).toEqual([]);
      },
    );

    it('takes up what somebody left who died after an end: by the stream, the sweeper, or the next process', async () => {
      const { race, standing, engine, endAlone } = await open({ maxExecutions: 1, onLimit: 'queue' });
      await race(4);
      const order: (ExecutionId | undefined)[] = [];
      const dieAfterEnd = async (takeUp: (ended: ExecutionId, next: ExecutionId) => Promise<unknown>) => {
        const [inside = idOf(0)] = await standing('planning');
        const [next = idOf(0)] = await standing('queued');
        await endAlone(inside);
        await takeUp(inside, next);
        expect(await standing('planning')).toEqual([next]);
        order.push(next);
      };

      await dieAfterEnd((ended) => engine.repeat({ kind: 'execution', execution: ended }));
      await dieAfterEnd((_, next) => engine.sweep(next, { grace: 0, every: 60_000 }));
      await dieAfterEnd((_, next) => engine.resume(next));

      expect(order).toHaveLength(3);
      expect(await standing('queued')).toEqual([]);
    });

    it('has one execution for each value of the key, and others of other values beside it', async () => {
      const { race, standing, end, started } = await open({ key: '${ input.tenant }', onLimit: 'queue' });

      await race(12, (number) => ({ tenant: number % 3 }));
      const going = await standing('planning');
      const queued = await standing('queued');
      const [first = idOf(0)] = going;
      await end(first);

      expect(new Set(going.map((id) => numberOf(id) % 3))).toEqual(new Set([0, 1, 2]));
      expect([going.length, queued.length]).toEqual([3, 9]);
      const next = queued.find((id) => numberOf(id) % 3 === numberOf(first) % 3);
      expect(started).toEqual([...going.toSorted((a, b) => started.indexOf(a) - started.indexOf(b)), next]);
    });

    it('refuses who comes too late where the author says so, and names who is inside', async () => {
      const { race, standing, start, end } = await open({ maxExecutions: 2, onLimit: 'reject' });

      const answers = await race(12);
      const inside = await standing('planning');
      await end(inside[0] ?? idOf(0));
      const later = await start(50);

      expect(answers.filter((answer) => answer === 'too_many_executions')).toHaveLength(10);
      expect([inside.length, (await standing('queued')).length]).toEqual([2, 0]);
      expect(later).toBe(idOf(50));
    });
  });
}

function idOf(number: number): ExecutionId {
  return executionId(`exec_${String(number).padStart(3, '0')}`);
}

function numberOf(id: ExecutionId): number {
  return Number(id.slice('exec_'.length));
}
