import type { Join, Plan, PlannedTask, Region } from '../../core/plan/index.ts';
import type { Figure } from '../../statemachines/index.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { doerText, nameText } from './doer-text.ts';
import { bar, counted, limitText, withCommas } from './numbers.ts';
import { drawSkeleton } from './skeleton-drawing.ts';
import { outlineSkeleton, type TreeLine } from './skeleton-tree.ts';
import type { Style } from './style.ts';

/** Past this many tasks a drawing is a picture of lines, and the outline is easier to read. */
const MOST_TASKS_DRAWN = 60;
const MARGIN = '  ';

interface Page {
  readonly columns: number;
  readonly style: Style;
}

/** A plan for people: the graph, what else holds a task back, the critical path, the tasks, the machine's figures. */
export function renderPlan(plan: Plan, figures: readonly Figure[], page: Page): string {
  const sections = [
    headline(plan, page),
    graph(plan, page),
    gates(plan, page),
    criticalPath(plan, page),
    settings(plan, page),
    figureLines(figures, page),
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

/** A region with the task that holds it; the outermost has none. */
interface Held {
  readonly holder?: PlannedTask;
  readonly region: Region;
}

function regionsOf(plan: Plan): Held[] {
  const held = plan.tasks.flatMap((task): Held[] => ('region' in task ? [{ holder: task, region: task.region }] : []));
  return [{ region: plan }, ...held];
}

function graph(plan: Plan, page: Page): string[] {
  const regions = regionsOf(plan);
  const tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  const critical = new Set(regions.flatMap(({ region }) => region.criticalPath.tasks));
  const label = (id: string): Cell => {
    const task = tasks.get(id);
    const name = task ? nameText(task) : id;
    return cell(name, critical.has(id) ? page.style('emphasis', name) : name);
  };
  const rowOf = (id: string, indent: string): Cell[] => {
    const task = tasks.get(id);
    if (!task) return [cell(''), cell(`${indent}·`)];
    const { text, width } = label(id);
    return row(task, critical.has(id), { text: indent + text, width: indent.length + width });
  };
  const drawn = plan.tasks.length <= MOST_TASKS_DRAWN ? draw(regions, label, page) : undefined;
  // Too wide, or too many tasks to say everything twice: the graph and the table in one.
  const rows = drawn
    ? plan.tasks.map((task) => rowOf(task.id, MARGIN.repeat(depthOf(task, tasks))))
    : outline(plan, '', tasks).map(({ indent, task }) => rowOf(task ?? '', indent));
  return [...(drawn ? [...drawn, ''] : []), ...alignColumns([header(page), ...rows])];
}

/** The outermost region, then each other one beneath the name of the task that holds it; undefined when one is too wide. */
function draw(regions: readonly Held[], label: (task: string) => Cell, page: Page): string[] | undefined {
  const drawings = regions.map(({ holder, region }) => ({ holder, ...drawSkeleton(region.skeleton, label) }));
  if (drawings.some(({ width }) => 2 * MARGIN.length + width > page.columns)) return undefined;
  return drawings.flatMap(({ holder, lines }) =>
    holder
      ? ['', `${MARGIN}${label(holder.id).text}`, ...lines.map((line) => MARGIN + MARGIN + line)]
      : lines.map((line) => MARGIN + line),
  );
}

/** The tasks of a region, each followed by those that it holds. */
function outline({ skeleton }: Region, around: string, tasks: ReadonlyMap<string, PlannedTask>): TreeLine[] {
  return outlineSkeleton(skeleton).flatMap((line) => {
    const indent = around + line.indent;
    const task = line.task === undefined ? undefined : tasks.get(line.task);
    const inside = task && 'region' in task ? outline(task.region, `${indent.replace(/./g, ' ')}${MARGIN}`, tasks) : [];
    return [{ ...line, indent }, ...inside];
  });
}

function depthOf({ container }: PlannedTask, tasks: ReadonlyMap<string, PlannedTask>): number {
  const around = container === undefined ? undefined : tasks.get(container);
  return around ? 1 + depthOf(around, tasks) : 0;
}

function header({ style }: Page): Cell[] {
  return ['', 'task', 'agent', 'timeout', 'tries', 'after'].map((title) => cell(title, style('quiet', title)));
}

function row(task: PlannedTask, isCritical: boolean, name: Cell): Cell[] {
  const timeout =
    'timeout' in task ? task.timeout : task.kind === 'wait' && 'timeout' in task.wait ? task.wait.timeout : undefined;
  return [
    cell(isCritical ? '*' : ''),
    name,
    cell(doerText(task)),
    cell(timeout === undefined ? '' : limitText(timeout)),
    cell(task.kind === 'agent' ? String(task.retry.maxAttempts) : ''),
    cell(after(task)),
  ];
}

function after({ dependsOn, join, when }: PlannedTask): string {
  const edges = dependsOn.map(({ task, on }) => (on === 'success' ? task : `${task} (${on})`)).join(', ');
  const joined = join === 'all_success' ? edges : `${joinText(join)} of ${edges}`;
  return [dependsOn.length > 0 ? joined : '', when === undefined ? '' : `when ${when}`].filter(Boolean).join('; ');
}

function joinText(join: Join): string {
  return typeof join === 'string' ? join : `any ${join.quorum}`;
}

/** Dependencies that the drawing cannot show. */
function gates(plan: Plan, { style }: Page): string[] {
  const all = regionsOf(plan).flatMap(({ region }) => region.gates);
  if (all.length === 0) return [];
  const rows = all.map(({ from, to }) => [cell(`${MARGIN}${to}`), cell(`waits for ${from}`)]);
  return [style('heading', 'extra dependencies'), ...alignColumns(rows)];
}

function criticalPath({ criticalPath: { tasks, length }, members }: Plan, { style }: Page): string[] {
  const path = tasks.map((id) => style('emphasis', id)).join(' → ');
  return [
    `${style('heading', 'critical path')} (*), ${length} of ${counted(members.length, 'task')}`,
    `${MARGIN}${path}`,
  ];
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

const BAR = 20;

function figureLines(figures: readonly Figure[], { style }: Page): string[] {
  if (figures.length === 0) return [];
  const rows = figures.map(({ name, value, bound, budget, unit }) => {
    const meaning = value > bound ? 'bad' : value > (budget ?? bound) ? 'warning' : 'good';
    const drawn = bar(value / bound, BAR);
    return [
      cell(MARGIN + name),
      cell(drawn, style(meaning, drawn)),
      cell(`${withCommas(value)} of ${withCommas(bound)} ${unit}`),
    ];
  });
  return [style('heading', 'machine'), ...alignColumns(rows)];
}
