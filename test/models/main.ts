import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { explore, type Exploration } from './explore.ts';
import { plantedBugs } from './planted-bugs.ts';
import { protocols, type Protocol } from './protocols.ts';

/*
 * Explores every protocol within all its bounds and writes what was found to docs/protocols: `npm run -s models`.
 * It ends with 1 where something does not hold, or a planted bug is not found.
 */

const folder = fileURLToPath(new URL('../../docs/protocols/', import.meta.url));
const grouped = new Intl.NumberFormat('en-US');
const row = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => (typeof cell === 'number' ? grouped.format(cell) : cell)).join(' | ')} |`;

let states = 0;
const wrong: string[] = [];

function verdictOf({ finding, isComplete }: Exploration): string {
  if (finding) wrong.push(finding.broken);
  return finding ? `**broken: ${finding.broken}**` : isComplete ? 'all holds' : 'not finished';
}

async function explored(protocol: Protocol): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const bounds of protocol.bounds) {
    const found = await explore(await protocol.create(bounds));
    states += found.states;
    rows.push(row(bounds.processes, bounds.faults, found.states, found.transitions, found.depth, verdictOf(found)));
  }
  return rows;
}

async function planted(protocol: Protocol): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const { rule, finding, ...bounds } of plantedBugs.filter((bug) => bug.protocol === protocol.name)) {
    const found = await explore(await protocol.create(bounds));
    if (found.finding?.broken !== finding) wrong.push(rule);
    rows.push(row(rule, found.finding?.broken ?? '**nothing**', found.states, found.finding?.trace.length ?? 0));
  }
  return rows;
}

async function pageOf(protocol: Protocol): Promise<string> {
  const model = await protocol.create({ processes: 1, faults: 0 });
  return [
    `# ${protocol.title}`,
    '',
    '<!-- Written by `npm run -s models`. -->',
    '',
    protocol.about,
    '',
    'The functions are the shipped ones: each of their calls to the ledger, to agents, timers and machines is a step, and the steps of',
    'functions that run at once are taken in every order. A fault is a lost answer (what was asked for is done, and an error comes back), a',
    'crash before a call, after which the message comes again, or a message that comes twice. The stream repeats every commit, and the sweeper',
    'comes when all else is quiet. States differ when the ledger, the functions under way with all that they have read, the messages or what',
    'reached the world outside differ.',
    '',
    '## What holds in every state',
    '',
    ...Object.keys(model.invariants).map((name) => `- ${name}`),
    '- progress: from every state, without another fault, the execution can reach its end',
    '',
    '## What was explored, exhaustively',
    '',
    row('functions at once', 'faults', 'states', 'transitions', 'depth', ''),
    row('---:', '---:', '---:', '---:', '---:', '---'),
    ...(await explored(protocol)),
    '',
    '## What each rule is there for',
    '',
    'The same exploration with a rule taken out; what it finds first, after how many states, and in how many steps. Where progress breaks, stream and sweeper are left out as well: they would mend it.',
    '',
    row('without the rule that', 'breaks', 'states', 'steps'),
    row('---', '---', '---:', '---:'),
    ...(await planted(protocol)),
    '',
  ].join('\n');
}

mkdirSync(folder, { recursive: true });
for (const protocol of protocols) {
  writeFileSync(`${folder}${protocol.name}.md`, await pageOf(protocol));
  process.stdout.write(`${protocol.name}: ${grouped.format(states)} states so far\n`);
}
process.exitCode = wrong.length === 0 ? 0 : 1;
