import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { legalNames } from '../../../bench/real-graphs/legal-names.ts';

const LEGAL = /^[a-zA-Z][a-zA-Z0-9_-]{0,62}$/;

describe('legalNames', () => {
  it.each([
    ['build', 'build'],
    ['extract_2014-05', 'extract_2014-05'],
    ['Build (ubuntu-latest, 3.12)', 'Build-ubuntu-latest-3-12'],
    ['FastQC: quality check / before', 'FastQC-quality-check-before'],
    ['model.tuva.énergie', 'model-tuva-energie'],
    ['21:mProject', 'task-21-mProject'],
    ['__init__', 'init__'],
  ])('turns %s into %s', (id, name) => {
    expect(legalNames([id]).get(id)).toBe(name);
  });

  it('keeps apart ids that look alike, and leaves alone the one that is a name already', () => {
    const names = legalNames(['build 1', 'build/1', 'test']);

    expect(names.get('test')).toBe('test');
    expect(names.get('build 1')).toMatch(/^build-1-[0-9a-f]{6}$/);
    expect(names.get('build/1')).toMatch(/^build-1-[0-9a-f]{6}$/);
    expect(names.get('build 1')).not.toBe(names.get('build/1'));
  });

  it('cuts what is too long, and tells the rest apart by a digest', () => {
    const start = 'A very long title of a step in somebody’s favourite workflow, ';

    const names = legalNames([`${start}one`, `${start}two`]);

    expect(new Set(names.values()).size).toBe(2);
    for (const name of names.values())
      expect(name).toMatch(/^A-very-long-title-of-a-step-in-somebody-s-favourite-work-[0-9a-f]{6}$/);
  });

  it('has a name even for an id without a letter', () => {
    const names = legalNames(['…', '图', '-']);

    expect(new Set(names.values()).size).toBe(3);
    for (const name of names.values()) expect(name).toMatch(/^task-[0-9a-f]{6}$/);
  });

  it('gives every id a legal name of its own, whatever the ids and their order', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.oneof(fc.string({ maxLength: 90 }), fc.stringMatching(/^a[ /-]{0,2}b?$/))),
        (ids) => {
          const names = legalNames(ids);

          expect(new Set(names.values()).size).toBe(ids.length);
          for (const name of names.values()) expect(name).toMatch(LEGAL);
          expect(legalNames(ids.toReversed())).toEqual(new Map([...names].reverse()));
        },
      ),
    );
  });
});
