import type { Plan, PlannedTask } from './plan.ts';

/**
 * The workflow as a Mermaid flowchart: the reduced edges, dotted where a gate holds them. Ids are numbered and labels are
 * quoted with every special character as an entity, so that no task's name can become Mermaid's syntax.
 */
export function mermaidOf({ tasks, edges, gates }: Plan): string {
  const nodes = new Map(tasks.map(({ id }, index) => [id, `t${index}`]));
  const gated = new Set(gates.map(({ from, to }) => JSON.stringify([from, to])));
  const lines = [
    ...tasks.map((task) => `${nodes.get(task.id) ?? ''}["${escaped(labelOf(task))}"]`),
    ...edges.map(({ from, to }) => {
      const arrow = gated.has(JSON.stringify([from, to])) ? '-.->' : '-->';
      return `${nodes.get(from) ?? ''} ${arrow} ${nodes.get(to) ?? ''}`;
    }),
  ];
  return ['flowchart LR', ...lines.map((line) => `  ${line}`), ''].join('\n');
}

function labelOf({ id, fanOut }: PlannedTask): string {
  return fanOut === undefined ? id : `${id} ×${fanOut}`;
}

/** Mermaid writes entities with `#` for `&`. */
function escaped(text: string): string {
  return text.replace(/[^\p{L}\p{N} ._×-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`);
}
