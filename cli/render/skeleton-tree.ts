import type { Block } from '../../core/plan/index.ts';

/** A line of the tree: what stands before the task, and the task; no task: a line that only opens branches. */
export interface TreeLine {
  readonly indent: string;
  readonly task?: string;
}

/**
 * A series-parallel tree as lines of an outline, for graphs too wide to draw: what stands below each other in one column runs
 * one after the other, branches run at once, and what a container holds stands behind a dotted line.
 *
 *     clone
 *     ├─ lint
 *     └─ quality
 *        ┊ scan
 *        ┊ rank
 *     report
 *
 * `inside` gives what a task holds; undefined for one that holds nothing.
 */
export function outlineSkeleton(block: Block, inside: (task: string) => Block | undefined): TreeLine[] {
  if (block.kind === 'task') {
    const held = inside(block.task);
    const lines = held ? outlineSkeleton(held, inside) : [];
    return [{ indent: '', task: block.task }, ...lines.map((line) => ({ ...line, indent: `┊ ${line.indent}` }))];
  }
  if (block.kind === 'series') {
    return block.blocks.flatMap((part, index) => {
      // Branches hang from the task before them; without one they need a line of their own.
      const before = block.blocks[index - 1];
      const hangs = before?.kind === 'task' && !inside(before.task);
      const opening = part.kind === 'parallel' && !hangs ? [{ indent: '' }] : [];
      return [...opening, ...outlineSkeleton(part, inside)];
    });
  }
  const last = block.blocks.length - 1;
  return block.blocks.flatMap((branch, index) =>
    outlineSkeleton(branch, inside).map((line, row) => ({
      ...line,
      indent: jointOf(index === last, row) + line.indent,
    })),
  );
}

function jointOf(isLast: boolean, row: number): string {
  if (row > 0) return isLast ? '   ' : '│  ';
  return isLast ? '└─ ' : '├─ ';
}
