import { describe, expect, it } from 'vitest';
import { createDynamoLedgerStore } from '../../../adapters/aws/index.ts';
import { verifyHistory } from '../../../core/projections/index.ts';
import { createEngineHarness } from '../../makers/engine-harness.ts';
import { aTable } from './a-table.ts';
import { plantFaults } from './faulty-client.ts';

const table = aTable();

const WRITERS = 64;
/** Each of them writes one item twice, and of those who come at once one gets through: so many tries at the most, before faults. */
const MOST_TRIES = 4 * WRITERS * WRITERS;

describe('one execution on DynamoDB, whose transactions meet and lose their answers', () => {
  it(
    'lets 64 writers of one item through, without a gap in its history and without going round in circles',
    { timeout: 300_000 },
    async () => {
      const client = table.newClient(10);
      let tries = 0;
      const met = plantFaults(client, (possible) => {
        if (!possible.includes('conflict')) return undefined;
        tries += 1;
        if (tries % 5 === 0) return 'conflict';
        return tries % 17 === 0 ? 'lost_answer' : undefined;
      });
      const paths = Array.from({ length: WRITERS }, (_, at) => `t${at}`);
      const harness = await createEngineHarness(
        // A place of the limit is the one item that all of them write.
        { tasks: paths.map((id) => ({ id })), maxParallel: WRITERS },
        { ledger: createDynamoLedgerStore({ ...table.deps(), client }) },
      );
      const execution = await harness.begin();

      await Promise.all(paths.map((path) => harness.dispatch(execution, path)));
      const dispatched = tries;
      await Promise.all(
        paths.map((path) => harness.engine.answers.complete(harness.handle(execution, path), { by: path })),
      );
      await harness.engine.conclude(execution, 'end');

      const events = await harness.ledger.listEvents(execution);
      console.info(
        `${WRITERS} writers: ${dispatched} tries to dispatch, ${tries - dispatched} to settle and end, ${met.length} faults`,
      );
      expect((await harness.ledger.findExecution(execution))?.status).toBe('succeeded');
      expect(harness.calls).toHaveLength(WRITERS);
      expect(verifyHistory({ events })).toEqual([]);
      expect(events.filter(({ type }) => type === 'task.completed')).toHaveLength(WRITERS);
      expect((await harness.ledger.findLimit(execution, 'max_parallel'))?.holders).toEqual([]);
      expect(tries).toBeLessThan(MOST_TRIES);
      expect(new Set(met)).toEqual(new Set(['conflict', 'lost_answer']));
      expect(harness.errors).toEqual([]);
    },
  );
});
