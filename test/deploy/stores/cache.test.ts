import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { createDynamoLedgerStore } from '../../../adapters/aws/index.ts';
import type { ExecutionId } from '../../../core/ids/index.ts';
import { aTable } from './a-table.ts';
import { createUnluckyHarness } from './unlucky-harness.ts';

const table = aTable();
const CLIENTS = 40;

describe('a cache on DynamoDB, whose transactions meet and lose their answers', () => {
  it(
    'makes one call for 40 executions that race for its answer, and another one only after it has failed',
    { timeout: 240_000 },
    async () => {
      const harness = await createUnluckyHarness(table, {
        tasks: [{ id: 'scan', input: { of: '${ input.of }' }, cache: { ttl: 600 } }],
      });
      const executions: ExecutionId[] = [];
      for (let i = 0; i < CLIENTS; i += 1) executions.push(await harness.begin({ of: 'a' }));

      await Promise.all(executions.map((execution) => harness.dispatch(execution, 'scan', `${execution}/scan`)));

      expect(harness.calls).toHaveLength(1);
      const [first] = harness.calls;
      if (!first) return;
      const failure = { name: 'ToolBroken', message: 'it broke', retryable: false };
      await harness.engine.answers.fail(harness.handle(first.execution, 'scan'), failure);
      await expect.poll(() => harness.calls.length, { timeout: 60_000 }).toBe(2);
      const second = harness.calls[1]?.execution as ExecutionId;
      expect(second).not.toBe(first.execution);
      await harness.engine.answers.complete(harness.handle(second, 'scan'), 'shared');

      const others = executions.filter((execution) => execution !== first.execution && execution !== second);
      for (const execution of others) {
        await expect
          .poll(() => harness.task(execution, 'scan'), { timeout: 60_000 })
          .toMatchObject({
            status: 'succeeded',
            attempts: 0,
            output: { inline: 'shared' },
            cached: { execution: second },
          });
      }
      expect(harness.calls).toHaveLength(2);
      expect(harness.errors).toEqual([]);
      expect(new Set(harness.met)).toEqual(new Set(['conflict', 'lost_answer']));
    },
  );

  it('leaves it to the table to take away what nobody misses any more', async () => {
    const deps = table.deps();
    const ledger = createDynamoLedgerStore(deps);
    const record = { key: 'cache/review/abc', value: {}, revision: 1 };
    await ledger.commit([{ kind: 'control', record: { ...record, uselessFrom: 90_500 } }]);
    await ledger.commit([{ kind: 'control', record: { ...record, key: 'cache/review/kept' } }]);
    const item = async (name: string) => {
      const Key = { pk: `T#${deps.tenant}#CTL#cache/review`, sk: name };
      return (await deps.client.send(new GetCommand({ TableName: deps.table, Key }))).Item;
    };

    expect(await item('abc')).toMatchObject({ expiresAt: 91, revision: 1 });
    expect(await item('kept')).not.toHaveProperty('expiresAt');
    expect(await item('kept')).toBeDefined();
  });
});
