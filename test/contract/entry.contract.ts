import { describe, expect, it } from 'vitest';
import { EngineError } from '../../core/errors/index.ts';
import { executionId, type ExecutionId } from '../../core/ids/index.ts';
import type { LedgerStore } from '../../core/ports/index.ts';
import type { Entry } from '../../engine/index.ts';
import { createEngineHarness } from '../makers/engine-harness.ts';

/** Who comes in the same moment. */
const RACERS = 12;

/** What starts decide by a commit, whatever the ledger. */
export function entryContract(name: string, create: () => LedgerStore): void {
  const open = async () => {
    const ledger = create();
    const { engine, started } = await createEngineHarness({ tasks: [{ id: 'one' }] }, { ledger });
    let last = 0;
    const start = async (entry?: Entry): Promise<string> => {
      last += 1;
      const id = executionId(`exec_${String(last).padStart(3, '0')}`);
      const request = { workflow: 'sketch', version: '1', input: {}, ...(entry && { entry }) };
      return engine
        .start(request, id)
        .catch((error: unknown) => (error instanceof EngineError ? error.code : 'unknown'));
    };
    const race = (entry: Entry) => Promise.all(Array.from({ length: RACERS }, () => start(entry)));
    const end = async (id: string): Promise<void> => {
      const record = await ledger.findExecution(executionId(id));
      if (!record) throw new Error(`there is no ${id}`);
      const ended = { ...record, status: 'cancelled' as const, revision: record.revision + 1 };
      expect(await ledger.commit([{ kind: 'execution', record: ended }])).toBe('committed');
    };
    return { ledger, started, start, race, end };
  };
  const inOf = (answers: readonly string[]): ExecutionId[] =>
    answers.filter((answer) => answer.startsWith('exec_')).map(executionId);

  describe(`entry on ${name}`, () => {
    it('lets as many in as there are places, of all who race for them', async () => {
      const { ledger, started, race } = await open();

      const answers = await race({ most: 3 });

      expect(inOf(answers)).toHaveLength(3);
      expect(answers.filter((answer) => answer === 'no_capacity')).toHaveLength(RACERS - 3);
      expect((await ledger.listOpenExecutions()).toSorted()).toEqual(inOf(answers).toSorted());
      expect(started.toSorted()).toEqual(inOf(answers).toSorted());
    });

    it('lets the next ones in once somebody has ended, and no more than that', async () => {
      const { race, end } = await open();
      const [first = '', second = ''] = inOf(await race({ most: 3 }));

      await end(first);
      await end(second);

      expect(inOf(await race({ most: 3 }))).toHaveLength(2);
    });

    it('lets one in of all who want to be alone, and the next once that one has ended', async () => {
      const { race, end } = await open();

      const answers = await race({ exclusive: true });
      const [alone = ''] = inOf(answers);
      const meanwhile = await race({ exclusive: true });
      await end(alone);
      const later = await race({ exclusive: true });

      expect(inOf(answers)).toHaveLength(1);
      expect(answers.filter((answer) => answer === 'already_executing')).toHaveLength(RACERS - 1);
      expect(inOf(meanwhile)).toEqual([]);
      expect(inOf(later)).toHaveLength(1);
    });

    it('refuses who wants to be alone while somebody goes on who did not, and not the other way round', async () => {
      const { start } = await open();

      await start();
      const refused = await start({ exclusive: true });
      const other = await start({ most: 2 });
      const full = await start({ most: 2 });

      expect([refused, full]).toEqual(['already_executing', 'no_capacity']);
      expect(inOf([other])).toHaveLength(1);
    });
  });
}
