import { stripVTControlCharacters } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cell } from '../../../cli/render/columns.ts';
import { drawSkeleton } from '../../../cli/render/skeleton-drawing.ts';
import { coloured } from '../../../cli/render/style.ts';
import type { Block } from '../../../core/plan/index.ts';
import { parallel, series, task } from '../../makers/block.ts';

const looks = { label: (id: string) => cell(id), inside: () => undefined };
const draw = (block: Block): string => drawSkeleton(block, looks).lines.join('\n');

describe('drawSkeleton', () => {
  it('draws one after the other from left to right', () => {
    expect(draw(series(task('a'), task('b'), task('c')))).toBe('a ── b ── c');
  });

  it('draws what runs at once below each other, joined on both sides', () => {
    expect(draw(series(task('clone'), parallel(task('lint'), task('scan ×3'), task('rank')), task('report')))).toBe(
      ['clone ─┬─ lint ────┬─ report', '       ├─ scan ×3 ─┤', '       └─ rank ────┘'].join('\n'),
    );
  });

  it('draws no line where nothing comes before or after', () => {
    expect(draw(series(parallel(task('a'), task('bbb')), task('c'), parallel(task('d'), task('e'))))).toBe(
      ['a ───┬─ c ─┬─ d', 'bbb ─┘     └─ e'].join('\n'),
    );
    expect(draw(parallel(task('a'), series(task('b'), task('c'))))).toBe(['a', 'b ── c'].join('\n'));
  });

  it('draws branches within branches', () => {
    const left = series(parallel(task('a'), task('b')), parallel(task('c'), task('d')));
    expect(draw(series(task('r'), parallel(left, series(task('m'), task('n'))), task('z')))).toBe(
      ['r ─┬──┬─ a ─┬─┬─ c ─┬──┬─ z', '   │  └─ b ─┘ └─ d ─┘  │', '   └─ m ── n ──────────┘'].join('\n'),
    );
  });

  it('frames what a container holds, and what that holds', () => {
    const held: Record<string, Block> = {
      quality: parallel(task('lint'), series(task('scan ×3'), task('rank'))),
      refine: series(task('revise'), parallel(task('assess'), task('inner'))),
      inner: task('x'),
    };
    const block = series(
      task('clone'),
      parallel(series(task('quality'), task('sweep')), task('refine')),
      task('report'),
    );

    expect(drawSkeleton(block, { ...looks, inside: (id) => held[id] }).lines).toEqual([
      'clone ─┬─ ┌ quality ────────┐ ── sweep ─┬─ report',
      '       │  │ lint            │           │',
      '       │  │ scan ×3 ── rank │           │',
      '       │  └─────────────────┘           │',
      '       └─ ┌ refine ───────────────┐ ────┘',
      '          │ revise ─┬─ assess     │',
      '          │         └─ ┌ inner ─┐ │',
      '          │            │ x      │ │',
      '          │            └────────┘ │',
      '          └───────────────────────┘',
    ]);
  });

  it('keeps its shape when names carry colour', () => {
    const block = series(task('clone'), parallel(task('lint'), task('metrics')), task('report'));

    const { lines, width } = drawSkeleton(block, { ...looks, label: (id) => cell(id, coloured('emphasis', id)) });

    expect(lines.map(stripVTControlCharacters).join('\n')).toBe(draw(block));
    expect(width).toBe('clone ─┬─ lint ────┬─ report'.length);
  });

  it('shows every task once, whatever the shape', () => {
    const { block } = fc.letrec<{ block: Block }>((tie) => ({
      block: fc.oneof(
        { maxDepth: 4 },
        fc.constant(task('t')),
        fc.array(tie('block'), { minLength: 2, maxLength: 4 }).map((blocks) => series(...blocks)),
        fc.array(tie('block'), { minLength: 2, maxLength: 4 }).map((blocks) => parallel(...blocks)),
      ),
    }));
    const leaves = (of: Block): number =>
      of.kind === 'task' ? 1 : of.blocks.map(leaves).reduce((sum, count) => sum + count, 0);

    fc.assert(
      fc.property(block, (shape) => {
        const { lines, width } = drawSkeleton(shape, { ...looks, label: () => cell('#') });
        expect(lines.join('').split('#').length - 1).toBe(leaves(shape));
        expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
      }),
    );
  });
});
