import type { AgentContext } from '../../../core/agents/index.ts';
import { compareText, concludeAnalysis, type Analysis, type Finding } from '../findings/index.ts';
import { createPythonCheck } from '../python/index.ts';
import {
  describeFiles,
  isCode,
  isDeclaration,
  isScript,
  parseScript,
  visitFiles,
  type Inventory,
  type SourceFile,
  type Visit,
} from '../repository/index.ts';
import { measureFunctions, type FunctionMeasure } from './measure-functions.ts';

/** `worth a look` and `too much`. The first numbers are McCabe's own, SonarSource's default, and a screen and a half. */
const limits = {
  cyclomatic: { low: 10, medium: 20 },
  cognitive: { low: 15, medium: 30 },
  lines: { low: 80, medium: 160 },
} as const;

const explanation =
  'Long or branching functions are where mistakes hide and where tests miss a way through. Give parts of it a name of their own.';

interface Offender extends FunctionMeasure {
  readonly path: string;
}

export async function reviewComplexity(inventory: Inventory, context: AgentContext): Promise<Analysis> {
  const functions: Offender[] = [];
  const scripts = await visitFiles(inventory, context, {
    wants: (file) => file.role === 'source' && isScript(file) && !isDeclaration(file),
    look: (file, text) => {
      for (const measure of measureFunctions(parseScript(file.path, text)))
        functions.push({ ...measure, path: file.path });
    },
  });
  const python = await reviewPython(inventory, context);
  const ruff = python.visit.seen.length > 0 ? `; ${describeFiles(python.visit.seen)} by Ruff` : '';
  const tests = inventory.files.filter((file) => file.role === 'test' && isCode(file.language));
  return concludeAnalysis({
    area: 'complexity',
    examined: `${functions.length} functions in ${describeFiles(scripts.seen)}${ruff}`,
    findings: [...functions.flatMap(findingOf), ...python.findings],
    notLookedAt: [
      ...scripts.notLookedAt,
      ...python.visit.notLookedAt,
      ...(tests.length > 0 ? [`${describeFiles(tests)} of tests: long and flat is how tests should be.`] : []),
    ],
    tables: [offenderTable(functions)],
  });
}

function findingOf(measure: Offender): Finding[] {
  const over = (['cyclomatic', 'cognitive', 'lines'] as const).filter((what) => measure[what] > limits[what].low);
  if (over.length === 0) return [];
  const tooMuch = over.some((what) => measure[what] > limits[what].medium);
  const words = { cyclomatic: 'cyclomatic complexity', cognitive: 'cognitive complexity', lines: 'lines' };
  const parts = over.map((what) => `${words[what]} ${measure[what]} (worth a look above ${limits[what].low})`);
  return [
    {
      rule: 'complex-function',
      severity: tooMuch ? 'medium' : 'low',
      path: measure.path,
      line: measure.line,
      message: `\`${measure.name}\`: ${parts.join(', ')}.`,
      explanation,
    },
  ];
}

async function reviewPython(
  inventory: Inventory,
  context: AgentContext,
): Promise<{ visit: Visit; findings: Finding[] }> {
  const wants = (file: SourceFile): boolean => file.language === 'Python' && file.role === 'source';
  if (!inventory.files.some(wants)) return { visit: { seen: [], notLookedAt: [] }, findings: [] };
  const check = await createPythonCheck({ select: ['C901'], mccabe: { 'max-complexity': limits.cyclomatic.low } });
  const findings: Finding[] = [];
  const visit = await visitFiles(inventory, context, {
    wants,
    look: (file, text) => {
      for (const { code, message, line } of check(text)) {
        if (code !== 'C901') continue;
        const measured = Number(/\((\d+) >/.exec(message)?.[1]);
        const severity = measured > limits.cyclomatic.medium ? 'medium' : 'low';
        findings.push({
          rule: 'complex-function',
          severity,
          path: file.path,
          line,
          message: `${message}.`,
          explanation,
        });
      }
    },
  });
  return { visit, findings };
}

function offenderTable(functions: readonly Offender[]) {
  const rows = functions
    .toSorted(
      (a, b) =>
        b.cognitive - a.cognitive || b.cyclomatic - a.cyclomatic || compareText(a.path, b.path) || a.line - b.line,
    )
    .slice(0, 10)
    .map(({ name, path, line, cyclomatic, cognitive, lines }) => [
      name,
      `${path}:${line}`,
      cyclomatic,
      cognitive,
      lines,
    ]);
  return {
    title: 'The ten most complex functions',
    columns: ['Function', 'Place', 'Cyclomatic', 'Cognitive', 'Lines'],
    rows,
  };
}
