import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { workflowJsonSchema } from '../../core/definition/index.ts';
import { codes } from '../../core/diagnostics/index.ts';
import { expectGolden } from '../makers/golden.ts';
import { unsaidKeys } from '../makers/said-keys.ts';
import { everyKey, suites, type Suite } from './hostile-documents.ts';
import { judgedDocuments, type JudgedDocument } from './judged-documents.ts';

const golden = fileURLToPath(new URL('verdicts.txt', import.meta.url));

/** Milliseconds of processor time after which a document is a way to hold somebody up. A quiet machine needs a tenth of it. */
const bounds: Readonly<Record<Suite, number>> = { files: 2_000, keys: 2_000, large: 20_000 };

describe('hostile documents', () => {
  const judged = new Map<Suite, readonly JudgedDocument[]>();
  const deaths: string[] = [];

  beforeAll(async () => {
    for (const suite of suites) {
      const result = await judgedDocuments(suite);
      judged.set(suite, result.judged);
      if (result.death !== undefined) deaths.push(result.death);
    }
  }, 1_800_000);

  it('end in findings or in a plan, with 256 MB for all that stand in one list', () => {
    expect(deaths).toEqual([]);
    expect([...judged.values()].flat().filter(({ outcome }) => outcome === 'thrown')).toEqual([]);
    expect(judged.get('files')!.length).toBeGreaterThan(700);
  });

  it('hold nobody up', () => {
    const slow = suites.flatMap((suite) => judged.get(suite)!.filter(({ cpu }) => cpu > bounds[suite]));

    expect(slow).toEqual([]);
  });

  it('are judged as before', () => {
    expectGolden(golden, verdictsOf(judged));
  });

  it('break every rule', () => {
    const found = new Set([...judged.values()].flat().flatMap((document) => document.codes));

    expect(Object.keys(codes).filter((code) => !found.has(code))).toEqual([]);
  });

  it('break every key of the language', () => {
    const documents = everyKey().map(({ document }) => document);

    expect(unsaidKeys(workflowJsonSchema(), documents)).toEqual([]);
  });
});

/** A line for each document, and for each broken key one with all that was done to it. */
function verdictsOf(judged: ReadonlyMap<Suite, readonly JudgedDocument[]>): string {
  const lines = ['files', 'large'].flatMap((suite) =>
    judged.get(suite as Suite)!.map((document) => `${document.name}: ${verdictOf(document)}`),
  );
  return `${[...lines, ...keyLines(judged.get('keys')!)].join('\n')}\n`;
}

function verdictOf({ outcome, codes: found }: JudgedDocument): string {
  return [outcome, ...found].join(' ');
}

function keyLines(judged: readonly JudgedDocument[]): string[] {
  const ways = Map.groupBy(judged, ({ name }) => name.slice(0, name.lastIndexOf('/')));
  return [...ways].map(([key, documents]) => {
    const verdicts = Map.groupBy(documents, verdictOf);
    const told = [...verdicts].map(
      ([verdict, same]) => `${verdict}: ${same.map(({ name }) => name.slice(key.length + 1)).join(', ')}`,
    );
    return `${key}\n${told.map((line) => `  ${line}`).join('\n')}`;
  });
}
