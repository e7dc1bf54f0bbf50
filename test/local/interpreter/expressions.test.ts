import fc from 'fast-check';
import jsonata from 'jsonata';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../core/json/index.ts';
import { createExpressions, type Scope, type States } from '../../../local/interpreter/expressions.ts';

const aScope = (input: Json, variables: JsonObject = {}): Scope => ({ states: { input, context }, variables });

const context = { Execution: { Name: 'exec_1' }, Task: { Token: 'token-1' } };

/** What jsonata itself says, as plain JSON. */
async function slowly(source: string, states: States): Promise<unknown> {
  const result: unknown = await jsonata(source).evaluate(undefined, { states });
  const text = JSON.stringify(result) as string | undefined;
  return text === undefined ? undefined : (JSON.parse(text) as unknown);
}

const names = ['a', 'b', 'input', 'length', 'constructor', '__proto__', 'toString'];
const value = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<Json>(null, false, 0, '', 'text', [], {}),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'input', 'length'), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const chance = { clock: { now: () => Date.UTC(2026, 10, 21) }, random: () => 0.5 };

describe('createExpressions', () => {
  it('agrees with jsonata on every plain path, whatever lies on it', async () => {
    const evaluate = createExpressions(chance);
    const path = fc.array(fc.constantFrom(...names), { minLength: 0, maxLength: 4 });

    await fc.assert(
      fc.asyncProperty(value, path, async (input, steps) => {
        const source = ['$states.input', ...steps].join('.');
        const states = { input, context };

        const expected = await slowly(source, states).catch(() => 'refused');
        const actual = await Promise.resolve(evaluate(source, { states, variables: {} })).catch(() => 'refused');

        expect(actual, source).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it.each(['$states.context.Task.Token', '$states.context.Execution.Name', '$states.input', '$states.input.deep.text'])(
    'answers %s at once',
    (source) => {
      const answer = createExpressions(chance)(source, aScope({ deep: { text: 'here' } }));

      expect(answer).not.toBeInstanceOf(Promise);
      expect(answer).toEqual(source.endsWith('input') ? { deep: { text: 'here' } } : expect.any(String));
    },
  );

  it.each([
    ['$states.input.list.n', [1, 2]],
    ['$states.input.list[0].n', 1],
    ['$states.input.list[n = 2]', { n: 2 }],
    ['$states.input.none', undefined],
    ['$states.input.list.{"m": n}', [{ m: 1 }, { m: 2 }]],
    ['$', undefined],
    ['input', undefined],
    ['$states.result', undefined],
    ['function($x) { $x }', undefined],
    ['[]', []],
  ])('leaves %s to jsonata', async (source, expected) => {
    const answer = await createExpressions(chance)(source, aScope({ list: [{ n: 1 }, { n: 2 }] }));

    expect(answer).toEqual(expected);
  });

  it('answers a variable, and what lies in it, at once', () => {
    const evaluate = createExpressions(chance);
    const scope = aScope('input', { round: 2, last: { text: 'here' } });

    expect(evaluate('$round', scope)).toBe(2);
    expect(evaluate('$last.text', scope)).toBe('here');
  });

  it('knows variables wherever an expression stands, but no $states other than its own', async () => {
    const scope = aScope('input', { round: 2, states: 'mine' });

    expect(await createExpressions(chance)('$round + 1', scope)).toBe(3);
    expect(await createExpressions(chance)('$states.input & $round', scope)).toBe('input2');
    expect(createExpressions(chance)('$states.input', scope)).toBe('input');
  });

  it('finds nothing where a variable was never assigned', async () => {
    expect(await createExpressions(chance)('$never', aScope('input'))).toBeUndefined();
  });

  it('gives plain arrays, without what jsonata hangs on them', async () => {
    const answer = await createExpressions(chance)('$states.input.(n)[]', aScope([{ n: 1 }]));

    expect(Object.getOwnPropertyNames(answer)).toEqual(['0', 'length']);
  });
});
