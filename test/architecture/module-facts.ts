import ts from 'typescript';
import type { SourceFile } from './source-file.ts';

export interface ImportFact {
  readonly specifier: string;
  readonly line: number;
}

/** A use of something that makes a function's answer depend on when or where it runs. */
export interface ImpureUse {
  readonly kind: 'environment' | 'clock' | 'randomness' | 'timer' | 'network';
  readonly what: string;
  readonly line: number;
}

export interface FunctionFact {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

export interface ModuleFacts {
  readonly path: string;
  readonly imports: readonly ImportFact[];
  readonly impureUses: readonly ImpureUse[];
  readonly functions: readonly FunctionFact[];
  /** Lines that say `export *`. */
  readonly exportAll: readonly number[];
  readonly lines: number;
  /** Comment lines before the first statement. */
  readonly headerLines: number;
}

const impureMembers: Readonly<Record<string, ImpureUse['kind']>> = {
  'process.env': 'environment',
  'Date.now': 'clock',
  'performance.now': 'clock',
  'process.hrtime': 'clock',
  'Math.random': 'randomness',
  'crypto.randomUUID': 'randomness',
  'crypto.getRandomValues': 'randomness',
};

const impureNames: Readonly<Record<string, ImpureUse['kind']>> = {
  randomUUID: 'randomness',
  randomBytes: 'randomness',
  randomInt: 'randomness',
  setTimeout: 'timer',
  setInterval: 'timer',
  setImmediate: 'timer',
  fetch: 'network',
};

/** A name that is declared or looked up as a member is not a use of the global. */
function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (
    (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
    ts.isPropertyAssignment(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isMethodDeclaration(parent)
  );
}

function impureUseOf(node: ts.Node): { kind: ImpureUse['kind']; what: string } | undefined {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
    const what = `${node.expression.text}.${node.name.text}`;
    const kind = impureMembers[what];
    if (kind) return { kind, what };
  }
  if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && !node.arguments?.length) {
    return { kind: 'clock', what: 'new Date()' };
  }
  if (ts.isIdentifier(node) && Object.hasOwn(impureNames, node.text) && !isMemberName(node)) {
    return { kind: impureNames[node.text]!, what: node.text };
  }
  return undefined;
}

function specifierOf(node: ts.Node): string | undefined {
  if ((ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) && node.moduleSpecifier) {
    return (node.moduleSpecifier as ts.StringLiteral).text;
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const target = node.arguments[0];
    return target && ts.isStringLiteral(target) ? target.text : undefined;
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return node.argument.literal.text;
  }
  return undefined;
}

function nameOfFunction(node: ts.FunctionLikeDeclaration): string {
  if (node.name) return node.name.getText();
  return ts.isVariableDeclaration(node.parent) || ts.isPropertyAssignment(node.parent)
    ? node.parent.name.getText()
    : 'a function';
}

function headerLinesOf(text: string): number {
  const comments = ts.getLeadingCommentRanges(text, 0) ?? [];
  return comments.reduce((lines, { pos, end }) => lines + text.slice(pos, end).split('\n').length, 0);
}

/** What the checks need to know about a file, read from its syntax tree. */
export function factsOf({ path, text }: SourceFile): ModuleFacts {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lineOf = (position: number): number => file.getLineAndCharacterOfPosition(position).line + 1;
  const imports: ImportFact[] = [];
  const impureUses: ImpureUse[] = [];
  const functions: FunctionFact[] = [];
  const exportAll: number[] = [];

  const visit = (node: ts.Node): void => {
    const line = lineOf(node.getStart(file));
    const specifier = specifierOf(node);
    if (specifier !== undefined) imports.push({ specifier, line });
    if (ts.isExportDeclaration(node) && !node.exportClause) exportAll.push(line);
    const impure = impureUseOf(node);
    if (impure) impureUses.push({ ...impure, line });
    if (ts.isFunctionLike(node) && 'body' in node && node.body) {
      functions.push({ name: nameOfFunction(node), line, lines: lineOf(node.end) - line + 1 });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);

  const lines = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { path, imports, impureUses, functions, exportAll, lines, headerLines: headerLinesOf(text) };
}
