import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { acquireOwnership, createSqliteLedgerStore } from '../../../adapters/embedded/index.ts';
import { taskPath } from '../../../core/ids/index.ts';
import type { LedgerStore } from '../../../core/ports/index.ts';
import { startProcess } from '../../makers/child-process.ts';
import { anId } from '../../makers/ledger-records.ts';
import { databaseOnDisk, temporaryDirectory } from '../../makers/temporary-directory.ts';

const file = (name: string): string => join(import.meta.dirname, name);
const loops = Array.from({ length: 8 }, (_, loop) => `loop${loop}`);

/** The last number that was acknowledged to each loop. */
function lastAcknowledged(lines: readonly string[]): Map<string, number> {
  return new Map(lines.map((line) => line.split(' ')).map(([loop = '', n]) => [loop, Number(n)]));
}

/** Fails unless the loop's commits are all there up to some number, each with all of its items. Answers that number. */
async function lastWholeCommit(ledger: LedgerStore, loop: string): Promise<number> {
  const task = await ledger.findTask(anId, taskPath(loop));
  const last = task?.revision ?? 0;
  const events = (await ledger.listEvents(anId)).filter(({ path }) => path === loop);
  const numbers = Array.from({ length: last }, (_, index) => index + 1);
  expect(events.map(({ n }) => n)).toEqual(numbers);
  const markers = [...numbers, last + 1].map((n) => taskPath(`${loop}[${n}]`));
  const found = await ledger.findTasks(anId, markers);
  expect(found.map((marker) => marker?.path)).toEqual([...markers.slice(0, last), undefined]);
  return last;
}

describe('a database whose process was killed in the middle of its commits', () => {
  it('has every acknowledged commit, and each commit whole', async () => {
    const path = join(temporaryDirectory(), 'skein.db');
    // Lines after which the process is killed; each round goes on with the database of the one before.
    const moments = fc.sample(fc.integer({ min: 1, max: 400 }), { numRuns: 8, seed: 20_261_121 });

    for (const moment of moments) {
      const child = startProcess(file('committing-process.ts'), path);
      await child.printed(moment);
      await child.kill();
      const acknowledged = lastAcknowledged(child.lines);

      const ownership = acquireOwnership(path);
      const database = databaseOnDisk(path);
      const ledger = createSqliteLedgerStore({ database });
      expect(ownership).toBeDefined();
      expect(acknowledged.size).toBeGreaterThan(0);
      for (const loop of loops) {
        expect(await lastWholeCommit(ledger, loop)).toBeGreaterThanOrEqual(acknowledged.get(loop) ?? 0);
      }
      database.close();
      ownership?.release();
    }
  });
});

describe('a database that the operating system refuses to write', () => {
  it('rejects the whole group, keeps what was acknowledged, and can still be read', () => {
    const path = join(temporaryDirectory(), 'skein.db');

    // 1,000 blocks of 512 bytes for each file.
    const script = 'ulimit -f 1000; exec "$0" "$@"';
    const output = execFileSync('sh', ['-c', script, process.execPath, file('filling-process.ts'), path], {
      encoding: 'utf8',
    });

    const { acknowledged, codes, found } = JSON.parse(output) as {
      acknowledged: number;
      codes: string[];
      found: number;
    };
    expect(codes).toEqual(Array(2).fill('UnavailableError database_io_error'));
    expect(acknowledged).toBeGreaterThan(10);
    expect(found).toBe(acknowledged);
  });
});
