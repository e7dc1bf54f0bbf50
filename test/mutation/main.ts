// `npm run mutation [-- room…]`: mutates room after room, each against its own tests, and prints the scores. Fails below 90 %.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { addUp, printScores, readScore, type Report, type Score } from './scores.ts';

/** What a room's mutants have to be noticed by; a room without an entry has its own tests only. */
const testsOf: Readonly<Record<string, readonly string[]>> = {
  'core/execution': ['test/core/execution', 'test/engine'],
};

const rooms = [
  'core/agents',
  'core/answers',
  'core/definition',
  'core/diagnostics',
  'core/errors',
  'core/execution',
  'core/expressions',
  'core/forecast',
  'core/ids',
  'core/json',
  'core/plan',
  'core/projections',
  'core/schemas',
  'core/validation',
  'statemachines',
];

const LEAST = 90;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, concurrency: { type: 'string', default: '2' } },
});
const stryker = join(
  dirname(createRequire(import.meta.url).resolve('@stryker-mutator/core/package.json')),
  'bin/stryker.js',
);
const asked = positionals.length > 0 ? positionals : rooms;
const scores = asked.map((room) => mutate(room, room.replaceAll('/', '-')));
if (values.json) console.log(JSON.stringify({ rooms: scores, all: addUp(scores) }, null, 2));
else process.stdout.write(printScores(scores));
if (addUp(scores).percent < LEAST) process.exitCode = 1;

function mutate(room: string, name: string): Score {
  const folder = `reports/mutation/${name}`;
  mkdirSync(folder, { recursive: true });
  const tests = (testsOf[room] ?? [`test/${room}`]).map((path) => `${path}/**/*.test.ts`);
  const config = JSON.parse(readFileSync('stryker.config.json', 'utf8')) as Record<string, unknown>;
  const own = {
    ...config,
    mutate: [`${room}/**/*.ts`, '!**/index.ts'],
    testFiles: tests,
    incrementalFile: `${folder}/incremental.json`,
    jsonReporter: { fileName: `${folder}/mutation.json` },
    tempDirName: `.skein/mutation/${name}`,
    concurrency: Number(values.concurrency),
  };
  writeFileSync(`${folder}/stryker.json`, JSON.stringify(own, null, 2));
  console.error(`${room}: against ${tests.join(', ')}`);
  const log = spawnSync(process.execPath, [stryker, 'run', `${folder}/stryker.json`], { encoding: 'utf8' });
  writeFileSync(`${folder}/survivors.txt`, log.stdout);
  if (log.status !== 0) throw new Error(`Stryker gave up on ${room}:\n${log.stdout.slice(-2_000)}${log.stderr}`);
  const score = readScore(room, JSON.parse(readFileSync(`${folder}/mutation.json`, 'utf8')) as Report);
  console.error(`${room}: ${score.percent.toFixed(1)} %; who survived stands in ${folder}/survivors.txt`);
  return score;
}
