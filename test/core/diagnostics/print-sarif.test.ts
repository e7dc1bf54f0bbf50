import { describe, expect, it } from 'vitest';
import { codes, diagnostic, sarifLog, type Diagnostic, type SourceRange } from '../../../core/diagnostics/index.ts';
import { sarifSchema } from '../../makers/sarif-schema.ts';

const range = (line: number, column: number, endColumn: number): SourceRange => ({
  line,
  column,
  endLine: line,
  endColumn,
});

const text = 'workflow:\n  name: x\n  nmae: y\n';
const finding = diagnostic('DEF111', {
  message: 'The key `nmae` is unknown.',
  path: 'workflow.nmae',
  range: range(3, 3, 7),
  hint: 'did you mean `name`?',
  related: [{ message: 'it stands here', path: 'workflow.name', range: range(2, 3, 7) }],
});

interface Result {
  readonly ruleId: string;
  readonly ruleIndex?: number;
  readonly partialFingerprints: { readonly 'skeinFinding/v1': string };
  readonly locations: readonly [
    { readonly physicalLocation: { readonly region: object; readonly artifactLocation: object } },
  ];
}

interface Log {
  readonly runs: readonly [
    { readonly tool: { readonly driver: { readonly rules: readonly object[] } }; readonly results: readonly Result[] },
  ];
}

function logOf(diagnostics: readonly Diagnostic[], file = { name: 'flows/a.yaml', text }): Log {
  // What a SARIF consumer would be told by its schema.
  return JSON.parse(JSON.stringify(sarifLog([{ ...file, diagnostics }], { version: '1.2.3' }))) as Log;
}

const resultsOf = (...args: Parameters<typeof logOf>) => logOf(...args).runs[0].results;

describe('sarifLog', () => {
  it('neither repeats nor reads a long line or many lines for each of its findings', () => {
    const line = { name: 'a.json', text: `{ "workflow": "${'x'.repeat(4_000_000)}" }` };
    const lines = { name: 'a.yaml', text: 'x\n'.repeat(200_000) };
    const within: Diagnostic[] = Array.from({ length: 200 }, (_, n) => ({
      ...finding,
      path: `x[${n}]`,
      range: range(1, 1, 4_000_000),
    }));
    const across: Diagnostic[] = within.map((one) => ({ ...one, range: { ...range(1, 1, 1), endLine: 200_000 } }));

    const started = performance.now();
    const results = [...resultsOf(within, line), ...resultsOf(across, lines)];

    expect(performance.now() - started).toBeLessThan(1_500);
    expect(JSON.stringify(results).length).toBeLessThan(500_000);
    expect(new Set(results.map(({ partialFingerprints }) => partialFingerprints['skeinFinding/v1'])).size).toBe(400);
  });

  it('is valid SARIF 2.1.0, with findings of every severity, with and without a place', () => {
    const isSarif = sarifSchema();
    const whole = diagnostic('DEF105', { message: 'The text is empty.', path: '' });
    const advice: Diagnostic = { ...finding, severity: 'advice' };

    const log = logOf([finding, { ...finding, severity: 'warning' }, advice, whole]);

    expect(isSarif(log), JSON.stringify(isSarif.errors)).toBe(true);
    expect(isSarif(logOf([])), JSON.stringify(isSarif.errors)).toBe(true);
    expect(log.runs[0].results.map((result) => 'level' in result && result.level)).toEqual([
      'error',
      'warning',
      'note',
      'error',
    ]);
  });

  it('says what, where, what it looks like there, and where else to look', () => {
    const artifactLocation = { uri: 'flows/a.yaml' };

    expect(resultsOf([finding])).toEqual([
      {
        ruleId: 'DEF111',
        ruleIndex: Object.keys(codes).indexOf('DEF111'),
        level: 'error',
        message: { text: 'The key `nmae` is unknown. Hint: did you mean `name`?' },
        locations: [
          {
            physicalLocation: {
              artifactLocation,
              region: { startLine: 3, startColumn: 3, endLine: 3, endColumn: 7, snippet: { text: 'nmae' } },
            },
            logicalLocations: [{ fullyQualifiedName: 'workflow.nmae' }],
          },
        ],
        relatedLocations: [
          {
            id: 0,
            message: { text: 'it stands here' },
            physicalLocation: {
              artifactLocation,
              region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 7, snippet: { text: 'name' } },
            },
            logicalLocations: [{ fullyQualifiedName: 'workflow.name' }],
          },
        ],
        partialFingerprints: { 'skeinFinding/v1': expect.stringMatching(/^[0-9a-f]{64}$/) as unknown },
      },
    ]);
  });

  it('describes every code of the table as a rule, and itself as the tool', () => {
    const { driver } = logOf([]).runs[0].tool;

    expect(sarifLog([], { version: '1' })).toMatchObject({
      $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
      version: '2.1.0',
      runs: [{ columnKind: 'utf16CodeUnits' }],
    });

    expect(driver).toMatchObject({ name: 'Skein', version: '1.2.3' });
    expect(driver.rules).toHaveLength(Object.keys(codes).length);
    expect(driver.rules).toContainEqual({
      id: 'LINT901',
      shortDescription: { text: codes.LINT901.title },
      help: { text: codes.LINT901.fix },
      defaultConfiguration: { level: 'note' },
    });
  });

  it('lets a code that the table does not have stand without a rule', () => {
    const [first, result] = resultsOf([
      { ...finding, code: 'DEF101' },
      { ...finding, code: 'toString' },
    ]);

    expect(first).toMatchObject({ ruleId: 'DEF101', ruleIndex: 0 });
    expect(result).toMatchObject({ ruleId: 'toString' });
    expect(result).not.toHaveProperty('ruleIndex');
  });

  it('shows a range of several lines from its first character to its last', () => {
    const several = { ...finding, range: { line: 1, column: 5, endLine: 3, endColumn: 7 } };

    const [result] = resultsOf([several], { name: 'a', text: text.replaceAll('\n', '\r\n') });

    expect(result?.locations[0].physicalLocation.region).toMatchObject({
      snippet: { text: 'flow:\n  name: x\n  nmae' },
    });
  });

  it('leaves out a snippet that nobody would read', () => {
    const line = `{"workflow": "${'a'.repeat(2_000)}"}`;
    const [result] = resultsOf([{ ...finding, range: range(1, 14, 2_016) }], { name: 'a.json', text: line });

    expect(result?.locations[0].physicalLocation.region).toEqual({
      startLine: 1,
      startColumn: 14,
      endLine: 1,
      endColumn: 2_016,
    });
  });

  it.each([
    ['1,000 characters', 'a'.repeat(1_000), range(1, 1, 1_001), true],
    ['1,001 characters', 'a'.repeat(1_001), range(1, 1, 1_002), false],
    ['100 lines', 'a\n'.repeat(200), { ...range(1, 1, 2), endLine: 100 }, true],
    ['101 lines', 'a\n'.repeat(200), { ...range(1, 1, 2), endLine: 101 }, false],
  ])('shows a snippet of up to 1,000 characters and 100 lines: %s', (_what, text, range, isShown) => {
    const [result] = resultsOf([{ ...finding, range }], { name: 'a', text });

    const region = result?.locations[0].physicalLocation.region;
    expect(region).toMatchObject({ startLine: range.line, endLine: range.endLine });
    expect(region && 'snippet' in region).toBe(isShown);
  });

  it('says of a finding on the whole text no place in it, and of one without related places none', () => {
    const [result] = resultsOf([diagnostic('DEF105', { message: 'The text is empty.', path: '' })]);

    expect(result).toMatchObject({ message: { text: 'The text is empty.' } });
    expect(result?.locations).toEqual([{ physicalLocation: { artifactLocation: { uri: 'flows/a.yaml' } } }]);
    expect(result).not.toHaveProperty('relatedLocations');
  });

  it.each([
    ['my flows/ä:b.yaml', 'my%20flows/%C3%A4%3Ab.yaml'],
    ['../a.yaml', '../a.yaml'],
    ['/srv/a b.yaml', 'file:///srv/a%20b.yaml'],
  ])('writes the name %s as the URI %s', (name, uri) => {
    const [result] = resultsOf([finding], { name, text });

    expect(result?.locations[0].physicalLocation.artifactLocation).toEqual({ uri });
  });
});

