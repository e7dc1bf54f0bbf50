import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/json/index.ts';
import { schemaParts, schemaProblem, valueProblems, withDefaults } from '../../../core/schemas/index.ts';

const schema = {
  type: 'object',
  required: ['repository'],
  properties: { repository: { type: 'string' }, depth: { type: 'integer', default: 3 } },
  additionalProperties: false,
} as const;

describe('valueProblems', () => {
  it('is empty for a value that holds', () => {
    expect(valueProblems(schema, { repository: '.' })).toEqual([]);
  });

  it('checks any number of values by the same schema', () => {
    expect([{ repository: 1 }, { repository: '.' }, {}].map((value) => valueProblems(schema, value))).toEqual([
      ['/repository must be string'],
      [],
      ["the value must have required property 'repository'"],
    ]);
  });

  it('keeps schemas apart that give themselves the same name', () => {
    const named = (type: string) => ({ $id: 'https://example.com/same', type });

    expect([named('string'), named('number')].map((it) => valueProblems(it, 'text'))).toEqual([
      [],
      ['the value must be number'],
    ]);
  });

  it('takes unknown keywords and formats for notes of the author', () => {
    const noted = { type: 'string', format: 'email', 'x-note': 1 } as const;

    expect([schemaProblem(noted), valueProblems(noted, 'no address')]).toEqual([undefined, []]);
  });

  it('names every place that does not hold', () => {
    expect(valueProblems(schema, { depth: 'deep', more: 1 })).toEqual([
      "the value must have required property 'repository'",
      'the value must NOT have additional properties (more)',
      '/depth must be integer',
    ]);
  });
});

describe('valueProblems, whoever wrote the schema and the value', () => {
  it('matches patterns in linear time', () => {
    const stranger = `${'a'.repeat(100_000)}!`;

    expect(valueProblems({ pattern: '^(a+)+$' }, stranger)).toEqual(['the value must match pattern "^(a+)+$"']);
    expect(valueProblems({ patternProperties: { '^(x+x+)+y$': { type: 'null' } } }, { xxxy: 1, xxx: 1 })).toEqual([
      '/xxxy must be null',
    ]);
  });

  it('compares a long list in linear time', () => {
    const different = Array.from({ length: 20_000 }, (_, n) => ({ n }));

    expect(valueProblems({ uniqueItems: true }, different)).toEqual([]);
    expect(valueProblems({ uniqueItems: true }, [...different, { n: 7 }])).toEqual([
      'the value must NOT have duplicate items',
    ]);
    expect(valueProblems({ uniqueItems: false }, [1, 1])).toEqual([]);
  });

  it('tells one fault of a large value, and all of a small one', () => {
    const wrong = { items: { type: 'string' } } as const;

    expect(valueProblems(wrong, Array(10_000).fill(1))).toEqual(['/0 must be string']);
    expect(valueProblems(wrong, Array(9_999).fill(1))).toHaveLength(9_999);
  });

  it('tells of a value that is deeper than it can look', () => {
    const tree = { type: 'object', properties: { child: { $ref: '#' } } } as const;
    let deep: Json = {};
    for (let level = 0; level < 100_000; level += 1) deep = { child: deep };

    expect(valueProblems(tree, deep)).toEqual(['the value is nested too deeply to be checked']);
    expect(valueProblems(tree, { child: { child: {} } })).toEqual([]);
  });

  it('finds no property that the value has from JavaScript alone', () => {
    const names = { required: ['constructor'], properties: { toString: { type: 'null' } } } as const;

    expect(valueProblems(names, {})).toEqual(["the value must have required property 'constructor'"]);
    expect(valueProblems(names, { constructor: 1, toString: 2 })).toEqual(['/toString must be null']);
  });
});

describe('withDefaults', () => {
  it('fills defaults into a copy', () => {
    const given = { repository: '.' };

    const { value, problems } = withDefaults(schema, given);

    expect({ value, problems }).toEqual({ value: { repository: '.', depth: 3 }, problems: [] });
    expect(given).toEqual({ repository: '.' });
  });

  it('tells every fault, also of a default', () => {
    const wrong = { properties: { a: { type: 'string', default: 1 }, b: { type: 'string' } } } as const;

    expect(withDefaults(wrong, { b: 2 })).toEqual({
      value: { a: 1, b: 2 },
      problems: ['/a must be string', '/b must be string'],
    });
  });

  it('is not what checking does: a value without the default stays without', () => {
    const value = { repository: '.' };

    expect(valueProblems({ ...schema, required: ['depth'] }, value)).toEqual([
      "the value must have required property 'depth'",
    ]);
    expect(value).toEqual({ repository: '.' });
  });
});

