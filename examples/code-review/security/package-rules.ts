import { dirname } from 'node:path/posix';
import ts from 'typescript';
import type { Finding, Severity } from '../findings/index.ts';
import { lockfileNames, type SourceFile } from '../repository/index.ts';

/** What a package.json asks for, and where it says so. */
interface Entry {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

const scriptRules: readonly { readonly pattern: RegExp; readonly severity: Severity; readonly message: string }[] = [
  {
    pattern: /\b(curl|wget)\b[^|;&]*\|\s*(sudo\s+)?(ba|z|da)?sh\b/,
    severity: 'high',
    message: 'runs whatever a server sends',
  },
  {
    pattern: /\brm\s+-\w*r\w*\s+(-\S+\s+)*(\/|~|\$\w+|\$\{)(\s|$|\/)/,
    severity: 'high',
    message: 'deletes recursively at a place that is not fixed',
  },
  { pattern: /\bchmod\s+(-R\s+)?0?777\b/, severity: 'medium', message: 'lets everybody write' },
  {
    pattern: /NODE_TLS_REJECT_UNAUTHORIZED=0|strict-ssl[= ]false/,
    severity: 'high',
    message: 'switches the verification of certificates off',
  },
];

/** Of package.json: scripts that do harm, dependencies that nobody pinned. */
export function reviewManifest(file: SourceFile, text: string, files: readonly SourceFile[]): Finding[] {
  const json = ts.parseJsonText(file.path, text);
  const scripts = entriesOf(json, 'scripts');
  const dependencies = ['dependencies', 'devDependencies', 'optionalDependencies'].flatMap((key) =>
    entriesOf(json, key),
  );
  return [
    ...scripts.flatMap((script) => scriptFinding(file, script)),
    ...dependencies.flatMap((dependency) => dependencyFinding(file, dependency)),
    ...(dependencies.length > 0 && !hasLockfile(file, files) ? [noLockfile(file)] : []),
  ];
}

function scriptFinding(file: SourceFile, { name, value, line }: Entry): Finding[] {
  return scriptRules
    .filter(({ pattern }) => pattern.test(value.slice(0, 2_000)))
    .map(({ severity, message }) => ({
      rule: 'dangerous-script',
      severity,
      path: file.path,
      line,
      message: `The script \`${name}\` ${message}.`,
      explanation: 'Package scripts run with all rights of whoever installs or builds, often unseen.',
    }));
}

function dependencyFinding(file: SourceFile, { name, value, line }: Entry): Finding[] {
  const loose = value === '*' || value === '' || value === 'latest';
  const plain = /^(git\+)?http:\/\/|^git:\/\//.test(value);
  if (!loose && !plain) return [];
  return [
    {
      rule: 'unpinned-dependency',
      severity: plain ? 'high' : 'medium',
      path: file.path,
      line,
      message: plain ? `\`${name}\` is fetched without encryption.` : `\`${name}\` accepts any version ("${value}").`,
      explanation: 'Tomorrow somebody else decides what you install. Name a version or a range.',
    },
  ];
}

function noLockfile(file: SourceFile): Finding {
  return {
    rule: 'no-lockfile',
    severity: 'low',
    path: file.path,
    line: 1,
    message: 'There are dependencies, and no lockfile that says which versions are meant.',
    explanation: 'Two people who install on two days get different code. Commit the lockfile of your package manager.',
  };
}

/** In the manifest's own folder, or above it, as workspaces have it. */
function hasLockfile(file: SourceFile, files: readonly SourceFile[]): boolean {
  const folders = new Set(['.']);
  for (let folder = dirname(file.path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  const isLockfile = new RegExp(`(^|/)(${lockfileNames.join('|').replaceAll('.', '\\.')})$`);
  return files.some((other) => isLockfile.test(other.path) && folders.has(dirname(other.path)));
}

function entriesOf(json: ts.JsonSourceFile, key: string): Entry[] {
  const root = json.statements[0]?.expression;
  const section = root && ts.isObjectLiteralExpression(root) ? memberOf(root, key)?.initializer : undefined;
  if (!section || !ts.isObjectLiteralExpression(section)) return [];
  return section.properties.flatMap((property) => {
    if (!ts.isPropertyAssignment(property) || !ts.isStringLiteral(property.initializer)) return [];
    const line = json.getLineAndCharacterOfPosition(property.getStart(json)).line + 1;
    return [{ name: nameOf(property), value: property.initializer.text, line }];
  });
}

function memberOf(object: ts.ObjectLiteralExpression, key: string): ts.PropertyAssignment | undefined {
  return object.properties.filter(ts.isPropertyAssignment).find((property) => nameOf(property) === key);
}

function nameOf(property: ts.PropertyAssignment): string {
  return ts.isStringLiteral(property.name) || ts.isIdentifier(property.name) ? property.name.text : '';
}
