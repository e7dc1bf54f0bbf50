import { explore, type Exploration } from './explore.ts';
import { plantedBugs } from './planted-bugs.ts';
import type { Protocol } from './protocol.ts';

/** What was found of a protocol. */
export interface Explored {
  readonly states: number;
  /** What does not hold, and planted bugs that were not found. */
  readonly wrong: readonly string[];
}

const numbers = new Intl.NumberFormat('en-US');
export const grouped = (count: number): string => numbers.format(count);
export const row = (...cells: readonly (string | number)[]): string =>
  `| ${cells.map((cell) => (typeof cell === 'number' ? grouped(cell) : cell)).join(' | ')} |`;

function verdictOf({ finding, isComplete }: Exploration): string {
  if (finding) return `**broken: ${finding.broken}**`;
  return isComplete ? 'all holds' : 'all holds in these, the nearest; progress was not looked at';
}

async function exploredRows(protocol: Protocol): Promise<Explored & { readonly rows: readonly string[] }> {
  const rows: string[] = [];
  const wrong: string[] = [];
  let states = 0;
  for (const { most, ...bounds } of protocol.bounds) {
    const found = await explore(await protocol.create(bounds), most);
    states += found.states;
    if (found.finding) wrong.push(`${protocol.name}: ${found.finding.broken}`);
    rows.push(row(bounds.processes, bounds.faults, found.states, found.transitions, found.depth, verdictOf(found)));
  }
  return { rows, wrong, states };
}

async function plantedRows(
  protocol: Protocol,
): Promise<Omit<Explored, 'states'> & { readonly rows: readonly string[] }> {
  const rows: string[] = [];
  const wrong: string[] = [];
  for (const { rule, finding, ...bounds } of plantedBugs.filter((bug) => bug.protocol === protocol.name)) {
    const found = await explore(await protocol.create(bounds));
    if (found.finding?.broken !== finding) wrong.push(`${protocol.name}: ${rule}`);
    rows.push(row(rule, found.finding?.broken ?? '**nothing**', found.states, found.finding?.trace.length ?? 0));
  }
  return { rows, wrong };
}

/** The page of a protocol, with what is found while it is written. */
export async function pageOf(protocol: Protocol): Promise<Explored & { readonly page: string }> {
  const model = await protocol.create({ processes: 1, faults: 0 });
  const explored = await exploredRows(protocol);
  const planted = await plantedRows(protocol);
  const page = [
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
    '## What was explored',
    '',
    row('functions at once', 'faults', 'states', 'transitions', 'depth', ''),
    row('---:', '---:', '---:', '---:', '---:', '---'),
    ...explored.rows,
    '',
    '## What each rule is there for',
    '',
    ...(planted.rows.length === 0
      ? ['What each condition is there for: [conditions](conditions.md).']
      : [
          'The same exploration with a rule taken out; what it finds first, after how many states, and in how many steps. Where progress breaks, stream and sweeper are left out as well: they would mend it. All conditions: [conditions](conditions.md).',
          '',
          row('without the rule that', 'breaks', 'states', 'steps'),
          row('---', '---', '---:', '---:'),
          ...planted.rows,
        ]),
    '',
  ].join('\n');
  return { page, states: explored.states, wrong: [...explored.wrong, ...planted.wrong] };
}

/** Pages that are written by hand. */
const others = [
  ['circuit-breaker', 'Circuit breakers'],
  ['resource-pool', 'Resource pools'],
  ['rate-limit', 'Rate limits'],
  ['cache', 'Caches'],
] as const;

/** All pages of this folder. */
export function indexPage(protocols: readonly Protocol[]): string {
  const line = (name: string, title: string): string => `- [${title}](${name}.md)`;
  return [
    '# Protocols',
    '',
    '<!-- Written by `npm run -s models`. -->',
    '',
    'How what is shared holds under races, lost answers, crashes and messages that come twice, and what was checked of it.',
    '',
    line('conditions', 'Every condition of every conditional write, and what finds that it is missing'),
    ...others.map(([name, title]) => `${line(name, title)}: how they work, by hand`),
    '',
    'Explored step by step, over the shipped functions:',
    '',
    ...protocols.map(({ name, title }) => line(name, title)),
    '',
  ].join('\n');
}
