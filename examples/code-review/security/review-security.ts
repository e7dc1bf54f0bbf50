import type { AgentContext } from '../../../core/agents/index.ts';
import { concludeAnalysis, type Analysis, type Finding } from '../findings/index.ts';
import { createPythonCheck } from '../python/index.ts';
import {
  descendants,
  describeFiles,
  isDeclaration,
  isScript,
  lineOf,
  parseScript,
  visitFiles,
  type Inventory,
  type SourceFile,
} from '../repository/index.ts';
import { codeRules } from './code-rules.ts';
import { findSecrets } from './find-secrets.ts';
import { reviewLockfile } from './lockfile-rules.ts';
import { readScope } from './module-scope.ts';
import { reviewManifest } from './package-rules.ts';

/** Ruff's port of Bandit, without its guesses at passwords (we make our own) and at SQL (it can't follow constants). */
const pythonRules = {
  select: [
    'S102',
    'S103',
    'S113',
    'S301',
    'S302',
    'S306',
    'S307',
    'S312',
    'S321',
    'S323',
    'S324',
    'S501',
    'S502',
    'S503',
    'S506',
    'S507',
    'S508',
    'S509',
    'S602',
    'S604',
    'S605',
    'S609',
    'S611',
    'S612',
    'S701',
    'S702',
  ],
};

export async function reviewSecurity(inventory: Inventory, context: AgentContext): Promise<Analysis> {
  const findings: Finding[] = [];
  const python = inventory.files.some((file) => file.language === 'Python')
    ? await createPythonCheck(pythonRules)
    : undefined;
  const { seen, notLookedAt } = await visitFiles(inventory, context, {
    wants: (file) => file.role !== 'test',
    look: (file, text) => {
      findings.push(...findSecrets(file, text), ...pipesToShell(file, text));
      if (isScript(file) && !isDeclaration(file)) findings.push(...reviewCode(file, text));
      if (/(^|\/)package\.json$/.test(file.path)) findings.push(...reviewManifest(file, text, inventory.files));
      if (/(^|\/)package-lock\.json$/.test(file.path)) findings.push(...reviewLockfile(file, text));
      if (file.language !== 'Python' || python === undefined) return;
      for (const { code, message, line } of python(text)) {
        if (code === 'invalid-syntax') continue;
        const explanation = `Ruff's rule ${code}, after Bandit: https://docs.astral.sh/ruff/rules/`;
        findings.push({ rule: code, severity: 'medium', path: file.path, line, message: `${message}.`, explanation });
      }
    },
  });
  return concludeAnalysis({
    area: 'security',
    examined: describeFiles(seen),
    findings,
    notLookedAt: [...notLookedAt, ...limits(inventory.files)],
  });
}

function reviewCode(file: SourceFile, text: string): Finding[] {
  const source = parseScript(file.path, text);
  const scope = readScope(source);
  return [...descendants(source)].flatMap((node) =>
    codeRules.flatMap(({ rule, severity, explanation, check }) => {
      const message = check(node, scope);
      return message === undefined
        ? []
        : [{ rule, severity, path: file.path, line: lineOf(node), message, explanation }];
    }),
  );
}

function pipesToShell(file: SourceFile, text: string): Finding[] {
  if (file.language !== 'Shell' && file.language !== 'Dockerfile') return [];
  return text.split('\n').flatMap((line, index): Finding[] => {
    if (line.length > 2_000 || /^\s*#/.test(line) || !/\b(curl|wget)\b[^|;&]*\|\s*(sudo\s+)?(ba|z|da)?sh\b/.test(line))
      return [];
    const message = 'Whatever the server sends is run at once.';
    const explanation = 'Download, compare with a checksum you know, then run.';
    return [{ rule: 'pipe-to-shell', severity: 'medium', path: file.path, line: index + 1, message, explanation }];
  });
}

function limits(files: readonly SourceFile[]): string[] {
  const tests = files.filter((file) => file.role === 'test');
  const known = new Set(['TypeScript', 'JavaScript', 'Python']);
  const others = files.filter((file) => file.role === 'source' && !known.has(file.language));
  return [
    'Known vulnerabilities of dependencies: that takes an advisory database (`npm audit`).',
    ...(tests.length > 0
      ? [`${describeFiles(tests)} of tests: their secrets and shortcuts are meant to be harmless.`]
      : []),
    ...(others.length > 0 ? [`${describeFiles(others)}: searched for secrets only, no rules for the language.`] : []),
  ];
}
