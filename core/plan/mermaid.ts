import type { ForEach, Plan, PlannedTask, Region } from './plan.ts';

/**
 * The workflow as a Mermaid flowchart: the reduced edges, dotted where a gate holds them, and a subgraph for each group and loop. Ids are
 * numbered and labels are quoted with every special character as an entity, so that no task's name can become Mermaid's syntax.
 */
export function mermaidOf(plan: Plan): string {
  const chart: Chart = {
    tasks: new Map(plan.tasks.map((task) => [task.id, task])),
    nodes: new Map(plan.tasks.map(({ id }, index) => [id, `t${index}`])),
  };
  return ['flowchart LR', ...indented(regionLines(chart, plan)), ''].join('\n');
}

interface Chart {
  readonly tasks: ReadonlyMap<string, PlannedTask>;
  readonly nodes: ReadonlyMap<string, string>;
}

function regionLines(chart: Chart, { members, edges, gates }: Region): string[] {
  const nodeOf = (id: string): string => chart.nodes.get(id) ?? '';
  const gated = new Set(gates.map(({ from, to }) => JSON.stringify([from, to])));
  return [
    ...members.flatMap((id) => taskLines(chart, id)),
    ...edges.map(({ from, to }) => {
      const arrow = gated.has(JSON.stringify([from, to])) ? '-.->' : '-->';
      return `${nodeOf(from)} ${arrow} ${nodeOf(to)}`;
    }),
  ];
}

function taskLines(chart: Chart, id: string): string[] {
  const task = chart.tasks.get(id);
  if (!task) return [];
  const node = chart.nodes.get(id) ?? '';
  const label = `"${escaped(labelOf(task))}"`;
  if ('region' in task) return [`subgraph ${node}[${label}]`, ...indented(regionLines(chart, task.region)), 'end'];
  const [open, close] = shapes[task.kind];
  return [`${node}${open}${label}${close}`];
}

/** Who calls an agent is a box, who waits is round, who publishes a flag, who starts another workflow a box in a box, a checkpoint has six sides. */
const shapes = {
  agent: ['[', ']'],
  wait: ['([', '])'],
  emit: ['>', ']'],
  checkpoint: ['{{', '}}'],
  workflow: ['[[', ']]'],
} as const;

function labelOf(task: PlannedTask): string {
  switch (task.kind) {
    case 'loop':
      return `${task.id} ↻ ${task.until === undefined ? '' : '≤'}${task.maxIterations}`;
    case 'agent':
      return `${task.id}${task.fanOut === undefined ? itemsLabel(task.forEach) : ` ×${task.fanOut}`}`;
    case 'workflow':
      return task.id + itemsLabel(task.forEach);
    default:
      return task.id;
  }
}

function itemsLabel(forEach: ForEach | undefined): string {
  return forEach ? ` ×≤${forEach.maxItems}` : '';
}

function indented(lines: readonly string[]): string[] {
  return lines.map((line) => `  ${line}`);
}

/** Mermaid writes entities with `#` for `&`. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} ._×≤↻-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
