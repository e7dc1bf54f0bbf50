import ts from 'typescript';
import type { Finding } from '../findings/index.ts';
import { descendants, isScript, lineOf, parseScript, type SourceFile } from '../repository/index.ts';
import { isPlaceholder, looksSecret, redact } from './secret-value.ts';

interface TokenPattern {
  readonly what: string;
  /** Group 1, or all of it, is the secret. */
  readonly pattern: RegExp;
}

/** Tokens whose issuers gave them a shape of their own, so that a match is hardly ever chance. */
const tokenPatterns: readonly TokenPattern[] = [
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { what: 'a GitHub token', pattern: /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60,})\b/g },
  { what: 'a GitLab token', pattern: /\bglpat-[A-Za-z0-9_-]{20,}/g },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: 'a Slack token', pattern: /\bxox[abprs]-[A-Za-z0-9-]{20,}/g },
  { what: 'a Stripe key', pattern: /\b[rs]k_live_[A-Za-z0-9]{20,}/g },
  { what: 'a Google API key', pattern: /\bAIza[A-Za-z0-9_-]{35}\b/g },
  { what: 'an OpenAI or Anthropic key', pattern: /\bsk-(?:proj-|ant-)[A-Za-z0-9_-]{32,}/g },
  { what: 'a SendGrid key', pattern: /\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b/g },
  {
    what: 'a password in a URL',
    pattern: /\b[a-z][a-z0-9+]{2,15}:\/\/[^\s:/@'"]{1,64}:([^\s:/@'"]{8,64})@[a-z0-9.-]+\.[a-z]{2,}/gi,
  },
  {
    what: 'a private key',
    pattern:
      /-----BEGIN (?:RSA |EC |DSA |OPENSSH |ENCRYPTED )?PRIVATE KEY-----(?:\s|\\r|\\n)+((?:[A-Za-z0-9+/=]{40,}(?:\s|\\r|\\n)*){2,})/g,
  },
];

const secretName = /(password|passwd|secret|token|api_?key|access_?key|private_?key|credential)s?$/i;

const explanation =
  'Whoever can read the repository, or any old copy of it, can use the secret. Revoke it, take it from the environment or a secret store, and remember that deleting the line does not delete the history.';

/** Each place once, even where two patterns see it. The secret itself is never part of a finding. */
export function findSecrets(file: SourceFile, text: string): Finding[] {
  const found = new Map<number, string>();
  for (const { what, pattern } of tokenPatterns) {
    for (const match of text.matchAll(pattern)) {
      const secret = match[1] ?? match[0];
      // The start tells enough, and somewhere in a long key any word comes up by chance.
      if (!isPlaceholder(secret.slice(0, 64)) && !isPlaceholder(match[0].slice(0, 120)))
        found.set(lineAt(text, match.index), `This looks like ${what}: ${redact(secret)}.`);
    }
  }
  for (const { name, value, line } of isScript(file) ? assignedInScript(file, text) : assignedInText(file, text)) {
    if (found.has(line) || !looksSecret(value)) continue;
    found.set(line, `\`${name}\` is set to what looks like a real secret: ${redact(value)}.`);
  }
  return [...found].map(([line, message]) => {
    return { rule: 'committed-secret', severity: 'high', path: file.path, line, message, explanation };
  });
}

interface Assignment {
  readonly name: string;
  readonly value: string;
  readonly line: number;
}

/** By the syntax tree, so that comments and regular expressions are not taken for code. */
function* assignedInScript(file: SourceFile, text: string): Generator<Assignment> {
  for (const node of descendants(parseScript(file.path, text))) {
    const [name, value] = assignmentOf(node);
    if (name === undefined || value === undefined || !ts.isStringLiteralLike(value)) continue;
    const word = ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : '';
    if (secretName.test(word)) yield { name: word, value: value.text, line: lineOf(value) };
  }
}

function assignmentOf(node: ts.Node): [name?: ts.Node, value?: ts.Node | undefined] {
  if (ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node) || ts.isPropertyDeclaration(node))
    return [node.name, node.initializer];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
    const left = ts.isPropertyAccessExpression(node.left) ? node.left.name : node.left;
    return [left, node.right];
  }
  return [];
}

/** `name = "value"`, `name: value` and `NAME=value`, in whatever language. */
function* assignedInText(file: SourceFile, text: string): Generator<Assignment> {
  if (file.language === 'Lockfile' || file.language === 'Markdown' || file.language === 'CSV') return;
  for (const [index, line] of text.split('\n').entries()) {
    if (line.length > 1_000) continue;
    const match =
      /^\s*(?:export\s+|ENV\s+)?["']?([A-Za-z_][A-Za-z0-9_.-]*)["']?\s*(?::=|=|:)\s*["']?([^\s"',;]+)["']?/.exec(line);
    const [, name, value] = match ?? [];
    if (name !== undefined && value !== undefined && secretName.test(name)) yield { name, value, line: index + 1 };
  }
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}
