import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameTable } from '../../../statemachines/asl/name-table.ts';

describe('NameTable', () => {
  it('keeps a name that is free and legal', () => {
    const names = new NameTable();

    expect(names.claim('lint')).toBe('lint');
    expect(names.claim('research[0]')).toBe('research[0]');
    expect(names.claim('Löschung | 修复')).toBe('Löschung | 修复');
  });

  it('gives the second one of a name another ending', () => {
    const names = new NameTable();
    names.claim('lint');

    expect(names.claim('lint')).toMatch(/^lint-[0-9a-f]{6}$/);
  });

  it('shortens a long name, and tells long names with one beginning apart', () => {
    const names = new NameTable();
    const [one, other] = [names.claim('x'.repeat(90)), names.claim('x'.repeat(91))];

    expect(one).toMatch(/^x{73}-[0-9a-f]{6}$/);
    expect(other).toMatch(/^x{73}-[0-9a-f]{6}$/);
    expect(one).not.toBe(other);
  });

  it('cuts no character in two', () => {
    const name = new NameTable().claim('😀'.repeat(50));

    expect(name).toMatch(/^(😀){36}-[0-9a-f]{6}$/u);
  });

  it('replaces what no name may hold', () => {
    expect(new NameTable().claim('a\nb\ud800')).toBe('a_b_');
    expect(new NameTable().claim('  ')).toMatch(/^-[0-9a-f]{6}$/);
  });

  it('gives legal, unique names for any wishes, the same ones each time', () => {
    const wishes = fc.array(fc.oneof(fc.string({ unit: 'binary', maxLength: 120 }), fc.constantFrom('a', 'b', 'a ')));
    fc.assert(
      fc.property(wishes, (wishes) => {
        const claimAll = (): string[] => {
          const names = new NameTable();
          return wishes.map((wish) => names.claim(wish));
        };

        const names = claimAll();

        expect(new Set(names).size).toBe(names.length);
        for (const name of names) {
          expect(name.length).toBeLessThanOrEqual(80);
          expect(name.trim()).not.toBe('');
          expect(name.isWellFormed()).toBe(true);
        }
        expect(claimAll()).toEqual(names);
      }),
    );
  });
});
