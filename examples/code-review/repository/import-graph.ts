import { dirname, join } from 'node:path/posix';
import ts from 'typescript';
import { descendants, parseScript } from './parse-script.ts';

/** Who imports whom, by path, when the modules load. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/**
 * Relative imports that exist at run time. Left out, because they cannot close a cycle while modules load: imports of
 * types, `import()` and `require` within functions. Path aliases are not resolved: that would take the repository's own configuration.
 */
export function readImports(path: string, text: string): string[] {
  const source = parseScript(path, text);
  const values = namesUsedAsValues(source);
  const specifiers = new Set<string>();
  for (const statement of source.statements) {
    if (ts.isImportDeclaration(statement) && loads(statement, values))
      specifiers.add(textOf(statement.moduleSpecifier));
    else if (ts.isExportDeclaration(statement) && statement.moduleSpecifier && !statement.isTypeOnly)
      specifiers.add(textOf(statement.moduleSpecifier));
    else for (const required of topLevelRequires(statement)) specifiers.add(required);
  }
  return [...specifiers].filter((specifier) => specifier.startsWith('.'));
}

export function buildImportGraph(
  imports: ReadonlyMap<string, readonly string[]>,
  paths: Iterable<string>,
): ImportGraph {
  const known = new Set(paths);
  const graph = new Map<string, string[]>();
  for (const [from, specifiers] of imports) {
    const targets = specifiers.map((specifier) => resolveImport(from, specifier, known));
    graph.set(from, [...new Set(targets.filter((target) => target !== undefined))].sort());
  }
  return graph;
}

function resolveImport(from: string, specifier: string, known: ReadonlySet<string>): string | undefined {
  // `./` and `..` name a folder.
  const target = join(dirname(from), specifier).replace(/\/$/, '');
  const withoutScript = target.replace(/\.([mc]?)js(x?)$/, '.$1ts$2');
  const extensions = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
  const candidates = [
    target,
    withoutScript,
    withoutScript.replace(/\.ts$/, '.tsx'),
    ...extensions.map((extension) => `${target}${extension}`),
    ...extensions.map((extension) => `${target}/index${extension}`),
  ];
  return candidates.find((candidate) => known.has(candidate));
}

/** TypeScript drops an import of which only types are used, with or without the word `type`. */
function loads(statement: ts.ImportDeclaration, values: ReadonlySet<string>): boolean {
  const clause = statement.importClause;
  if (clause === undefined) return true;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return false;
  const names: string[] = clause.name ? [clause.name.text] : [];
  const bindings = clause.namedBindings;
  if (bindings && ts.isNamespaceImport(bindings)) names.push(bindings.name.text);
  if (bindings && ts.isNamedImports(bindings)) {
    for (const element of bindings.elements) if (!element.isTypeOnly) names.push(element.name.text);
  }
  return names.some((name) => values.has(name));
}

function namesUsedAsValues(source: ts.SourceFile): ReadonlySet<string> {
  const names = new Set<string>();
  const look = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isHeritageClause(node) && node.token === ts.SyntaxKind.ImplementsKeyword) return;
    // `extends Base<T>` is a type node by kind, and a value all the same.
    if (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) return;
    if (ts.isIdentifier(node)) names.add(node.text);
    ts.forEachChild(node, look);
  };
  look(source);
  return names;
}

function* topLevelRequires(statement: ts.Statement): Generator<string> {
  if (!ts.isVariableStatement(statement) && !ts.isExpressionStatement(statement)) return;
  for (const node of descendants(statement)) {
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression) || node.expression.text !== 'require') continue;
    const [argument] = node.arguments;
    const deferred = ts.findAncestor(node, (above) => ts.isFunctionLike(above)) !== undefined;
    if (argument && ts.isStringLiteral(argument) && !deferred) yield argument.text;
  }
}

function textOf(specifier: ts.Expression): string {
  return ts.isStringLiteral(specifier) ? specifier.text : '';
}
