import type { Join, Plan, PlannedTask } from '../../core/plan/index.ts';
import type { Figure } from '../../statemachines/index.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { bar, counted, limitText, withCommas } from './numbers.ts';
import { drawSkeleton } from './skeleton-drawing.ts';
import { outlineSkeleton } from './skeleton-tree.ts';
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
  const agents = new Set(tasks.map(({ agent }) => agent)).size;
  const facts = `${counted(tasks.length, 'task')}, ${counted(agents, 'agent')}, digest ${digest.slice(0, 12)}`;
  const title = `${style('heading', `${workflow.name} ${workflow.version}`)}  ${style('quiet', facts)}`;
  return workflow.description === undefined ? [title] : [title, workflow.description];
}

function nameOf(task: PlannedTask): string {
  return task.fanOut === undefined ? task.id : `${task.id} ×${task.fanOut}`;
}

function graph(plan: Plan, page: Page): string[] {
  const tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  const critical = new Set(plan.criticalPath.tasks);
  const label = (id: string): Cell => {
    const task = tasks.get(id);
    const name = task ? nameOf(task) : id;
    return cell(name, critical.has(id) ? page.style('emphasis', name) : name);
  };
  const table = [header(page), ...plan.tasks.map((task) => row(task, critical.has(task.id), label(task.id)))];
  if (plan.tasks.length <= MOST_TASKS_DRAWN) {
    const { lines, width } = drawSkeleton(plan.skeleton, label);
    if (MARGIN.length + width <= page.columns) {
      return [...lines.map((line) => MARGIN + line), '', ...alignColumns(table)];
    }
  }
  return outline(plan, label, page);
}

/** The graph and the table in one: too wide, or too many tasks, to say everything twice. */
function outline(plan: Plan, label: (task: string) => Cell, page: Page): string[] {
  const tasks = new Map(plan.tasks.map((task) => [task.id, task]));
  const critical = new Set(plan.criticalPath.tasks);
  const rows = outlineSkeleton(plan.skeleton).map(({ indent, task: id }) => {
    const task = id === undefined ? undefined : tasks.get(id);
    if (!task) return [cell(''), cell(`${indent}·`)];
    const name = label(task.id);
    return row(task, critical.has(task.id), { text: indent + name.text, width: indent.length + name.width });
  });
  return alignColumns([header(page), ...rows]);
}

function header({ style }: Page): Cell[] {
  return ['', 'task', 'agent', 'timeout', 'tries', 'after'].map((title) => cell(title, style('quiet', title)));
}

function row(task: PlannedTask, isCritical: boolean, name: Cell): Cell[] {
  return [
    cell(isCritical ? '*' : ''),
    name,
    cell(task.agent),
    cell(limitText(task.timeout)),
    cell(String(task.retry.maxAttempts)),
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
function gates({ gates: all }: Plan, { style }: Page): string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ from, to }) => [cell(`${MARGIN}${to}`), cell(`waits for ${from}`)]);
  return [style('heading', 'extra dependencies'), ...alignColumns(rows)];
}

function criticalPath({ criticalPath: { tasks, length }, tasks: all }: Plan, { style }: Page): string[] {
  const path = tasks.map((id) => style('emphasis', id)).join(' → ');
  return [`${style('heading', 'critical path')} (*), ${length} of ${counted(all.length, 'task')}`, `${MARGIN}${path}`];
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
