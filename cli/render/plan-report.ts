import type { Estimate } from '../../core/forecast/index.ts';
import type { Plan, Region } from '../../core/plan/index.ts';
import type { SagaProof } from '../../core/saga-proof/index.ts';
import type { Figure } from '../../statemachines/index.ts';
import { alignColumns, cell } from './columns.ts';
import { estimateSections } from './estimate-report.ts';
import { figureTable } from './figure-table.ts';
import { counted, limitText } from './numbers.ts';
import { renderGraph } from './plan-graph.ts';
import { sagaLines } from './saga-lines.ts';
import type { Style } from './style.ts';

const MARGIN = '  ';

interface Page {
  readonly columns: number;
  readonly style: Style;
}

/** What is known of an execution before it runs. */
export interface Forecast {
  readonly estimate: Estimate;
  readonly figures: readonly Figure[];
  /** Absent: the workflow has no saga. */
  readonly saga?: SagaProof;
}

/** A plan for people: the graph, what else holds a task back, the critical path, the tasks, the machine's figures. */
export function renderPlan(plan: Plan, forecast: Forecast, page: Page): string {
  const sections = [
    headline(plan, page),
    renderGraph(plan, page),
    gates(plan, page),
    criticalPath(plan, page),
    settings(plan, page),
    sagaLines(forecast.saga, page.style),
    ...estimateSections(plan, forecast.estimate, page.style),
    figureTable(forecast.figures, page.style),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function headline({ workflow, tasks, digest }: Plan, { style }: Page): string[] {
  const agents = new Set(tasks.flatMap((task) => (task.kind === 'agent' ? [task.agent] : []))).size;
  const facts = `${counted(tasks.length, 'task')}, ${counted(agents, 'agent')}, digest ${digest.slice(0, 12)}`;
  const title = `${style('heading', `${workflow.name} ${workflow.version}`)}  ${style('quiet', facts)}`;
  return workflow.description === undefined ? [title] : [title, workflow.description];
}

/** Dependencies that the drawing cannot show. */
function gates(plan: Plan, { style }: Page): string[] {
  const all = [plan, ...innerRegions(plan).map(([, region]) => region)].flatMap((region) => region.gates);
  if (all.length === 0) return [];
  const rows = all.map(({ from, to }) => [cell(`${MARGIN}${to}`), cell(`waits for ${from}`)]);
  return [style('heading', 'extra dependencies'), ...alignColumns(rows)];
}

/** Of the workflow, then of each group and loop in which tasks follow one another. */
function criticalPath(plan: Plan, { style }: Page): string[] {
  const pathOf = ({ criticalPath: { tasks } }: Region): string => tasks.map((id) => style('emphasis', id)).join(' → ');
  const long = innerRegions(plan).filter(([, { criticalPath: path }]) => path.length > 1);
  return [
    `${style('heading', 'critical path')} (*), ${plan.criticalPath.length} of ${counted(plan.members.length, 'task')}`,
    `${MARGIN}${pathOf(plan)}`,
    ...long.map(([id, region]) => `${MARGIN}in ${id}: ${pathOf(region)}`),
  ];
}

/** The groups' and loops' regions, by the task that holds them. */
function innerRegions({ tasks }: Plan): (readonly [string, Region])[] {
  return tasks.flatMap((task) => ('region' in task ? [[task.id, task.region] as const] : []));
}

function settings({ timeout, maxParallel, onFailure, grace }: Plan, { style }: Page): string[] {
  const rows = [
    ['timeout', limitText(timeout)],
    ['at once', maxParallel === undefined ? 'as many tasks as can run' : `at most ${counted(maxParallel, 'task')}`],
    ['on failure', onFailure],
    ['grace', `${limitText(grace)} for running agents when the execution stops`],
  ];
  return [
    style('heading', 'execution'),
    ...alignColumns(rows.map(([name = '', value = '']) => [cell(MARGIN + name), cell(value)])),
  ];
}
