// `npm run -s soak -- [--minutes 30] [--lanes 8] [--seed 1]`: the embedded runtime under a steady load of workflows whose agents fail, crash and
// hang, once in worker processes and once in the engine's own. Exit code 1 when an execution does not end, a history breaks a promise, the
// engine reports an error, or memory or descriptors grow.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openLaptop, type Laptop } from '../local/index.ts';
import { startLoad, type Load } from './soak/load.ts';
import { createProbe, growthOf, type Sample } from './soak/probe.ts';
import { compileSoak, functions } from './soak/workflows.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    lanes: { type: 'string', default: '8' },
    seed: { type: 'string', default: '1' },
  },
});
const minutes = Number(values.minutes);
const SAMPLE_EVERY_MS = 10_000;
/** Before, the engine still warms up, and a slope says more of chance than of a leak. */
const JUDGED_FROM_MINUTES = 10;
/** Megabytes a minute: half of what a laptop would notice in a day. */
const HEAP_GROWTH = 0.5;
/** A minute: a leak of one for each hundred executions would be more. */
const DESCRIPTOR_GROWTH = 0.5;

interface Soaked {
  readonly name: string;
  readonly laptop: Laptop;
  readonly load: Load;
}

const directory = mkdtempSync(join(tmpdir(), 'skein-soak-'));
const problems: string[] = [];

async function begin(name: string, inProcess: boolean): Promise<Soaked> {
  const laptop = await openLaptop({
    database: join(directory, `${name}.db`),
    ...(inProcess && { functions }),
    onError: (error) =>
      problems.push(`${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
  });
  const versions = [];
  for (const workflow of compileSoak()) versions.push(await laptop.runtime.publish(workflow));
  return {
    name,
    laptop,
    load: startLoad({ laptop, versions, seed: Number(values.seed), lanes: Number(values.lanes) }),
  };
}

function print({ minutes: at, heap, resident, handles, descriptors }: Sample, all: readonly Soaked[]): void {
  const figures = [at.toFixed(1), heap.toFixed(1), resident.toFixed(0), handles, descriptors];
  const ended = all.map(({ load }) => [...load.ended].map(([status, count]) => `${count} ${status}`).join(', '));
  console.log(`| ${[...figures, ...ended].join(' | ')} |`);
}

/** Violations of the promises in the histories of those that were sampled. */
async function verify({ name, laptop, load }: Soaked): Promise<void> {
  for (const execution of load.sample) {
    for (const violation of await laptop.reader.verify(execution)) {
      problems.push(`${name}: ${execution}: ${JSON.stringify(violation)}`);
    }
  }
  problems.push(...load.broken.map((broken) => `${name}: ${broken}`));
}

const all = [await begin('workers', false), await begin('in-process', true)];
const probe = createProbe();
const samples: Sample[] = [];
console.log(
  '| minute | heap MB | RSS MB | handles | descriptors | agents in workers: ended | agents in-process: ended |',
);
console.log('|---|---|---|---|---|---|---|');
while ((samples.at(-1)?.minutes ?? 0) < minutes) {
  await sleep(SAMPLE_EVERY_MS);
  const sample = probe();
  const isNewMinute = Math.floor(sample.minutes) > Math.floor(samples.at(-1)?.minutes ?? 0);
  samples.push(sample);
  if (isNewMinute) print(sample, all);
}
await Promise.all(all.map(({ load }) => load.stop()));
for (const soaked of all) await verify(soaked);
const stored = all.map(({ name }) => statSync(join(directory, `${name}.db`)).size / 1_024 / 1_024);
for (const { laptop } of all) await laptop.close();
rmSync(directory, { recursive: true });

const growth = growthOf(samples);
const verified = all.reduce((sum, { load }) => sum + load.sample.length, 0);
console.log(
  `\nA minute, over the later half: heap ${growth.heap.toFixed(2)} MB, handles ${growth.handles.toFixed(2)}, descriptors ${growth.descriptors.toFixed(2)}.`,
);
console.log(`Histories verified: ${verified}. Databases: ${stored.map((size) => size.toFixed(0)).join(' and ')} MB.`);
if (minutes >= JUDGED_FROM_MINUTES && growth.heap > HEAP_GROWTH) problems.push('The heap grows.');
if (minutes >= JUDGED_FROM_MINUTES && growth.descriptors > DESCRIPTOR_GROWTH) problems.push('Descriptors grow.');
for (const problem of problems.slice(0, 20)) console.log(`BROKEN ${problem}`);
console.log(problems.length === 0 ? 'All promises were kept.' : `${problems.length} promises were broken.`);
process.exitCode = problems.length === 0 ? 0 : 1;
