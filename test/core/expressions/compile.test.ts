import { describe, expect, it } from 'vitest';
import { compileExpression, explain } from '../../../core/expressions/compile.ts';

describe('compileExpression', () => {
  it('compiles a text once, and forgets all of them before they fill the memory', () => {
    const first = compileExpression('input.x');
    expect(compileExpression('input.x')).toBe(first);

    for (let n = 100; n < 150; n += 1) compileExpression(`"${n}${'x'.repeat(3_995)}"`);
    expect(compileExpression('input.x')).toBe(first);

    for (let n = 150; n < 200; n += 1) compileExpression(`"${n}${'x'.repeat(3_995)}"`);
    expect(compileExpression('input.x')).not.toBe(first);
    expect(compileExpression('input.x')).toBe(compileExpression('input.x'));
  });

  it.each(['', '1 +', 'inptu', '"a" + 1', 'l__p', 'input.x'])('knows no type of %j', (source) => {
    expect(compileExpression(source).type).toBe('dyn');
  });
});

describe('explain', () => {
  it.each([
    [new RangeError('Maximum call stack'), 'the expression is nested too deeply, or its result is too large'],
    [new Error('Something Broke'), 'something Broke'],
    ['a text', 'a text'],
    [new Error('Unknown variable: l__p'), 'unknown variable: loop'],
    [new Error('no such overload: dyn<int> + string'), '`+` does not take int and string'],
  ])('says of %s: %s', (error, words) => {
    expect(explain(error)).toBe(words);
  });
});
