// `npm run -s example:flaky-upstream`: starts the service, runs the workflow against it, and compares what both have recorded.
// `-- --database <file> --outage <seconds>`: in a database that another terminal can watch, and for as long as that takes.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openReader } from '../../local/index.ts';
import { compareWithLog } from './upstream/compare.ts';
import { startPriceService } from './upstream/price-service.ts';

const products = [
  'apple',
  'bread',
  'cheese',
  'dates',
  'eggs',
  'figs',
  'grapes',
  'honey',
  'jam',
  'kale',
  'leek',
  'milk',
];
const here = (path: string): string => new URL(path, import.meta.url).pathname;

const { values } = parseArgs({ options: { database: { type: 'string' }, outage: { type: 'string', default: '3' } } });
const outage = Number(values.outage) * 1_000;
if (!(outage >= 0)) throw new Error(`--outage is a number of seconds, not ${values.outage}`);

const folder = mkdtempSync(join(tmpdir(), 'flaky-upstream-'));
const database = resolve(values.database ?? join(folder, 'skein.db'));
const service = await startPriceService({ callsUntilOutage: 5, outage });
try {
  if (values.database !== undefined) {
    for (const verb of ['breakers', 'pools'])
      process.stdout.write(`in another terminal: npx skein ${verb} --watch --database ${values.database}\n`);
  }
  const inputs = ['--input', `upstream=${service.url}`, '--input', `products=${JSON.stringify(products)}`];
  const skein = [here('../../cli/skein.js'), 'run', here('./flaky-upstream.yaml'), '--database', database, ...inputs];
  const code = await new Promise<number | null>((resolve) => {
    // Not a terminal, so that every event is a line of its own.
    const child = spawn(process.execPath, skein, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.pipe(process.stdout);
    child.on('close', resolve);
  });
  const { reader, close } = openReader(database);
  const [view] = await reader.list({ limit: 1 });
  const events = view ? await reader.events(view.execution) : [];
  close();
  const began = service.log[0]?.at ?? 0;
  const seconds = (at: number): string => `${((at - began) / 1000).toFixed(1)} s`;
  const failed = service.log.filter(({ status }) => status === 503).length;
  process.stdout.write(`\nThe service has seen ${service.log.length} requests and refused ${failed} of them.\n`);
  const open = compareWithLog(events, service.log);
  for (const { from, to, underWay, gotThrough } of open) {
    process.stdout.write(
      `The breaker was open from ${seconds(from)} to ${seconds(to)}: ${gotThrough} calls went out, ${underWay} were under way.\n`,
    );
  }
  process.exitCode = code === 0 && open.every(({ gotThrough }) => gotThrough === 0) ? 0 : 1;
} finally {
  await service.close();
  rmSync(folder, { recursive: true });
}
