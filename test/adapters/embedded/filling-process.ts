// A process whose files may not grow beyond a limit that its parent has set: commits to the database at argv[2] until that fails.
import { createSqliteLedgerStore, openDatabase } from '../../../adapters/embedded/index.ts';
import { EngineError } from '../../../core/errors/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { commitDurably } from '../../makers/commit-durably.ts';
import { aTask, anId } from '../../makers/ledger-records.ts';

const path = process.argv[2] ?? '';
const ledger = createSqliteLedgerStore({ database: openDatabase({ path, mode: 'owner' }) });

async function commitPair(n: number): Promise<readonly PromiseSettledResult<unknown>[]> {
  const commit = (name: string) => {
    const record = aTask({ path: taskPath(`${name}[${n}]`), token: 'x'.repeat(2_000) });
    return commitDurably(ledger, [{ kind: 'task', record }]);
  };
  return Promise.allSettled([commit('a'), commit('b')]);
}

let acknowledged = 0;
let results = await commitPair(0);
while (results.every(({ status }) => status === 'fulfilled')) {
  acknowledged += results.length;
  results = await commitPair(acknowledged);
}
const codes = results.map((result) => {
  if (result.status === 'fulfilled') return 'fulfilled';
  return result.reason instanceof EngineError ? `${result.reason.name} ${result.reason.code}` : String(result.reason);
});
const stored = createSqliteLedgerStore({ database: openDatabase({ path, mode: 'read_only' }) });
console.log(JSON.stringify({ acknowledged, codes, found: (await stored.listTasks(anId)).length }));
