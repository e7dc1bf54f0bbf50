import ts from 'typescript';
import type { Severity } from '../findings/index.ts';
import { isBuiltText, type ModuleScope } from './module-scope.ts';

export interface CodeRule {
  readonly rule: string;
  readonly severity: Severity;
  readonly explanation: string;
  /** What is wrong with this node itself; undefined when nothing is. */
  readonly check: (node: ts.Node, scope: ModuleScope) => string | undefined;
}

/** Every rule speaks only where the file itself proves it: names are followed to their import, texts to their parts. */
export const codeRules: readonly CodeRule[] = [
  {
    rule: 'dynamic-code',
    severity: 'high',
    explanation:
      'Text that becomes code can do whatever the program can. If any of it comes from outside, that somebody runs your process. Parse data with JSON.parse, choose functions from a table.',
    check: (node, scope) => {
      if (ts.isNewExpression(node) || ts.isCallExpression(node)) return runsText(node, scope);
      return undefined;
    },
  },
  {
    rule: 'shell-injection',
    severity: 'high',
    explanation:
      'A shell reads the whole text, so a value with a semicolon or a $( ) in it becomes a command of its own. Use execFile or spawn with an array of arguments.',
    check: (node, scope) => {
      if (!ts.isCallExpression(node)) return undefined;
      const [command] = node.arguments;
      const called = scope.importedAs(node.expression) ?? '';
      if (command === undefined || !startsShell(called, node)) return undefined;
      return isBuiltText(command, scope) ? `\`${called}\` runs a command line built from values.` : undefined;
    },
  },
  {
    rule: 'sql-injection',
    severity: 'high',
    explanation:
      'A value within the text of a query can change the query. Pass values as parameters, and take the names of tables and columns from a fixed list.',
    check: (node, scope) => {
      if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return undefined;
      const [query] = node.arguments;
      if (query === undefined || !/^(query|execute|raw|prepare|all|get|run)$/.test(node.expression.name.text))
        return undefined;
      const isSql = /^[`'"]?\s*(select\b[^]*\bfrom|insert\s+into|update\b[^]*\bset|delete\s+from)\b/i.test(
        query.getText(),
      );
      return isSql && isBuiltText(query, scope) ? 'This query is built from values.' : undefined;
    },
  },
  {
    rule: 'weak-hash',
    severity: 'medium',
    explanation:
      'MD5 and SHA-1 collisions can be made on a laptop. Fine for a checksum among friends, wrong for signatures, passwords and anything an attacker may choose. Use SHA-256, or scrypt for passwords.',
    check: (node, scope) => {
      if (!ts.isCallExpression(node)) return undefined;
      const [algorithm] = node.arguments;
      const called = scope.importedAs(node.expression) ?? '';
      if (!/^crypto\.create(Hash|Hmac|Sign)$/.test(called) || !algorithm || !ts.isStringLiteral(algorithm))
        return undefined;
      return /^(rsa-)?(md5|sha-?1)$/i.test(algorithm.text) ? `\`${called}\` with ${algorithm.text}.` : undefined;
    },
  },
  {
    rule: 'guessable-secret',
    severity: 'high',
    explanation: 'Math.random can be predicted from a few of its values. Use crypto.randomBytes or crypto.randomUUID.',
    check: (node, scope) => {
      if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || !node.initializer) return undefined;
      if (!/(password|secret|token|session_?id|nonce|api_?key)$/i.test(node.name.text) || !scope.isGlobal('Math'))
        return undefined;
      const random = /\bMath\.random\(\)/.test(node.initializer.getText());
      return random ? `\`${node.name.text}\` comes from Math.random.` : undefined;
    },
  },
  {
    rule: 'tls-not-verified',
    severity: 'high',
    explanation:
      'Without verification anybody on the way can pose as the server. Trust the right certificate instead (`ca`).',
    check: (node) => {
      const verifies = ts.isPropertyAssignment(node) && node.name.getText() === 'rejectUnauthorized';
      if (verifies && node.initializer.kind === ts.SyntaxKind.FalseKeyword) return 'Certificates are not verified.';
      if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return undefined;
      const off =
        /NODE_TLS_REJECT_UNAUTHORIZED['"]?\]?$/.test(node.left.getText()) && /^['"]?0['"]?$/.test(node.right.getText());
      return off ? 'Certificates are not verified, in the whole process.' : undefined;
    },
  },
  {
    rule: 'unencrypted-call',
    severity: 'medium',
    explanation: 'Everybody on the way can read and change what goes over http. Use https.',
    check: (node, scope) => {
      if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return undefined;
      const [url] = node.arguments ?? [];
      if (url === undefined || !callsOut(node, scope)) return undefined;
      const text = ts.isTemplateExpression(url) ? url.head.text : ts.isStringLiteralLike(url) ? url.text : '';
      return isPublicHttp(text) ? `A call to ${/^[^?#]*/.exec(text)?.[0] ?? text} without encryption.` : undefined;
    },
  },
  {
    rule: 'html-injection',
    severity: 'medium',
    explanation:
      'A value written as HTML can carry a script. Use textContent, or clean the value with a library made for it.',
    check: (node, scope) => {
      if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken) {
        const isHtml = ts.isPropertyAccessExpression(node.left) && /^(inner|outer)HTML$/.test(node.left.name.text);
        return isHtml && isBuiltText(node.right, scope) ? 'HTML is put together from values.' : undefined;
      }
      if (!ts.isCallExpression(node) || !isDocumentWrite(node.expression)) return undefined;
      const [html] = node.arguments;
      return html && isBuiltText(html, scope) ? 'HTML is put together from values.' : undefined;
    },
  },
];

