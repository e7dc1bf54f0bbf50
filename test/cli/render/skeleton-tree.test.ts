import { describe, expect, it } from 'vitest';
import { outlineSkeleton } from '../../../cli/render/skeleton-tree.ts';
import type { Block } from '../../../core/plan/index.ts';
import { parallel, series, task } from '../../makers/block.ts';

const outline = (block: Block, held: Record<string, Block> = {}): string[] =>
  outlineSkeleton(block, (id) => held[id]).map(({ indent, task: id }) => indent + (id ?? '·'));

describe('outlineSkeleton', () => {
  it('hangs branches from the task before them, and goes on below', () => {
    const branches = parallel(task('lint'), series(task('scan'), task('rank')));

    expect(outline(series(task('clone'), branches, task('report')))).toEqual([
      'clone',
      '├─ lint',
      '└─ scan',
      '   rank',
      'report',
    ]);
  });

  it('gives branches without a task before them a line to hang from', () => {
    const twice = series(parallel(task('a'), task('b')), parallel(task('c'), task('d')));

    expect(outline(twice)).toEqual(['·', '├─ a', '└─ b', '·', '├─ c', '└─ d']);
  });

  it('keeps what a container holds behind a dotted line', () => {
    const held = { quality: series(task('scan'), task('rank')), scan: parallel(task('a'), task('b')) };
    const branches = parallel(task('quality'), task('lint'));

    expect(outline(series(task('clone'), branches, task('quality'), branches), held)).toEqual([
      'clone',
      '├─ quality',
      '│  ┊ scan',
      '│  ┊ ┊ ├─ a',
      '│  ┊ ┊ └─ b',
      '│  ┊ rank',
      '└─ lint',
      'quality',
      '┊ scan',
      '┊ ┊ ├─ a',
      '┊ ┊ └─ b',
      '┊ rank',
      '·',
      '├─ quality',
      '│  ┊ scan',
      '│  ┊ ┊ ├─ a',
      '│  ┊ ┊ └─ b',
      '│  ┊ rank',
      '└─ lint',
    ]);
  });

  it('needs no such line when everything runs at once', () => {
    expect(outline(parallel(task('a'), task('b')))).toEqual(['├─ a', '└─ b']);
  });
});
