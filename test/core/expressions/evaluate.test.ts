import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateCondition, evaluateTree, ExpressionError } from '../../../core/expressions/index.ts';
import { canonicalJson, type Json } from '../../../core/json/index.ts';
import { aScope } from '../../makers/a-scope.ts';

const scope = aScope({
  input: { count: 2, name: 'ada', list: [1, 2, 'x'], nothing: null, half: 0.5, pairs: [{ k: 1 }, { k: 2 }] },
  tasks: {
    clone: { output: { files: ['a.ts', 'b.ts'] }, status: 'succeeded', attempts: 1, cached: false },
    'my-task': { output: null, status: 'skipped', attempts: 0, cached: false },
  },
  index: 3,
});

const value = (source: string): Json => evaluateTree(`\${${source}}`, scope);

describe('evaluateTree', () => {
  it('leaves what holds no expression as it is', () => {
    const tree = { a: [1, true, null, 'text'], 'a key with ${x}': {} };

    expect(evaluateTree(tree, scope)).toEqual(tree);
  });

  it('keeps the type of a value that is the whole string', () => {
    const tree = { files: '${ tasks.clone.output.files }', n: '${input.count}', none: '${input.nothing}\n' };

    expect(evaluateTree(tree, scope)).toEqual({ files: ['a.ts', 'b.ts'], n: 2, none: null });
  });

  it('renders a value inside longer text: strings as they are, others as JSON', () => {
    expect(evaluateTree('${input.name} has ${input.list} of ${input.nothing}, $${not} $5', scope)).toBe(
      'ada has [1,2,"x"] of null, ${not} $5',
    );
  });

  it('reads every root', () => {
    expect(value('[execution.id, workflow.version, index, tasks["my-task"].status, tasks.clone.attempts]')).toEqual([
      'exec_1',
      '1.0',
      3,
      'skipped',
      1,
    ]);
  });

  it.each([
    ['loop.index + 1', 3],
    ['[1].map(x, loop.index)', [2]],
    ['loop.previous.revise.output.text', 'as it was'],
    ['loop . index', 2],
    ['loop["index"]', 2],
    ['item.loop', 'data'],
    ['item.?loop', 'data'],
    ['item . // a comment\n loop', 'data'],
    ['has(item.loop) ? loop.index : 0', 2],
    ['item.on ? loop.index : 0', 2],
    ['"loop" + \'loop\'', 'looploop'],
    ['"\\"loop" + r"\\loop"', '"loop\\loop'],
    ['"""a "loop" here"""', 'a "loop" here'],
    ["'''it's loop'''", "it's loop"],
    ['{"loop": loop.index}', { loop: 2 }],
    ['size("l__p")', 4],
    ['[1].map(loop, loop + 1)', [2]],
    ['event.data.url', 'http://localhost'],
  ])('knows in %s what is the name `loop` and what is data', (source, expected) => {
    const local = {
      item: { loop: 'data', on: true },
      loop: { index: 2, previous: { revise: { output: { text: 'as it was' } } } },
      event: { data: { url: 'http://localhost' } },
    };

    expect(evaluateTree(`\${${source}}`, aScope(local))).toEqual(expected);
  });

  it.each([
    ['input.count + 1', 3],
    ['1 + input.count', 3],
    ['5 - input.count', 3],
    ['input.count * 2', 4],
    ['input.count / 4', 0.5],
    ['input.count % 2', 0],
    ['7 % input.count', 1],
    ['-input.count', -2],
    ['input.count * 0 * -1', 0],
    ['5 / 2', 2],
    ['size(input.list) == input.count + 1', true],
    ['input.half + 1', 1.5],
    ['1 + input.half', 1.5],
    ['input.half - 1', -0.5],
    ['1 - input.half', 0.5],
    ['input.half * 3', 1.5],
    ['3 * input.half', 1.5],
    ['input.half / 2', 0.25],
    ['2 / input.half', 4],
    ['input.half % 2', 0.5],
    ['5 % 1.5', 0.5],
    ['5.5 % 2.0', 1.5],
    ['3 == 3.0', true],
    ['3.0 == 3', true],
    ['3 == 3.5', false],
    ['input.count in [1, 2]', true],
    ['uint(7)', 7],
    ['9007199254740991', 9_007_199_254_740_991],
    ['-9007199254740991', -9_007_199_254_740_991],
  ])('calculates %s with JSON numbers and CEL literals alike', (source, expected) => {
    expect(value(source)).toBe(expected);
  });

  it.each([
    ['{"a": 1, "b": ["x", 2.5]}', { a: 1, b: ['x', 2.5] }],
    ['input.pairs.map(p, p.k * 10)', [10, 20]],
    ['input.?missing', null],
    ['input.?name', 'ada'],
    ['{1: [true], false: null}', { 1: [true], false: null }],
    ['[optional.of(1), optional.none()]', [1, null]],
    ['"x".matches("y")', false],
    ['timestamp(1.5)', '1970-01-01T00:00:01.500Z'],
    ['timestamp(execution.started_at)', '2026-11-21T06:00:00.000Z'],
    ['timestamp(0)', '1970-01-01T00:00:00.000Z'],
    ['timestamp("2026-11-21T06:00:00+02:00").getHours()', 4],
  ])('gives %s back as plain JSON', (source, expected) => {
    expect(value(source)).toEqual(expected);
  });

  it.each([
    ['1.0 / 0.0', 'Infinity'],
    ['9007199254740993', 'beyond 2^53'],
    ['duration("3s")', 'no form for it'],
    ['type(1)', 'no form for it'],
    ['b"bytes"', 'no form for it'],
    ['uint(9007199254740992)', 'the result 9007199254740992 is beyond 2^53; use string(…)'],
    ['double("NaN")', 'the result is NaN, and JSON has no form for it'],
    ['["x"][1]', 'the list has no item 1: `[?1]` allows it to be missing'],
    ['input.nope', 'there is no key `nope`'],
    ['input.name + 1', '`+` does not take string and int'],
    ['!input.name', '`!` does not take string'],
    ['1 / 0', 'division by zero'],
    ['input.name.matches("(")', 'missing closing )'],
    ['input.name.matches("((a{30}){30}){2}")', 'is not understood'],
    ['input.name.matches("a{1000}a{1000}a{1000}a{1000}a{1000}a{1000}")', 'more than 5000 characters'],
    [
      'timestamp("2026-11-21T06:00:00.000")',
      'timestamp() found no such time: 2026-11-21T06:00:00.000; it takes a text like 2026-11-21T06:00:00Z, with an offset',
    ],
    ['timestamp("2026-99-21T06:00:00Z")', 'no such time'],
    ['[timestamp("2026-11-21T06:00:00.000")].size()', 'with an offset'],
    ['!(input.name.matches("("))', 'missing closing )'],
    ['', 'empty'],
    ['1 +', 'ends too early'],
  ])('refuses %s in plain words', (source, words) => {
    expect(() => value(source)).toThrow(ExpressionError);
    expect(() => value(source)).toThrow(words);
  });

  it('refuses an expression without its closing brace', () => {
    expect(() => evaluateTree('a ${ input.name', scope)).toThrow('`input.name`: its closing brace is missing');
    expect(() => evaluateTree('${ input.name', scope)).toThrow('`input.name`: its closing brace is missing');
  });

  it.each(['index', 'item', 'loop', 'event'])('says `%s` is unknown where it has no meaning', (name) => {
    expect(() => evaluateTree(`\${[${name}]}`, aScope())).toThrow(`\`[${name}]\`: unknown variable: ${name}`);
  });

  it('says in its error what was to be evaluated, and why that failed', () => {
    const failure = (source: string): unknown => {
      try {
        return value(source);
      } catch (error) {
        return error;
      }
    };

    expect(failure(' input.nope ')).toMatchObject({
      name: 'ExpressionError',
      code: 'expression_failed',
      message: '`input.nope`: there is no key `nope`: `has(…)` asks whether there is, `.?` allows it to be missing',
      details: { expression: ' input.nope ' },
      cause: expect.any(Error) as unknown,
    });
    expect(failure('1 +')).not.toHaveProperty('cause');
  });

  it('prepares only the values that are read', () => {
    const unread = Object.defineProperty(aScope({ input: { a: 1 } }), 'item', {
      enumerable: true,
      get: () => {
        throw new Error('somebody reads it');
      },
    });

    expect(evaluateTree('${input.a + input.a}', unread)).toBe(2);
  });

  it.each([
    ['a list doubled thirty times', `[[0, 0]]${'.map(x, x + x)'.repeat(30)}[0].size()`, 'too much work'],
    [
      'a list of lists, nine times each, twenty times',
      `[1]${'.map(x, [x, x, x, x, x, x, x, x, x])'.repeat(20)}`,
      'too large',
    ],
  ])('ends in good time, before it fills the memory: %s', (_what, source, words) => {
    expect(() => value(source)).toThrow(words);
  });

  it('gives back 20 Mi values and characters, and no more', () => {
    const most = 20 * 1024 * 1024;
    const given = (length: number, source: string): Json =>
      evaluateTree(`\${${source}}`, aScope({ input: 'x'.repeat(length) }));

    expect(given(most - 1, 'input')).toHaveLength(most - 1);
    expect(() => given(most, 'input')).toThrow('the result is too large');
    expect(given(most / 2 - 2, '[input, input]')).toHaveLength(2);
    expect(() => given(most / 2 - 1, '[input, input]')).toThrow('the result is too large');
    expect(given(most / 2 - 1, '{input: input}')).toBeTypeOf('object');
    expect(() => given(most / 2, '{input: input}')).toThrow('the result is too large');
  });

  it.each([
    ['a text doubled thirty times', `["aaaa"]${'.map(x, x + x)'.repeat(30)}[0].size()`, 'too much work'],
    ['pairs of a long list', 'input.map(x, input.map(y, x + y))', 'too much work'],
    ['pairs, whose errors a quantifier swallows', 'input.exists(x, input.exists(y, 1 / 0 > 1))', 'too much work'],
    [
      'pairs, in a quantifier that an alternative swallows',
      'input.exists(x, input.exists(y, y < -1)) || true',
      'too much work',
    ],
    ['pairs, one of which is wanted', 'input.exists_one(x, input.filter(y, y == x).size() == 2)', 'too much work'],
  ])('ends before it holds everybody up: %s', (_what, source, words) => {
    const long = aScope({ input: Array.from({ length: 5_000 }, (_, n) => n) });

    const started = performance.now();

    expect(() => evaluateTree(`\${${source}}`, long)).toThrow(words);
    expect(performance.now() - started).toBeLessThan(10_000);
  });

  it('passes on whatever an agent may answer, and goes round a long list, in good time', () => {
    const long = Array.from({ length: 300_000 }, (_, n) => ({ n }));
    const scope = aScope({ input: long });

    expect(evaluateTree('${ input }', scope)).toEqual(long);
    expect(evaluateTree('${ input.filter(x, x.n % 2 == 0).map(x, x.n + 1).size() }', scope)).toBe(150_000);
    expect(evaluateTree('${ input.filter(x, x.n % 2 == 0).map(x, x.n + 1).size() }', scope)).toBe(150_000);
  });

  it('answers a regular expression in linear time', () => {
    const hostile = aScope({ input: `${'a'.repeat(100_000)}!` });

    expect(evaluateTree('${input.matches("^(a+)+$")}', hostile)).toBe(false);
    expect(value('input.name.matches("^a.a$")')).toBe(true);
  });

  it('survives more patterns than it remembers', () => {
    const patterns = Array.from({ length: 1_100 }, (_, index) => `x${index}|a`);

    const results = evaluateTree('${input.filter(p, "a".matches(p))}', aScope({ input: patterns }));

    expect(results).toEqual(patterns);
  });

  it('reads hostile keys as the data that they are', () => {
    const input = JSON.parse(
      '{"constructor": {"x": 1}, "__proto__": {"y": 2}, "list": [{"constructor": null}]}',
    ) as Json;
    const hostile = aScope({ input });

    expect(canonicalJson(evaluateTree('${input}', hostile))).toBe(canonicalJson(input));
    expect(evaluateTree('${input.constructor.x + input["__proto__"].y}', hostile)).toBe(3);
    expect(evaluateTree('${size(input.list)}', hostile)).toBe(1);
    expect(Object.getPrototypeOf(evaluateTree('${input}', hostile))).toBe(Object.prototype);
  });

  it.each<[what: string, input: Json]>([
    ['beside other data', [{ a: 1 }, { constructor: 1 }]],
    ['below other data', { a: { b: [1, { c: 2, constructor: 1 }] }, d: 3 }],
    ['with a list as its value', { constructor: [1, { a: null }] }],
  ])('reads a key `constructor` %s', (_what, input) => {
    expect(evaluateTree('${[input]}', aScope({ input }))).toEqual([input]);
    expect(evaluateTree('${type(input) == map || type(input) == list}', aScope({ input }))).toBe(true);
  });

  it.each(['constructor', 'input.constructor', 'input["__proto__"]', 'input.toString', 'tasks.clone.constructor'])(
    'never reaches behind the data: %s',
    (source) => {
      expect(() => value(source)).toThrow(ExpressionError);
    },
  );

  it('gives any JSON input back unchanged', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (json) => {
        const input = JSON.parse(JSON.stringify(json)) as Json;

        expect(canonicalJson(evaluateTree('${input}', aScope({ input })))).toBe(canonicalJson(input));
      }),
    );
  });

  it('throws nothing but ExpressionError, whatever the text', () => {
    const words = [
      'input',
      'tasks',
      '.a',
      '["b"]',
      '+',
      '-',
      '(',
      ')',
      '{',
      '}',
      '?',
      ':',
      '"',
      "'",
      '1',
      '.map(x, x)',
      '!',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words)), (parts) => {
        try {
          evaluateTree(`\${${parts.join('')}}`, scope);
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
    );
  });
});

describe('evaluateCondition', () => {
  it('is the truth of a source without its braces', () => {
    expect(evaluateCondition('size(tasks.clone.output.files) > 0', scope)).toBe(true);
    expect(evaluateCondition(' input.count > 2 ', scope)).toBe(false);
  });

  it('refuses a value that is no boolean', () => {
    expect(() => evaluateCondition('input.count', scope)).toThrow('a condition is true or false, not 2');
  });
});
