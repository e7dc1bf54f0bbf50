// A process that owns the database at argv[2] and commits to it from eight loops at once until somebody kills it.
// Each commit makes three items of one number; the number is printed once the commit is acknowledged.
import { writeSync } from 'node:fs';
import { acquireOwnership, createSqliteLedgerStore, openDatabase } from '../../../adapters/embedded/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import { commitDurably } from '../../makers/commit-durably.ts';
import { aTask, anEvent, anId } from '../../makers/ledger-records.ts';

const path = process.argv[2] ?? '';
if (acquireOwnership(path) === undefined) throw new Error('the database has another owner');
const ledger = createSqliteLedgerStore({ database: openDatabase({ path, mode: 'owner' }) });

async function commitForEver(task: string): Promise<never> {
  const path = taskPath(task);
  const stored = await ledger.findTask(anId, path);
  for (let n = (stored?.revision ?? 0) + 1; ; n += 1) {
    const result = await commitDurably(ledger, [
      { kind: 'event', event: anEvent({ path, n, lamport: n }) },
      { kind: 'task', record: aTask({ path, revision: n, token: 'x'.repeat(500) }) },
      { kind: 'task', record: aTask({ path: taskPath(`${task}[${n}]`) }) },
    ]);
    if (result === 'conflict') throw new Error(`conflict at ${task} ${n}`);
    // Not console.log: this returns only when the pipe has the line, so what is read was acknowledged before the kill.
    writeSync(1, `${task} ${n}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, loop) => commitForEver(`loop${loop}`)));
