import type { Block } from '../../core/plan/index.ts';

/** A line of the tree: what stands before the task, and the task; no task: a line that only opens branches. */
export interface TreeLine {
  readonly indent: string;
  readonly task?: string;
}

/**
 * A series-parallel tree as lines of an outline, for graphs too wide to draw: what stands below each other in one column runs
 * one after the other, and branches run at once.
 *
 *     clone
 *     ├─ lint
 *     └─ scan
 *        rank
 *     report
 */
export function outlineSkeleton(block: Block): TreeLine[] {
  if (block.kind === 'task') return [{ indent: '', task: block.task }];
  if (block.kind === 'series') {
    return block.blocks.flatMap((part, index) => {
      // Branches hang from the task before them; without one they need a line of their own.
      const opening = part.kind === 'parallel' && block.blocks[index - 1]?.kind !== 'task' ? [{ indent: '' }] : [];
      return [...opening, ...outlineSkeleton(part)];
    });
  }
  const last = block.blocks.length - 1;
  return block.blocks.flatMap((branch, index) =>
    outlineSkeleton(branch).map((line, row) => ({ ...line, indent: jointOf(index === last, row) + line.indent })),
  );
}

function jointOf(isLast: boolean, row: number): string {
  if (row > 0) return isLast ? '   ' : '│  ';
  return isLast ? '└─ ' : '├─ ';
}
