import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseDefinition, type Definition } from '../../../core/definition/index.ts';
import { goldenFile } from '../../makers/golden.ts';

const founding = readFileSync(
  goldenFile('diagnostics', 'the founding example of the language is valid', 'definition.yaml'),
  'utf8',
);

function parsed(text: string): Definition {
  const { definition, diagnostics } = parseDefinition({ name: 'a.yaml', text });
  if (!definition) throw new Error(diagnostics.map(({ message }) => message).join('\n'));
  return definition;
}

const codesIn = (text: string): string[] =>
  parseDefinition({ name: 'a.yaml', text }).diagnostics.map(({ code }) => code);

function aTask(keys: string): Definition['workflow']['tasks'][number] {
  const { workflow } = parsed(`workflow: { name: w, version: "1", tasks: [{ id: a, ${keys} }] }`);
  return workflow.tasks[0]!;
}

describe('parseDefinition', () => {
  it('reads the founding example', () => {
    const { workflow, source } = parsed(founding);

    expect(workflow.name).toBe('multi_agent_research');
    expect(workflow.tasks.map(({ id }) => id)).toEqual(['decompose', 'research', 'synthesize']);
    expect(source).toMatchObject({ name: 'a.yaml', text: founding });
  });

  it('reads the same from JSON as from YAML', () => {
    const { workflow } = parsed(founding);

    expect(parsed(JSON.stringify({ workflow })).workflow).toEqual(workflow);
  });

  it.each([
    ['90', 90],
    ['0.5', 0.5],
    ['1h30m', 5_400],
    ['2d', 172_800],
    ['1d2h3m4s5ms', 93_784.005],
    ['1.5s', 1.5],
    ['250ms', 0.25],
    ['1.00049', 1],
    ['0.0005', 0.001],
    ['365d', 31_536_000],
  ])('reads the duration %s as %d seconds', (written, seconds) => {
    expect(aTask(`timeout: ${written}`).timeout).toBe(seconds);
  });

  it.each(
    ['0', '-1', '1h 30m', '30m1h', 'h', '', '1', '366d', '.5s', '1e3s', '1H', '0.0004s']
      .map((text) => `"${text}"`)
      .concat('0.0004', '5e-324'),
  )('refuses %s as a duration', (written) => {
    expect(codesIn(`workflow: { name: w, version: "1", tasks: [{ id: a, timeout: ${written} }] }`)).toEqual(['DEF114']);
  });

  it('refuses a delay that is an empty text', () => {
    const { diagnostics } = parseDefinition({
      name: 'a.yaml',
      text: 'workflow: { name: w, version: "1", tasks: [{ id: a }], retry_delay: "" }',
    });

    expect(diagnostics[0]?.message).toBe(
      '`retry_delay` must be a number of seconds or a text like `1h30m` (units d, h, m, s, ms), a year at most.',
    );
  });

  it('gives no definition of a text whose shape is right and whose numbers are not', () => {
    const text = 'workflow: { name: w, version: "1", tasks: [{ id: a, input: 9007199254740993 }] }';

    expect(parseDefinition({ name: 'a.yaml', text }).definition).toBeUndefined();
  });

  it('lets a delay be nothing, where a timeout cannot', () => {
    const { workflow } = parsed(
      'workflow: { name: w, version: "1", tasks: [{ id: a }], fault_tolerance: { grace: 0 }, retry_delay: 0s }',
    );

    expect(workflow).toMatchObject({ fault_tolerance: { grace: 0 }, retry_delay: 0 });
  });

  it.each(['https://example.com/\\r\\nX-Evil: 1', 'https://exa mple.com/', 'ftp://example.com/', 'example.com'])(
    'refuses %s as a URL, once',
    (url) => {
      expect(codesIn(`workflow: { name: w, version: "1", tasks: [{ id: a }], webhooks: [{ url: "${url}" }] }`)).toEqual(
        ['DEF114'],
      );
    },
  );

  it('writes a dependency out as an edge', () => {
    expect(aTask('depends_on: [b, { task: c }, { task: d, on: failure }]').depends_on).toEqual([
      { task: 'b', on: 'success' },
      { task: 'c', on: 'success' },
      { task: 'd', on: 'failure' },
    ]);
  });

  it('leaves what is not said out, save for lists and tables', () => {
    expect(parsed('workflow: { name: w, version: "1", tasks: [{ id: a }] }').workflow).toEqual({
      name: 'w',
      version: '1',
      tags: [],
      agents: {},
      retry_policies: {},
      tasks: [{ id: 'a', depends_on: [] }],
    });
  });

  it('keeps YAML 1.2: yes, no and on are texts', () => {
    expect(aTask('input: [yes, no, on, true, null, 0o17, 12:30]').input).toEqual([
      'yes',
      'no',
      'on',
      true,
      null,
      15,
      '12:30',
    ]);
  });

  it('takes a byte order mark and Windows line ends', () => {
    expect(parsed(`\ufeff${founding.replaceAll('\n', '\r\n')}`).workflow).toEqual(parsed(founding).workflow);
  });

  it('tells where a value and its key stand', () => {
    const { source } = parsed(founding);

    expect(source.rangeOf(['workflow', 'name'])).toEqual({ line: 2, column: 9, endLine: 2, endColumn: 31 });
    expect(source.rangeOf(['workflow', 'name'], 'key')).toEqual({ line: 2, column: 3, endLine: 2, endColumn: 7 });
    expect(source.rangeOf(['workflow', 'tasks', 1, 'depends_on', 0])?.line).toBe(31);
    expect(source.rangeOf(['workflow', 'agents'])).toEqual({ line: 6, column: 3, endLine: 6, endColumn: 9 });
    expect(source.rangeOf(['workflow', 'tasks', 0])?.endLine).toBe(23);
    for (const path of [['nowhere'], ['workflow', 'tasks', 9], ['workflow', 'tasks', 'x'], ['workflow', 'name', 'x']]) {
      expect(source.rangeOf(path)).toBeUndefined();
    }
  });

  it('tells where a piece of a text stands', () => {
    const { source } = parsed(
      `workflow: { name: w, version: "1.0", description: 'it''s here', tags: [ab], tasks: [{ id: a }] }`,
    );
    const piece = { offset: 1, length: 1 };

    expect(source.rangeWithin(['workflow', 'version'], piece)).toMatchObject({ column: 33, endColumn: 34 });
    expect(source.rangeWithin(['workflow', 'tags', 0], piece)).toMatchObject({ column: 73, endColumn: 74 });
    expect(source.rangeWithin(['workflow', 'description'], { offset: 1, length: 3 })).toMatchObject({
      column: 51,
      endColumn: 63,
    });
    expect(source.rangeWithin(['workflow', 'tasks'], piece)).toEqual(source.rangeOf(['workflow', 'tasks']));
    expect(source.rangeWithin(['nowhere'], piece)).toBeUndefined();
  });

  it.each([
    ['brackets', '['.repeat(300_000)],
    ['braces', '{a: '.repeat(100_000)],
    ['sequences', '- '.repeat(100_000)],
    ['explicit keys', '? '.repeat(100_000)],
    ['indentation', Array.from({ length: 500 }, (_, n) => `${' '.repeat(n)}a:`).join('\n')],
    ['keys', Array.from({ length: 10_000 }, (_, n) => `k${n}: 1`).join('\n')],
    ['equal keys', 'k: 1\n'.repeat(10_000)],
    ['quotes', '"'.repeat(40_000)],
    ['closing brackets', ']'.repeat(20_000)],
    ['documents', '---\n'.repeat(100_000)],
    ['anchors', '&a '.repeat(100_000)],
    ['comments', '#\n'.repeat(50_000)],
    ['flow pairs', `{${'[a]: 1, '.repeat(10_000)}}`],
  ])(
    'refuses a text of nothing but %s in good time',
    (_what, text) => {
      const { definition, diagnostics } = parseDefinition({ name: 'a.yaml', text });

      expect(definition).toBeUndefined();
      expect(diagnostics.length).toBeGreaterThan(0);
      expect(diagnostics.length).toBeLessThan(500);
    },
    20_000,
  );

  it('names a key that is most of the text by its beginning', () => {
    const key = 'k'.repeat(1_000_000);

    const { diagnostics } = parseDefinition({
      name: 'a.yaml',
      text: `workflow:\n  agents:\n    ? ${key}\n    : { tpye: x }\n`,
    });

    expect(diagnostics.length).toBeGreaterThan(2);
    for (const { message, path } of diagnostics) expect(message.length + path.length).toBeLessThan(5_000);
  });

  it('answers any text with a definition or with reasons, and twice with the same', () => {
    const pieces = [
      'a',
      '1',
      ':',
      ' ',
      '\n',
      '  ',
      '- ',
      '[',
      ']',
      '{',
      '}',
      ',',
      '"',
      "'",
      '|',
      '>',
      '#',
      '&',
      '*',
      '!',
      '?',
      '\t',
      '\u0000',
      '\ud800',
      'workflow:',
    ];
    const anyText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...pieces)).map((parts) => parts.join('')),
    );
    fc.assert(fc.property(anyText, holdsItsPromise), { numRuns: 300 });
  });

  it('answers any JSON value with reasons', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => holdsItsPromise(JSON.stringify({ workflow: value }))));
  });

  it('survives any slip in the founding example', () => {
    const slip = fc.record({
      at: fc.nat(founding.length),
      length: fc.nat(12),
      text: fc.constantFrom('', ' ', '\n', ':', '-', '"', '[', '{', 'x', '1', 'null', '${', '}', '\t'),
    });
    fc.assert(
      fc.property(fc.array(slip, { minLength: 1, maxLength: 3 }), (slips) => {
        holdsItsPromise(
          slips.reduce(
            (text, { at, length, text: put }) => text.slice(0, at) + put + text.slice(at + length),
            founding,
          ),
        );
      }),
      { numRuns: 150 },
    );
  });
});

function holdsItsPromise(text: string): void {
  const { definition, diagnostics } = parseDefinition({ name: 'a.yaml', text });

  expect(definition === undefined).toBe(diagnostics.length > 0);
  expect(parseDefinition({ name: 'a.yaml', text }).diagnostics).toEqual(diagnostics);
  const lines = text.split('\n').length;
  for (const { range } of diagnostics) expect(range?.line ?? 1).toBeLessThanOrEqual(lines);
}
