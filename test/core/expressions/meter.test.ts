import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, it } from 'vitest';
import { metered } from '../../../core/expressions/meter.ts';

const environment = new Environment({ homogeneousAggregateLiterals: false }).registerVariable('items', 'dyn');
const items = [1, 2, 3];

function evaluate(source: string, most: number): unknown {
  const parsed = environment.parse(source);
  return metered(parsed.ast, () => parsed({ items }) as unknown, most);
}

describe('metered', () => {
  it.each([
    ['a round of a map, and an item of what it makes', 'items.map(x, x)', 33],
    ['a round of a map with a condition, and the results of those it lets in', 'items.map(x, x > 1.0, x)', 52],
    ['a round of a filter', 'items.filter(x, x > 1.0)', 32],
    ['a round of a quantifier that goes through to the end', 'items.all(x, x > 0.0)', 30],
    ['a round of a quantifier that ends early', 'items.exists(x, x == 2.0)', 20],
    ['an error after which a quantifier goes on', 'items.exists(x, x.y == 1)', 1530],
    ['rounds within rounds', 'items.map(x, items.map(y, y))', 132],
    ['items of a list that is added up', '(items + items) == []', 6],
    ['characters of a text that is added up, eight for one', '("0123456789abcdef" + "01234567") == ""', 3],
    ['characters of what a function makes', 'string(12345678) == ""', 1],
    ['characters of what a method makes', '"01234567".trim() == ""', 1],
  ])('counts %s', (_what, source, units) => {
    const within = (most: number) => {
      try {
        evaluate(source, most);
        return true;
      } catch (error) {
        return !String(error).includes('too much work');
      }
    };

    expect([within(units), within(units - 0.1)]).toEqual([true, false]);
  });

  it('counts nothing that is only looked at', () => {
    expect(evaluate('items[0] == 1.0 && "a text that nobody makes" != ""', 0)).toBe(true);
  });

  it('counts anew with each evaluation', () => {
    const parsed = environment.parse('items.map(x, x)');
    const once = () => metered(parsed.ast, () => parsed({ items }) as unknown, 33);

    expect([once(), once(), once()]).toEqual([items, items, items]);
  });

  it('says what went wrong where that was not the work', () => {
    expect(() => evaluate('items.map(x, x)[7]', 100)).toThrow('index');
  });
});
