import type { Block } from '../../core/plan/index.ts';
import type { Cell } from './columns.ts';

/** A rectangle of text. Lines run along its first row; `opens` and `closes` say what stands at that row's two ends. */
interface Box {
  readonly lines: readonly string[];
  readonly width: number;
  readonly opens: 'name' | 'line';
  readonly closes: 'name' | 'line';
}

/** Whether a line comes in from the left and goes out to the right: at the drawing's two edges there is none to draw. */
interface Lines {
  readonly enters: boolean;
  readonly leaves: boolean;
}

/** How the tasks of a drawing look. */
export interface TaskLooks {
  readonly label: (task: string) => Cell;
  /** What a container holds; undefined for a task that holds nothing. */
  readonly inside: (task: string) => Block | undefined;
}

/**
 * A series-parallel tree with time from left to right and what runs at once below each other; what a container holds stands in a frame:
 *
 *     clone ─┬─ lint ────────────────┬─ report
 *            └─ ┌ quality ────────┐ ─┘
 *               │ scan ×3 ── rank │
 *               └─────────────────┘
 */
export function drawSkeleton(skeleton: Block, looks: TaskLooks): { lines: string[]; width: number } {
  const { lines, width } = boxOf(skeleton, looks, { enters: false, leaves: false });
  return { lines: lines.map((line) => line.trimEnd()), width };
}

function boxOf(block: Block, looks: TaskLooks, along: Lines): Box {
  if (block.kind === 'task') return taskBox(block.task, looks);
  if (block.kind === 'parallel') {
    return stack(
      block.blocks.map((branch) => boxOf(branch, looks, along)),
      along,
    );
  }
  const last = block.blocks.length - 1;
  return block.blocks
    .map((part, index) =>
      boxOf(part, looks, { enters: along.enters || index > 0, leaves: along.leaves || index < last }),
    )
    .reduce(beside);
}

function taskBox(task: string, looks: TaskLooks): Box {
  const name = looks.label(task);
  const inside = looks.inside(task);
  if (!inside) return { lines: [name.text], width: name.width, opens: 'name', closes: 'name' };
  const held = boxOf(inside, looks, { enters: false, leaves: false });
  const inner = Math.max(held.width, name.width + 1);
  const fill = ' '.repeat(inner - held.width);
  const lines = [
    `┌ ${name.text} ${'─'.repeat(inner - name.width)}┐`,
    ...held.lines.map((line) => `│ ${line}${fill} │`),
    `└${'─'.repeat(inner + 2)}┘`,
  ];
  return { lines, width: inner + 4, opens: 'name', closes: 'name' };
}

function beside(left: Box, right: Box): Box {
  const bothNames = left.closes === 'name' && right.opens === 'name';
  const link = (left.closes === 'name' ? ' ' : '') + (bothNames ? '──' : '─') + (right.opens === 'name' ? ' ' : '');
  const height = Math.max(left.lines.length, right.lines.length);
  const lines = Array.from({ length: height }, (_, row) => {
    const between = row === 0 ? link : ' '.repeat(link.length);
    return (left.lines[row] ?? ' '.repeat(left.width)) + between + (right.lines[row] ?? ' '.repeat(right.width));
  });
  return { lines, width: left.width + link.length + right.width, opens: left.opens, closes: right.closes };
}

function stack(branches: readonly Box[], { enters, leaves }: Lines): Box {
  const inner = Math.max(...branches.map(({ width }) => width));
  const lines = branches.flatMap((branch, index) => {
    const place = index === 0 ? 'first' : index === branches.length - 1 ? 'last' : 'middle';
    return branch.lines.map((line, row) => {
      const fill = inner - branch.width;
      const left = enters ? leftJoint(place, row, branch.opens) : '';
      const right = leaves ? rightJoint(place, row, branch.closes, fill) : ' '.repeat(fill);
      return left + line + right;
    });
  });
  const width = inner + (enters ? 3 : 0) + (leaves ? 3 : 0);
  return { lines, width, opens: enters ? 'line' : 'name', closes: leaves ? 'line' : 'name' };
}

type Place = 'first' | 'middle' | 'last';

function leftJoint(place: Place, row: number, opens: Box['opens']): string {
  if (row > 0) return place === 'last' ? '   ' : '│  ';
  return { first: '┬', middle: '├', last: '└' }[place] + (opens === 'name' ? '─ ' : '──');
}

function rightJoint(place: Place, row: number, closes: Box['closes'], fill: number): string {
  if (row > 0) return ' '.repeat(fill + 2) + (place === 'last' ? ' ' : '│');
  const line = (closes === 'name' ? ' ' : '─') + '─'.repeat(fill + 1);
  return line + { first: '┬', middle: '┤', last: '┘' }[place];
}
