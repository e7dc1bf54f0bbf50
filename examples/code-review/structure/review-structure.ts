import { dirname } from 'node:path/posix';
import type { AgentContext } from '../../../core/agents/index.ts';
import {
  compareText,
  concludeAnalysis,
  wholeRepository,
  type Analysis,
  type Finding,
  type Table,
} from '../findings/index.ts';
import {
  buildImportGraph,
  describeFiles,
  findImportCycles,
  isCode,
  isDeclaration,
  isScript,
  readImports,
  visitFiles,
  type Inventory,
  type SourceFile,
} from '../repository/index.ts';

/** Nobody reads on after this many lines; documents, data and tests are not counted. */
const longFile = 1_000;
/** Below this, a repository is too small for the lack of tests to say anything. */
const testsExpected = 200;

export async function reviewStructure(inventory: Inventory, context: AgentContext): Promise<Analysis> {
  const { files } = inventory;
  const imports = new Map<string, readonly string[]>();
  const { seen, notLookedAt } = await visitFiles(inventory, context, {
    wants: (file) => isScript(file) && !isDeclaration(file),
    look: (file, text) => imports.set(file.path, readImports(file.path, text)),
  });
  const cycles = findImportCycles(buildImportGraph(imports, imports.keys()));
  return concludeAnalysis({
    area: 'structure',
    examined: `${describeFiles(files)}; imports of ${describeFiles(seen)}`,
    findings: [...cycles.map(cycleFinding), ...files.flatMap(longFileFinding), ...missingTests(files)],
    notLookedAt: [...inventory.notLookedAt, ...notLookedAt],
    tables: [languageTable(files), roleTable(files), folderTable(files), largestTable(files)],
  });
}

function cycleFinding(cycle: readonly string[]): Finding {
  return {
    rule: 'import-cycle',
    severity: 'medium',
    path: cycle[0] ?? wholeRepository,
    line: 1,
    message: `These modules import each other: ${cycle.join(' → ')}.`,
    explanation:
      'Modules of a cycle can only be understood, tested and moved together, and which of them loads first depends on who imports them. Move what they share into a module of its own.',
  };
}

function longFileFinding(file: SourceFile): Finding[] {
  if (file.role !== 'source' || file.lines <= longFile || isDeclaration(file)) return [];
  const explanation = `Above ${longFile} lines a file usually does several things; split it along them.`;
  const message = `${file.lines} lines in one file.`;
  return [{ rule: 'long-file', severity: 'low', path: file.path, line: 1, message, explanation }];
}

function missingTests(files: readonly SourceFile[]): Finding[] {
  const lines = sumLines(files.filter((file) => file.role === 'source'));
  if (lines < testsExpected || files.some((file) => file.role === 'test' && isCode(file.language))) return [];
  return [
    {
      rule: 'no-tests',
      severity: 'medium',
      path: wholeRepository,
      line: 1,
      message: `${lines} lines of code, and no file that looks like a test.`,
      explanation:
        'Without tests nobody can tell whether a change broke something. Start with the part that changes most.',
    },
  ];
}

function languageTable(files: readonly SourceFile[]): Table {
  const rows = [...Map.groupBy(files, (file) => file.language)]
    .map(([language, group]): [string, number, number] => [language, group.length, sumLines(group)])
    .sort((a, b) => b[2] - a[2] || compareText(a[0], b[0]));
  return { title: 'Languages', columns: ['Language', 'Files', 'Lines'], rows };
}

function roleTable(files: readonly SourceFile[]): Table {
  const source = sumLines(files.filter((file) => file.role === 'source'));
  const test = sumLines(files.filter((file) => file.role === 'test' && isCode(file.language)));
  const ratio = source === 0 ? '–' : (test / source).toFixed(2);
  return { title: 'Tests', columns: ['Lines of code', 'Lines of tests', 'Ratio'], rows: [[source, test, ratio]] };
}

function folderTable(files: readonly SourceFile[]): Table {
  const top = (file: SourceFile): string => (dirname(file.path) === '.' ? './' : `${file.path.split('/')[0] ?? ''}/`);
  const rows = [...Map.groupBy(files, top)]
    .map(([folder, group]): [string, number, number] => [folder, group.length, sumLines(group)])
    .sort((a, b) => b[2] - a[2] || compareText(a[0], b[0]));
  return { title: 'Folders', columns: ['Folder', 'Files', 'Lines'], rows: rows.slice(0, 20) };
}

function largestTable(files: readonly SourceFile[]): Table {
  const rows = files
    .filter((file) => isCode(file.language) && !isDeclaration(file))
    .sort((a, b) => b.lines - a.lines || compareText(a.path, b.path))
    .map((file) => [file.path, file.lines]);
  return { title: 'Largest code files', columns: ['File', 'Lines'], rows: rows.slice(0, 10) };
}

function sumLines(files: readonly SourceFile[]): number {
  return files.reduce((sum, file) => sum + file.lines, 0);
}
