import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { conditionsPage, type ConditionFound } from './conditions-page.ts';
import { blindnessOf, conditions } from './conditions.ts';
import { explore } from './explore.ts';
import { grouped, indexPage, pageOf, type Explored } from './protocol-page.ts';
import { protocolNamed, protocols } from './protocols.ts';

/*
 * Explores every protocol, looks for every planted bug, and writes what was found to docs/protocols: `npm run -s models`, with `--json`
 * as one object. It ends with 1 where something does not hold, or a planted bug is not found. Each protocol has a process of its own.
 */

const folder = fileURLToPath(new URL('../../docs/protocols/', import.meta.url));
const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: 'boolean' } } });
const [own] = positionals;

/** What a process says of one protocol, or of the conditions that it finds. */
interface Report extends Explored {
  readonly protocol: string;
  readonly seconds: number;
  readonly conditions: readonly ConditionFound[];
}

/** Planted bugs of conditions that this protocol finds. */
async function conditionsFound(protocol: string): Promise<readonly ConditionFound[]> {
  const found: ConditionFound[] = [];
  for (const condition of conditions) {
    const { site, condition: item, witness } = condition;
    if (!('protocol' in witness) || witness.protocol !== protocol) continue;
    const { processes, faults, finding } = witness;
    const without = blindnessOf(condition);
    const run = await explore(await protocolNamed(protocol).create({ processes, faults, planted: { without } }));
    const isFound = run.finding?.broken === finding;
    found.push({ site, condition: item, isFound, states: run.states, steps: run.finding?.trace.length ?? 0 });
  }
  return found;
}

async function exploreOne(name: string): Promise<Report> {
  const start = performance.now();
  const { page, ...explored } = await pageOf(protocolNamed(name));
  writeFileSync(`${folder}${name}.md`, page);
  const bugs = await conditionsFound(name);
  const missed = bugs
    .filter(({ isFound }) => !isFound)
    .map(({ site, condition }) => `${site}: ${condition} is not needed`);
  const seconds = Math.round((performance.now() - start) / 1000);
  return { protocol: name, ...explored, wrong: [...explored.wrong, ...missed], seconds, conditions: bugs };
}

/** In a process of its own, whose memory is its own. */
function report(name: string): Promise<Report> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), name], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(JSON.parse(said) as Report);
      else reject(new Error(`${name} has ended with ${code}`));
    });
  });
}

async function exploreAll(): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const reports: Report[] = [];
  const waiting = protocols.map(({ name }) => name);
  const work = async (): Promise<void> => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const done = await report(name);
      reports.push(done);
      const states = reports.reduce((sum, each) => sum + each.states, 0);
      const line = `${name}: ${grouped(done.states)} states in ${done.seconds} s; ${grouped(states)} so far`;
      if (!values.json) process.stdout.write(`${[line, ...done.wrong].join('\n  ')}\n`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(2, availableParallelism()) }, work));
  writeFileSync(`${folder}conditions.md`, conditionsPage(reports.flatMap((it) => it.conditions)));
  writeFileSync(`${folder}README.md`, indexPage(protocols));
  const wrong = reports.flatMap((it) => it.wrong);
  const states = reports.reduce((sum, each) => sum + each.states, 0);
  if (values.json) process.stdout.write(`${JSON.stringify({ states, wrong, protocols: reports })}\n`);
  process.exitCode = wrong.length === 0 ? 0 : 1;
}

if (own === undefined) await exploreAll();
else process.stdout.write(JSON.stringify(await exploreOne(own)));
