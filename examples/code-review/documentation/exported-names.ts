import ts from 'typescript';
import { lineOf } from '../repository/index.ts';

export interface ExportedName {
  readonly name: string;
  readonly line: number;
  readonly documented: boolean;
}

/** What a module offers under its own name; what it only passes on is documented where it is made. */
export function exportedNames(source: ts.SourceFile): ExportedName[] {
  const names = new Map<string, ExportedName>();
  for (const statement of source.statements) {
    const isExported =
      ts.canHaveModifiers(statement) &&
      (ts.getModifiers(statement) ?? []).some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword);
    if (!isExported) continue;
    for (const name of declaredNames(statement)) {
      const before = names.get(name);
      // One comment serves all overloads of a function.
      const documented = isDocumented(statement) || (before?.documented ?? false);
      names.set(name, { name, line: before?.line ?? lineOf(statement), documented });
    }
  }
  return [...names.values()];
}

function declaredNames(statement: ts.Statement): string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap(({ name }) => (ts.isIdentifier(name) ? [name.text] : []));
  }
  const isNamed =
    ts.isFunctionDeclaration(statement) ||
    ts.isClassDeclaration(statement) ||
    ts.isInterfaceDeclaration(statement) ||
    ts.isTypeAliasDeclaration(statement) ||
    ts.isEnumDeclaration(statement);
  return isNamed ? [statement.name?.text ?? 'default'] : [];
}

function isDocumented(statement: ts.Statement): boolean {
  const text = statement.getSourceFile().text;
  const comments = ts.getLeadingCommentRanges(text, statement.getFullStart()) ?? [];
  const last = comments.at(-1);
  if (last === undefined) return false;
  // Set apart by an empty line, a plain comment speaks of the file and not of what follows.
  return text.startsWith('/**', last.pos) || !/\n\s*\n/.test(text.slice(last.end, statement.getStart()));
}
