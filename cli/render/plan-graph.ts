import { forEachOf } from '../../core/execution/index.ts';
import type { Block, Join, Plan, PlannedTask } from '../../core/plan/index.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { doerText, nameText } from './doer-text.ts';
import { limitText } from './numbers.ts';
import { drawSkeleton, type TaskLooks } from './skeleton-drawing.ts';
import { outlineSkeleton } from './skeleton-tree.ts';
import type { Style } from './style.ts';

/** Past this many tasks a drawing is a picture of lines, and the outline is easier to read. */
const MOST_TASKS_DRAWN = 60;
const MARGIN = '  ';

interface Page {
  readonly columns: number;
  readonly style: Style;
}

/** What drawing and table say of the tasks. */
interface Tasks extends TaskLooks {
  readonly byId: ReadonlyMap<string, PlannedTask>;
  readonly critical: ReadonlySet<string>;
}

/** The graph as a drawing over a table of its tasks; too wide or too many to say everything twice: both in one. */
export function renderGraph(plan: Plan, page: Page): string[] {
  const tasks = lookAt(plan, page);
  const titles = header(plan, page);
  const drawn = plan.tasks.length <= MOST_TASKS_DRAWN ? drawSkeleton(plan.skeleton, tasks) : undefined;
  if (drawn && MARGIN.length + drawn.width <= page.columns) {
    const rows = plan.tasks.map((task) => row(tasks, task, MARGIN.repeat(depthOf(task, tasks))));
    return [...drawn.lines.map((line) => MARGIN + line), '', ...alignColumns([titles, ...rows])];
  }
  const rows = outlineSkeleton(plan.skeleton, tasks.inside).map(({ indent, task: id }) => {
    const task = id === undefined ? undefined : tasks.byId.get(id);
    return task ? row(tasks, task, indent) : [cell(''), cell(`${indent}·`)];
  });
  return alignColumns([titles, ...rows]);
}

function lookAt(plan: Plan, { style }: Page): Tasks {
  const byId = new Map(plan.tasks.map((task) => [task.id, task]));
  const regions = [plan, ...plan.tasks.flatMap((task) => ('region' in task ? [task.region] : []))];
  const critical = new Set(regions.flatMap(({ criticalPath }) => criticalPath.tasks));
  return {
    byId,
    critical,
    label(id) {
      const task = byId.get(id);
      const name = task ? nameText(task) : id;
      return cell(name, critical.has(id) ? style('emphasis', name) : name);
    },
    inside(id): Block | undefined {
      const task = byId.get(id);
      return task && 'region' in task ? task.region.skeleton : undefined;
    },
  };
}

function depthOf({ container }: PlannedTask, tasks: Tasks): number {
  const around = container === undefined ? undefined : tasks.byId.get(container);
  return around ? 1 + depthOf(around, tasks) : 0;
}

function header({ tasks }: Plan, { style }: Page): Cell[] {
  const doer = tasks.every((task) => task.kind === 'agent') ? 'agent' : 'agent or kind';
  return ['', 'task', doer, 'timeout', 'tries', 'after'].map((title) => cell(title, style('quiet', title)));
}

function row({ critical, label }: Tasks, task: PlannedTask, indent: string): Cell[] {
  const { text, width } = label(task.id);
  const timeout = timeoutOf(task);
  return [
    cell(critical.has(task.id) ? '*' : ''),
    { text: indent + text, width: indent.length + width },
    cell(doerText(task)),
    cell(timeout === undefined ? '' : limitText(timeout)),
    cell(task.kind === 'agent' ? String(task.retry.maxAttempts) : ''),
    cell([afterText(task), manner(task)].filter(Boolean).join('; ')),
  ];
}

function timeoutOf(task: PlannedTask): number | undefined {
  if (task.kind === 'wait') return task.wait.kind === 'event' ? task.wait.timeout : undefined;
  return 'timeout' in task ? task.timeout : undefined;
}

function afterText({ dependsOn, join, when }: PlannedTask): string {
  const edges = dependsOn.map(({ task, on }) => (on === 'success' ? task : `${task} (${on})`)).join(', ');
  const joined = join === 'all_success' ? edges : `${joinText(join)} of ${edges}`;
  return [dependsOn.length > 0 ? joined : '', when === undefined ? '' : `when ${when}`].filter(Boolean).join('; ');
}

function joinText(join: Join): string {
  return typeof join === 'string' ? join : `any ${join.quorum}`;
}

/** How often, until when, or how much at once a container lets its tasks run. */
function manner(task: PlannedTask): string {
  if (task.kind === 'loop') return task.until === undefined ? '' : `until ${task.until}`;
  if (task.kind === 'group') return task.maxParallel === undefined ? '' : `at most ${task.maxParallel} at once`;
  const forEach = forEachOf(task);
  if (!forEach) return '';
  const batches = forEach.batch === undefined ? '' : `, ${forEach.batch} items each`;
  return `at most ${forEach.maxConcurrency} at once${batches}`;
}
