import { describe, expect, it } from 'vitest';
import { fillTemplate, sourceOf } from '../../../local/interpreter/template.ts';

describe('sourceOf', () => {
  it.each([
    ['{% $x %}', '$x'],
    ['{%$x%}', '$x'],
    ['{%%}', ''],
    [' {% $x %}', undefined],
    ['{% $x %} ', undefined],
    ['text {% $x %}', undefined],
    ['{%}', undefined],
    ['$x', undefined],
    ['', undefined],
  ])('finds in %j the source %j', (text, source) => {
    expect(sourceOf(text)).toBe(source);
  });
});

describe('fillTemplate', () => {
  const spell = (source: string, location: string) => `${source} at ${location}`;

  it('replaces expressions wherever they stand, and names the place', async () => {
    const template = { a: '{% x %}', b: [1, { c: '{% y %}' }], d: null, '{% key %}': 'text' };

    const filled = await fillTemplate(template, 'Output', spell);

    expect(filled).toEqual({ a: 'x at Output/a', b: [1, { c: 'y at Output/b[1]/c' }], d: null, '{% key %}': 'text' });
  });

  it('evaluates in the order of the text, one after the other', async () => {
    const order: string[] = [];
    const slowFirst = async (source: string) => {
      await Promise.resolve();
      order.push(source);
      return source;
    };

    await fillTemplate(['{% 1 %}', { a: '{% 2 %}' }, '{% 3 %}'], 'Arguments', slowFirst);

    expect(order).toEqual(['1', '2', '3']);
  });

  it('keeps a member called __proto__ a member', async () => {
    const template = JSON.parse('{"__proto__": {"x": 1}}') as { x: number };

    const filled = await fillTemplate(template, 'Output', spell);

    expect(JSON.stringify(filled)).toBe('{"__proto__":{"x":1}}');
  });
});
