import type { DeclaredPart, Estimate, PeakAmount } from '../../core/forecast/index.ts';
import type { Plan } from '../../core/plan/index.ts';
import { alignColumns, cell } from './columns.ts';
import { costLines } from './cost-table.ts';
import { nameText } from './doer-text.ts';
import { makespanLines } from './makespan-lines.ts';
import { counted, limitText, memoryText, usdText, withCommas } from './numbers.ts';
import { someOf } from './some-of.ts';
import type { Style } from './style.ts';

const MARGIN = '  ';

/** What an execution will need, in sections: its agents, its time, its money. */
export function estimateSections(plan: Plan, estimate: Estimate, style: Style): string[][] {
  return [
    agentLines(plan, estimate, style),
    makespanLines(estimate, style),
    costLines(estimate.cost, style),
    budgetLines(plan, estimate, style),
  ];
}

const AGENT_TITLES = ['agents', 'type', 'instances', 'at once', 'cores', 'memory', 'tasks'];

function agentLines(plan: Plan, { resources }: Estimate, style: Style): string[] {
  const agents = Object.entries(plan.agents);
  if (agents.length === 0) return [];
  const tasks = Map.groupBy(
    plan.tasks.filter((task) => task.kind === 'agent'),
    ({ agent }) => agent,
  );
  const rows = agents.map(([name, { type, count, pool, cores, memory }]) =>
    [
      MARGIN + name,
      type,
      withCommas(count),
      pool ? withCommas(pool.capacity) : 'any',
      cores === undefined ? '' : withCommas(cores),
      memory === undefined ? '' : memoryText(memory),
      someOf((tasks.get(name) ?? []).map((task) => nameText(task))),
    ].map((text) => cell(text)),
  );
  const head = AGENT_TITLES.map((title, at) => cell(title, style(at === 0 ? 'heading' : 'quiet', title)));
  return [...alignColumns([head, ...rows], [2, 3, 4, 5]), ...resourceLines(resources)];
}

function resourceLines({ instances, total, peak, unspecified }: Estimate['resources']): string[] {
  const atMost = ({ value, by, tasks }: PeakAmount, text: (value: number) => string): string =>
    `${text(value)} (${by === 'graph' ? someOf(tasks) : 'as the agents and limits allow'})`;
  const isSized = total.cores > 0 || total.memory > 0;
  const size = isSized ? `: ${counted(total.cores, 'core')}, ${memoryText(total.memory)}` : '';
  const lines = [
    `in all ${counted(instances, 'instance')}${size}`,
    `at once at most ${atMost(peak.attempts, (value) => counted(value, 'attempt'))}`,
    ...(isSized ? [`at once at most ${atMost(peak.cores, (value) => counted(value, 'core'))}`] : []),
    ...(isSized ? [`at once at most ${atMost(peak.memory, memoryText)}`] : []),
    ...(isSized && unspecified.length > 0 ? [`without what nobody says of: ${someOf(unspecified)}`] : []),
  ];
  return lines.map((line) => MARGIN + line);
}

/** What the author allows, and what the worst case takes of it. */
function budgetLines({ budget }: Plan, { declared, calls, depth, duration }: Estimate, style: Style): string[] {
  if (!budget) return [];
  const longest = Math.min(duration.bound.seconds, duration.timeout + duration.stop);
  const rows = [
    ['usd', budget.usd, known(declared.usd), usdText],
    ['tokens', budget.tokens, known(declared.tokens), withCommas],
    ['calls', budget.calls, calls.worst, withCommas],
    ['wall_time', budget.wallTime, longest, limitText],
    ['depth', budget.depth, Number.isFinite(depth) ? depth : undefined, withCommas],
  ] as const;
  const lines = rows.flatMap(([key, limit, worst, text]) => {
    if (limit === undefined) return [];
    const said = worst === undefined ? 'not known' : `at worst ${text(worst)}${withoutSilent(key, declared)}`;
    const meaning = worst !== undefined && worst > limit ? 'warning' : 'good';
    return [[cell(MARGIN + key), cell(text(limit)), cell(said, style(meaning, said))]];
  });
  return [style('heading', 'budget'), ...alignColumns(lines, [1])];
}

/** Undefined where no agent's type says anything. */
function known({ worst, silent }: DeclaredPart): number | undefined {
  return worst === 0 && silent.length > 0 ? undefined : worst;
}

function withoutSilent(key: string, declared: Estimate['declared']): string {
  const silent = key === 'usd' || key === 'tokens' ? declared[key].silent : [];
  return silent.length === 0 ? '' : `, without ${someOf(silent)}, of which nobody says`;
}
