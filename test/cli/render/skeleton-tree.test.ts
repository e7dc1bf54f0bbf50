import { describe, expect, it } from 'vitest';
import { outlineSkeleton } from '../../../cli/render/skeleton-tree.ts';
import type { Block } from '../../../core/plan/index.ts';
import { parallel, series, task } from '../../makers/block.ts';

const outline = (block: Block): string[] => outlineSkeleton(block).map(({ indent, task: id }) => indent + (id ?? '·'));

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

  it('needs no such line when everything runs at once', () => {
    expect(outline(parallel(task('a'), task('b')))).toEqual(['├─ a', '└─ b']);
  });
});
