import ts from 'typescript';
import { descendants } from '../repository/index.ts';

/** What the names of one file stand for, as far as the file itself says. */
export interface ModuleScope {
  /** `child_process.exec` for a name, or a member of a name, that was imported as such. */
  importedAs(expression: ts.Expression): string | undefined;
  /** The expression that a name stands for when it is declared once, as a constant. */
  constant(name: string): ts.Expression | undefined;
  /** Nothing in the file declares the name: it is the language's or the platform's own. */
  isGlobal(name: string): boolean;
}

export function readScope(source: ts.SourceFile): ModuleScope {
  const imported = new Map<string, string>();
  const constants = new Map<string, ts.Expression>();
  const declared = new Map<string, number>();
  for (const node of descendants(source)) {
    const name = declaredName(node);
    if (name !== undefined) declared.set(name, (declared.get(name) ?? 0) + 1);
    if (ts.isImportDeclaration(node)) bindImports(node, imported);
    if (!ts.isVariableDeclaration(node) || node.initializer === undefined) continue;
    bindPattern(node.name, originOf(node.initializer, imported), imported);
    const isConst = (ts.getCombinedNodeFlags(node) & ts.NodeFlags.Const) !== 0;
    if (isConst && ts.isIdentifier(node.name)) constants.set(node.name.text, node.initializer);
  }
  // A name that the file declares twice may mean either, and a finding must not rest on a guess.
  for (const [name, times] of declared) if (times > 1) imported.delete(name);
  return {
    importedAs: (expression) => originOf(expression, imported),
    constant: (name) => (declared.get(name) === 1 ? constants.get(name) : undefined),
    isGlobal: (name) => !declared.has(name),
  };
}

type Imported = ReadonlyMap<string, string>;

function originOf(expression: ts.Expression, imported: Imported): string | undefined {
  if (ts.isIdentifier(expression)) return imported.get(expression.text);
  if (ts.isCallExpression(expression)) return requiredModule(expression) ?? promisified(expression, imported);
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const module = originOf(expression.expression, imported);
  return module === undefined ? undefined : `${module.replace(/\.default$/, '')}.${expression.name.text}`;
}

/** Text that is put together at run time from parts that the file does not fix. */
export function isBuiltText(node: ts.Expression, scope: ModuleScope, depth = 0): boolean {
  if (ts.isIdentifier(node)) {
    const value = scope.constant(node.text);
    return value !== undefined && depth < 5 && isBuiltText(value, scope, depth + 1);
  }
  if (ts.isTemplateExpression(node)) return node.templateSpans.some((span) => !isFixed(span.expression, scope, depth));
  if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return false;
  const parts = plusParts(node);
  return parts.some((part) => ts.isStringLiteralLike(part)) && parts.some((part) => !isFixed(part, scope, depth));
}

function isFixed(node: ts.Expression, scope: ModuleScope, depth: number): boolean {
  if (ts.isStringLiteralLike(node) || ts.isNumericLiteral(node)) return true;
  if (ts.isTemplateExpression(node)) return node.templateSpans.every((span) => isFixed(span.expression, scope, depth));
  if (!ts.isIdentifier(node) || depth >= 5) return false;
  const value = scope.constant(node.text);
  return value !== undefined && isFixed(value, scope, depth + 1);
}

function plusParts(node: ts.Expression): ts.Expression[] {
  const isPlus = ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
  return isPlus ? [...plusParts(node.left), node.right] : [node];
}

function bindImports(node: ts.ImportDeclaration, imported: Map<string, string>): void {
  const module = ts.isStringLiteral(node.moduleSpecifier) ? bareName(node.moduleSpecifier.text) : '';
  const clause = node.importClause;
  if (clause?.name) imported.set(clause.name.text, module);
  const bindings = clause?.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) imported.set(bindings.name.text, module);
  if (bindings && ts.isNamedImports(bindings)) {
    for (const { name, propertyName } of bindings.elements) {
      imported.set(name.text, `${module}.${(propertyName ?? name).text}`);
    }
  }
}

function bindPattern(name: ts.BindingName, origin: string | undefined, imported: Map<string, string>): void {
  if (origin === undefined) return;
  if (ts.isIdentifier(name)) imported.set(name.text, origin);
  if (!ts.isObjectBindingPattern(name)) return;
  for (const element of name.elements) {
    const member = element.propertyName ?? element.name;
    if (ts.isIdentifier(member) && ts.isIdentifier(element.name))
      imported.set(element.name.text, `${origin}.${member.text}`);
  }
}

function requiredModule(call: ts.CallExpression): string | undefined {
  const [argument] = call.arguments;
  const isRequire = ts.isIdentifier(call.expression) && call.expression.text === 'require';
  return isRequire && argument && ts.isStringLiteral(argument) ? bareName(argument.text) : undefined;
}

/** `promisify(exec)` is `exec` for our purpose. */
function promisified(call: ts.CallExpression, imported: Imported): string | undefined {
  const [argument] = call.arguments;
  return originOf(call.expression, imported) === 'util.promisify' && argument
    ? originOf(argument, imported)
    : undefined;
}

function bareName(module: string): string {
  return module.replace(/^node:/, '');
}

const declarationKinds = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.VariableDeclaration,
  ts.SyntaxKind.Parameter,
  ts.SyntaxKind.BindingElement,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.ImportClause,
  ts.SyntaxKind.NamespaceImport,
  ts.SyntaxKind.ImportSpecifier,
]);

function declaredName(node: ts.Node): string | undefined {
  if (!declarationKinds.has(node.kind)) return undefined;
  // All kinds of the list are declarations with a name; TypeScript has no guard for them together.
  const { name } = node as ts.NamedDeclaration;
  return name !== undefined && ts.isIdentifier(name) ? name.text : undefined;
}
