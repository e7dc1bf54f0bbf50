import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitMatrix } from '../../../core/plan/bit-matrix.ts';

type Step = readonly [row: number, column: number, from: number | undefined];

const steps = fc.array(
  fc.tuple(fc.nat(4), fc.nat(99), fc.option(fc.nat(4), { nil: undefined })) satisfies fc.Arbitrary<Step>,
);

describe('BitMatrix', () => {
  it('holds what sets would hold', () => {
    fc.assert(
      fc.property(steps, (steps) => {
        const matrix = new BitMatrix(5, 100);
        const sets = Array.from({ length: 5 }, () => new Set<number>());

        for (const [row, column, from] of steps) {
          matrix.add(row, column);
          sets[row]!.add(column);
          if (from === undefined) continue;
          matrix.include(row, from);
          for (const member of [...sets[from]!]) sets[row]!.add(member);
        }

        sets.forEach((set, row) => {
          expect(matrix.size(row)).toBe(set.size);
          for (let column = 0; column < 100; column++) expect(matrix.has(row, column)).toBe(set.has(column));
        });
      }),
    );
  });

  it('has what was added, across the borders of its words, and nothing else', () => {
    const matrix = new BitMatrix(3, 100);
    const columns = [0, 31, 32, 64, 99];

    for (const column of columns) matrix.add(1, column);
    matrix.add(1, 64);

    const all = Array.from({ length: 100 }, (_, column) => column);
    expect(all.filter((column) => matrix.has(1, column))).toEqual(columns);
    expect([0, 1, 2].map((row) => matrix.size(row))).toEqual([0, 5, 0]);
  });

  it('keeps rows apart, also where they are full', () => {
    const matrix = new BitMatrix(3, 64);
    for (let column = 0; column < 64; column++) matrix.add(1, column);
    matrix.add(2, 5);

    matrix.include(0, 1);

    expect([0, 1, 2].map((row) => matrix.size(row))).toEqual([64, 64, 1]);
    matrix.include(2, 1);
    expect(matrix.size(2)).toBe(64);
  });

  it('includes no more than a full row has', () => {
    const matrix = new BitMatrix(3, 64);
    matrix.add(1, 63);
    matrix.add(2, 5);

    matrix.include(0, 1);

    expect([0, 1].map((row) => [matrix.has(row, 5), matrix.size(row)])).toEqual([
      [false, 1],
      [false, 1],
    ]);
  });

  it.each([
    ['a longer row into a shorter one', 2, 90],
    ['a shorter row into a longer one', 90, 2],
  ])('includes %s', (_what, own, others) => {
    const matrix = new BitMatrix(3, 100);
    matrix.add(1, own);
    matrix.add(2, others);
    matrix.add(2, 40);

    matrix.include(1, 2);
    matrix.include(0, 1);

    for (const row of [0, 1]) {
      expect([own, others, 40].every((column) => matrix.has(row, column))).toBe(true);
      expect(matrix.size(row)).toBe(3);
    }
    expect(matrix.size(2)).toBe(2);
  });

  it('tells equal rows from others', () => {
    const one = new BitMatrix(2, 64);
    const other = new BitMatrix(2, 64);

    one.add(0, 63);
    other.add(0, 63);
    other.add(1, 0);

    expect(one.sameRow(0, other)).toBe(true);
    expect(one.sameRow(1, other)).toBe(false);
    expect(other.sameRow(1, one)).toBe(false);
  });

  it('is empty after a change of its shape', () => {
    const matrix = new BitMatrix(3, 90);
    for (let row = 0; row < 3; row++) matrix.add(row, 70);

    matrix.reshape(9, 30);

    for (let row = 0; row < 9; row++) {
      expect(matrix.size(row)).toBe(0);
      for (let column = 0; column < 30; column++) expect(matrix.has(row, column)).toBe(false);
    }
    matrix.add(8, 29);
    expect(matrix.has(8, 29)).toBe(true);
    expect(matrix.has(7, 29)).toBe(false);
  });
});
