import { describe, expect, it } from 'vitest';
import { addUp, printScores, readScore } from './scores.ts';

const report = (...statuses: readonly string[]) => ({
  files: { 'a.ts': { mutants: statuses.map((status) => ({ status })) } },
});

describe('readScore', () => {
  it('counts who was noticed of those that ran', () => {
    const score = readScore(
      'core/x',
      report('Killed', 'Timeout', 'Killed', 'Survived', 'NoCoverage', 'Ignored', 'CompileError'),
    );

    expect(score).toEqual({ room: 'core/x', killed: 3, survived: 2, percent: 60 });
  });

  it('has nothing against a room without mutants', () => {
    expect(readScore('core/x', report('Ignored')).percent).toBe(100);
  });
});

describe('printScores', () => {
  it('adds up the rooms', () => {
    const scores = [readScore('a', report('Killed', 'Killed')), readScore('b', report('Survived', 'Killed'))];

    expect(addUp(scores)).toEqual({ room: 'all', killed: 3, survived: 1, percent: 75 });
    expect(printScores(scores)).toBe(
      [
        'room  killed  survived      %',
        'a          2         0  100.0',
        'b          1         1   50.0',
        'all        3         1   75.0',
        '',
      ].join('\n'),
    );
  });
});