describe("a finding's fingerprint", () => {
  const printsOf = (...args: Parameters<typeof logOf>) =>
    resultsOf(...args).map(({ partialFingerprints }) => partialFingerprints['skeinFinding/v1']);

  it('stays when lines are added above it or its indentation changes', () => {
    const below = { ...finding, path: 'workflow.tasks[3].nmae', range: range(5, 5, 9) };

    expect(
      printsOf([below], { name: 'flows/a.yaml', text: `# one\n# two\nworkflow:\n  name: x\n    nmae: y\n` }),
    ).toEqual(printsOf([finding]));
  });

  it('is another one for another file, code, message or line', () => {
    const others = [
      printsOf([finding], { name: 'b.yaml', text }),
      printsOf([{ ...finding, code: 'DEF112' }]),
      printsOf([{ ...finding, message: 'Else.' }]),
      printsOf([{ ...finding, range: range(2, 3, 7) }]),
    ];

    expect(new Set([...printsOf([finding]), ...others.flat()]).size).toBe(5);
  });

  it('tells equal findings on equal lines apart by their order', () => {
    const [first, second, third] = printsOf([finding, finding, finding]);

    expect([second, third]).toEqual([`${first}:1`, `${first}:2`]);
  });

  it('rests on the path where the line may be the whole text', () => {
    const printAt = (path: string, length: number) =>
      printsOf([{ ...finding, path, range: range(1, 1, 2) }], { name: 'a', text: 'a'.repeat(length) });

    expect(printAt('x', 1_000)).toEqual(printAt('y', 1_000));
    expect(printAt('x', 1_001)).not.toEqual(printAt('y', 1_001));
  });

  it('rests on the path where a finding has no place', () => {
    const at = (path: string): Diagnostic => diagnostic('DEF113', { message: 'Missing.', path });

    expect(new Set(printsOf([at('workflow'), at('workflow.tasks[0]')])).size).toBe(2);
  });
});
