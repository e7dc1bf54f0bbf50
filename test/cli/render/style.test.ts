import { describe, expect, it } from 'vitest';
import { coloured, plain, styleFor } from '../../../cli/render/style.ts';

const outlet = (isTerminal: boolean) => ({ write: () => undefined, isTerminal, columns: 80, rows: 24 });

describe('styleFor', () => {
  it.each([
    ['a terminal', true, {}, coloured],
    ['a pipe', false, {}, plain],
    ['a terminal with NO_COLOR', true, { NO_COLOR: '1' }, plain],
    ['a terminal with an empty NO_COLOR', true, { NO_COLOR: '' }, coloured],
    ['a terminal that is dumb', true, { TERM: 'dumb' }, plain],
  ])('decides for %s', (_case, isTerminal, environment, expected) => {
    expect(styleFor(outlet(isTerminal), environment)).toBe(expected);
  });
});

describe('coloured', () => {
  it('writes escapes, and closes them', () => {
    expect(coloured('good', 'yes')).toBe('\u001b[32myes\u001b[39m');
  });
});
