import ts from 'typescript';
import { descendants, lineOf } from '../repository/index.ts';

export interface FunctionMeasure {
  readonly name: string;
  /** Where it starts, counted from 1. */
  readonly line: number;
  readonly lines: number;
  /** McCabe: one more than its decisions, that is, the tests it takes to go every way once. */
  readonly cyclomatic: number;
  /** After SonarSource's white paper: what nests costs more, what reads on in a line costs nothing. */
  readonly cognitive: number;
}

/** Each function by itself: what a nested function decides counts for that one only. */
export function measureFunctions(source: ts.SourceFile): FunctionMeasure[] {
  const functions = [...descendants(source)].filter(isFunctionWithBody);
  return functions.map((node) => {
    const end = source.getLineAndCharacterOfPosition(node.getEnd()).line + 1;
    return {
      name: nameOf(node),
      line: lineOf(node),
      lines: end - lineOf(node) + 1,
      cyclomatic: 1 + countDecisions(node.body),
      cognitive: cognitiveCost(node.body, 0),
    };
  });
}

type FunctionWithBody = ts.FunctionLikeDeclaration & { readonly body: ts.ConciseBody };

function isFunctionWithBody(node: ts.Node): node is FunctionWithBody {
  return ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;
}

const decisionKinds = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.IfStatement,
  ts.SyntaxKind.ForStatement,
  ts.SyntaxKind.ForInStatement,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.WhileStatement,
  ts.SyntaxKind.DoStatement,
  ts.SyntaxKind.CaseClause,
  ts.SyntaxKind.CatchClause,
  ts.SyntaxKind.ConditionalExpression,
]);

const logicalOperators = new Set<ts.SyntaxKind>([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

function countDecisions(node: ts.Node): number {
  if (isFunctionWithBody(node)) return 0;
  const isLogical = ts.isBinaryExpression(node) && logicalOperators.has(node.operatorToken.kind);
  let count = decisionKinds.has(node.kind) || isLogical ? 1 : 0;
  ts.forEachChild(node, (child) => {
    count += countDecisions(child);
  });
  return count;
}

const nestingKinds = new Set(decisionKinds).add(ts.SyntaxKind.SwitchStatement);
nestingKinds.delete(ts.SyntaxKind.CaseClause);

function cognitiveCost(node: ts.Node, nesting: number): number {
  if (isFunctionWithBody(node)) return 0;
  if (ts.isIfStatement(node)) return ifCost(node, nesting, 1 + nesting);
  const nests = nestingKinds.has(node.kind);
  let cost = nests ? 1 + nesting : 0;
  if (ts.isBreakOrContinueStatement(node) && node.label) cost += 1;
  if (ts.isBinaryExpression(node) && startsSequence(node)) cost += 1;
  ts.forEachChild(node, (child) => {
    cost += cognitiveCost(child, nesting + (nests ? 1 : 0));
  });
  return cost;
}

/** `else if` reads on in a line, so it costs one wherever it stands; so does `else`. */
function ifCost(node: ts.IfStatement, nesting: number, own: number): number {
  const cost = own + cognitiveCost(node.expression, nesting) + cognitiveCost(node.thenStatement, nesting + 1);
  if (node.elseStatement === undefined) return cost;
  if (ts.isIfStatement(node.elseStatement)) return cost + ifCost(node.elseStatement, nesting, 1);
  return cost + 1 + cognitiveCost(node.elseStatement, nesting + 1);
}

/** `a && b && c` is one thought; each change of the operator is another. */
function startsSequence(node: ts.BinaryExpression): boolean {
  const kind = node.operatorToken.kind;
  if (!logicalOperators.has(kind)) return false;
  let above: ts.Node = node.parent;
  while (ts.isParenthesizedExpression(above)) above = above.parent;
  return !ts.isBinaryExpression(above) || above.operatorToken.kind !== kind;
}

function nameOf(node: FunctionWithBody): string {
  if (ts.isConstructorDeclaration(node)) return 'constructor';
  if (node.name) return node.name.getText();
  const { parent } = node;
  const named = ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) || ts.isPropertyDeclaration(parent);
  if (named) return parent.name.getText();
  if (ts.isBinaryExpression(parent)) return parent.left.getText().slice(0, 60);
  if (ts.isCallExpression(parent)) return `(given to ${calleeName(parent.expression)})`;
  return '(anonymous)';
}

/** Short, whatever stands before the last dot: a chain of calls can be a whole file. */
function calleeName(callee: ts.Expression): string {
  if (ts.isIdentifier(callee)) return callee.text;
  if (!ts.isPropertyAccessExpression(callee)) return 'a call';
  const { expression, name } = callee;
  return ts.isIdentifier(expression) ? `${expression.text}.${name.text}` : `….${name.text}`;
}