function runsText(node: ts.CallExpression | ts.NewExpression, scope: ModuleScope): string | undefined {
  const first = node.arguments?.[0];
  const last = node.arguments?.at(-1);
  const name = ts.isIdentifier(node.expression) ? node.expression.text : '';
  if (first === undefined || last === undefined || !scope.isGlobal(name)) return undefined;
  // Code that is written out in full is odd, but nobody from outside can change it.
  if (name === 'eval' && !ts.isStringLiteralLike(first)) return '`eval` of a value.';
  if (name === 'Function' && !ts.isStringLiteralLike(last)) return '`Function` makes code of a value.';
  const isTimer = name === 'setTimeout' || name === 'setInterval';
  return isTimer && isBuiltText(first, scope) ? `\`${name}\` runs text as code.` : undefined;
}

function isDocumentWrite(callee: ts.Expression): boolean {
  if (!ts.isPropertyAccessExpression(callee) || callee.name.text !== 'write') return false;
  return ts.isIdentifier(callee.expression) && callee.expression.text === 'document';
}

function startsShell(called: string, call: ts.CallExpression): boolean {
  if (/^child_process\.exec(Sync)?$/.test(called)) return true;
  if (!/^child_process\.(spawn|spawnSync|execFile|execFileSync)$/.test(called)) return false;
  return call.arguments.some(
    (argument) =>
      ts.isObjectLiteralExpression(argument) &&
      argument.properties.some(
        (property) =>
          ts.isPropertyAssignment(property) &&
          property.name.getText() === 'shell' &&
          property.initializer.kind !== ts.SyntaxKind.FalseKeyword,
      ),
  );
}

function callsOut(node: ts.CallExpression | ts.NewExpression, scope: ModuleScope): boolean {
  const { expression } = node;
  if (ts.isIdentifier(expression) && scope.isGlobal(expression.text))
    return ts.isNewExpression(node) ? expression.text === 'WebSocket' : expression.text === 'fetch';
  const called = scope.importedAs(expression) ?? '';
  return /^(https?\.(get|request)|axios(\.(get|post|put|patch|delete|request))?|undici\.(fetch|request)|got(\.\w+)?|node-fetch|ws)$/.test(
    called,
  );
}

function isPublicHttp(url: string): boolean {
  const host = /^(?:http|ws):\/\/([^/:?#]+)/i.exec(url)?.[1]?.toLowerCase();
  if (host === undefined) return false;
  const isPrivate = /^(localhost|127\.|0\.0\.0\.0|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|\[)/.test(host);
  return (
    !isPrivate &&
    host.includes('.') &&
    !/\.(local|internal|test|example|invalid|localhost)$|(^|\.)example\.(com|org|net)$/.test(host)
  );
}