describe('schemaProblem', () => {
  it('is undefined for a schema and a sentence for what is none', () => {
    expect(schemaProblem(schema)).toBeUndefined();
    expect(schemaProblem({ type: 'strnig' })).toMatch(/^schema is invalid: data\/type must be equal to one of /);
    expect(schemaProblem({ $ref: '#/nowhere' })).toBe("can't resolve reference #/nowhere from id #");
  });

  it('judges each schema by itself, whatever names an earlier one has given itself', () => {
    const named = (type: string) => ({ $id: 'https://example.com/a', $defs: { inner: { $id: 'inner', type } } });

    expect([named('string'), named('array'), { $ref: 'https://example.com/a' }].map(schemaProblem)).toEqual([
      undefined,
      undefined,
      expect.stringContaining('resolve reference'),
    ]);
  });

  it('refuses what would answer with a promise, which counts as a value that holds', () => {
    expect(schemaProblem({ $async: true, type: 'string' })).toBe('`$async` is not part of JSON Schema');
  });

  it('refuses patterns that cannot be matched in linear time', () => {
    expect(schemaProblem({ pattern: '(?=a)b' })).toMatch(/^the pattern "\(\?=a\)b" is not understood: /);
    expect(schemaProblem({ pattern: String.raw`^\u00e9[^]\d{2}(?<name>x)$` })).toBeUndefined();
  });

  it.each(['x{1000}'.repeat(10), '(x{50}){101}', `(${'a'.repeat(500)}){100}`, 'a'.repeat(5_001), '('.repeat(100_000)])(
    'refuses a pattern that would take long to compile, %#',
    (pattern) => {
      expect(schemaProblem({ pattern })).toMatch(/is not understood: written out, it has more than 5000 characters$/);
    },
  );

  it.each([
    'x{1000}',
    '(x{30}){30}',
    String.raw`^\p{L}{1,63}(-[\w{}]{2,63}){0,10}$`,
    '[{]{3}',
    String.raw`\(\)\{1000000\}`,
  ])('understands a pattern of usual size: %s', (pattern) => {
    expect(schemaProblem({ pattern })).toBeUndefined();
  });

  it('refuses what would take long to compile', () => {
    const parts = (count: number) => ({ anyOf: Array.from({ length: count - 1 }, () => ({})) });
    const chain = (length: number) => ({
      $ref: '#/$defs/0',
      $defs: Object.fromEntries(
        Array.from({ length }, (_, n) => [n, n === length - 1 ? {} : { $ref: `#/$defs/${n + 1}` }]),
      ),
    });

    expect(schemaProblem(parts(1_000))).toBeUndefined();
    expect(schemaProblem(parts(1_001))).toBe('it has 1001 parts, and 1000 is the limit');
    expect(schemaProblem(chain(200))).toBeUndefined();
    expect(schemaProblem(chain(201))).toBe('it has 201 references, and 200 is the limit');
    const dynamic = Array.from({ length: 201 }, () => ({ $dynamicRef: '#' }));
    expect(schemaProblem({ prefixItems: dynamic })).toBe('it has 201 references, and 200 is the limit');
  });

  it('judges a thousand schemas that name themselves in good time', () => {
    const schemas = Array.from({ length: 1_000 }, (_, n) => ({ $id: `https://example.com/${n}`, const: n }));

    const started = performance.now();

    expect(schemas.map(schemaProblem).filter((problem) => problem !== undefined)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(3_000);
  });

  it('knows the language of schemas still, after any other', () => {
    const language = 'https://json-schema.org/draft/2020-12/schema';
    const others = [
      { $id: 'a', $anchor: 'b' },
      { $id: language },
      { $id: '__proto__' },
      { type: 'strnig' },
      { $ref: '#' },
    ];

    for (const other of others) {
      schemaProblem(other);

      expect(schemaProblem({ $ref: language }), JSON.stringify(other)).toBeUndefined();
    }
  });

  it('refuses what refers to itself without end', () => {
    const endless = 'it refers to itself without end';
    const pair = { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' };
    const onObjects = { if: { type: 'object' }, then: { $ref: '#' } };

    expect([{ $ref: '#' }, { allOf: [{ $ref: '#' }] }, pair, onObjects].map(schemaProblem)).toEqual(
      Array(4).fill(endless),
    );
    expect(schemaProblem({ properties: { child: { $ref: '#' } } })).toBeUndefined();
  });
});

describe('schemaParts', () => {
  it.each([
    [{}, 1],
    [{ type: 'string', enum: ['a', 'b'] }, 1],
    [{ properties: { a: { type: 'string' }, b: {} } }, 4],
    [{ anyOf: [{}, { not: {} }], default: null }, 4],
  ])('counts the mappings of %j: %i', (schema, parts) => {
    expect(schemaParts(schema)).toBe(parts);
  });
});
