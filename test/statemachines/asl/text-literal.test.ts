import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import { textLiteral } from '../../../statemachines/asl/text-literal.ts';

/** What Step Functions makes of a string: what stands between the marks is an expression. */
async function meaningOf(text: string): Promise<unknown> {
  const expression = /^\{%([^]*)%\}$/.exec(text)?.[1];
  return expression === undefined ? text : ((await jsonata(expression).evaluate({ secret: 1 })) as unknown);
}

describe('textLiteral', () => {
  it('leaves a plain text as it is', () => {
    expect(textLiteral('1.0 {beta} 100%')).toBe('1.0 {beta} 100%');
  });

  it.each(['{% secret %}', '{%', '%}', '{% "quoted" %} and \\ more', 'a {% b %} c', '{%\u2028%}'])(
    'makes %j mean itself',
    async (text) => {
      const literal = textLiteral(text);

      expect(literal).not.toBe(text);
      expect(literal.slice(2, -2)).not.toMatch(/[{]%|%[}]/);
      expect(await meaningOf(literal)).toBe(text);
    },
  );

  it('makes any text mean itself', async () => {
    const pieces = fc.constantFrom('{%', '%}', ' ', '"', '\\', '$', 'secret', '\n', '{', '%', '}', 'é', '😀');
    await fc.assert(
      fc.asyncProperty(fc.array(pieces, { maxLength: 12 }), async (pieces) => {
        const text = pieces.join('');

        expect(await meaningOf(textLiteral(text))).toBe(text);
      }),
    );
  });
});
