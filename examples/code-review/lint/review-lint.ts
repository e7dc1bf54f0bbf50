import type { AgentContext } from '../../../core/agents/index.ts';
import { concludeAnalysis, type Analysis, type Finding, type Severity } from '../findings/index.ts';
import { createPythonCheck, type PythonMessage } from '../python/index.ts';
import {
  describeFiles,
  isCode,
  isDeclaration,
  isScript,
  visitFiles,
  type Inventory,
  type SourceFile,
  type Visit,
} from '../repository/index.ts';
import { createScriptCheck, isFlow } from './check-script.ts';

const pythonRules = {
  select: [
    'E9',
    'E711',
    'E712',
    'E722',
    'F',
    'B002',
    'B003',
    'B005',
    'B006',
    'B012',
    'B015',
    'B016',
    'B018',
    'B020',
    'PLE',
  ],
  // What a star import hides is told once, at the import (F403), and not at every name (F405).
  ignore: ['F405', 'PLE0704'],
};

/** Codes that mean the code fails, or does something else, when it gets there; the others are leftovers. */
const pythonMistakes = /^(F6|F5|F70|F82|B0|PLE|E722)/;

export async function reviewLint(inventory: Inventory, context: AgentContext): Promise<Analysis> {
  const findings: Finding[] = [];
  const flow: string[] = [];
  const checkScript = createScriptCheck();
  const scripts = await visitFiles(inventory, context, {
    wants: (file) => isScript(file) && !isDeclaration(file),
    look: async (file, text) => {
      if (isFlow(text)) flow.push(file.path);
      else findings.push(...(await checkScript(file, text)));
    },
  });
  const python = await lintPython(inventory, context, findings);
  return concludeAnalysis({
    area: 'lint',
    examined: describeFiles([...scripts.seen, ...python.seen]),
    findings,
    notLookedAt: [
      ...scripts.notLookedAt,
      ...python.notLookedAt,
      ...(flow.length > 0 ? [`${flow.length} ${flow.length === 1 ? 'file' : 'files'} written in Flow.`] : []),
      ...unknownLanguages(inventory.files),
    ],
  });
}

async function lintPython(inventory: Inventory, context: AgentContext, findings: Finding[]): Promise<Visit> {
  if (!inventory.files.some((file) => file.language === 'Python')) return { seen: [], notLookedAt: [] };
  const check = await createPythonCheck(pythonRules);
  return visitFiles(inventory, context, {
    wants: (file) => file.language === 'Python',
    look: (file, text) => findings.push(...check(text).flatMap((message) => pythonFinding(file, message))),
  });
}

function pythonFinding(file: SourceFile, { code, message, line }: PythonMessage): Finding[] {
  // A package's __init__.py imports names in order to offer them.
  if (code === 'F401' && file.path.endsWith('__init__.py')) return [];
  if (code === 'invalid-syntax') {
    const explanation = 'A file that cannot be parsed cannot be built, run or reviewed.';
    const severity = file.role === 'test' ? 'low' : 'high';
    return [{ rule: 'syntax-error', severity, path: file.path, line, message: `${message}.`, explanation }];
  }
  const severity: Severity = pythonMistakes.test(code) ? 'medium' : 'low';
  const explanation = `Ruff's rule ${code}: https://docs.astral.sh/ruff/rules/`;
  return [{ rule: code, severity, path: file.path, line, message: `${message}.`, explanation }];
}

function unknownLanguages(files: readonly SourceFile[]): string[] {
  const known = new Set(['TypeScript', 'JavaScript', 'Python']);
  const others = files.filter((file) => isCode(file.language) && !known.has(file.language));
  return others.length > 0 ? [`${describeFiles(others)}: no linter here knows the language.`] : [];
}
