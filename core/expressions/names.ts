import type { ASTNode } from '@marcbachmann/cel-js';
import { didYouMean } from '../diagnostics/index.ts';
import type { ExpressionProblem } from './problem.ts';
import { authorsName } from './reserved-names.ts';
import { globalNames, members, roots, taskMembers } from './scope.ts';
import { accessOf, childrenOf } from './syntax-tree.ts';

/** A piece of the source. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

/** A task that an expression names, and where. */
export interface TaskReference extends Place {
  readonly task: string;
}

export interface Names {
  readonly problems: readonly ExpressionProblem[];
  readonly references: readonly TaskReference[];
  /** With the first place of each. */
  readonly roots: ReadonlyMap<string, Place>;
}

/** CEL's names of types, which `type(x) == int` compares with, and the namespace of `optional.of(x)`. */
const builtIn = new Set('string bool int uint double map list bytes null_type type optional'.split(' '));

const macros = new Set(['map', 'filter', 'all', 'exists', 'exists_one']);

/** Two levels say "for each pair"; each further one multiplies the time by the size of a list. */
const DEEPEST_MACRO = 2;

/** Answers that depend on the machine's time zone tables, or on its own zone. */
const inLocalTime = /^get(Date|DayOfMonth|DayOfWeek|FullYear|Hours|Milliseconds|Minutes|Month|Seconds)$/;

interface Walk {
  readonly problems: ExpressionProblem[];
  readonly references: TaskReference[];
  readonly roots: Map<string, Place>;
}

/** Everything that an expression names, whether it exists or not. */
export function findNames(ast: ASTNode): Names {
  const walk: Walk = { problems: [], references: [], roots: new Map() };
  visit(ast, walk, []);
  return walk;
}

/** `bound` are the variables of the macros around the node. */
function visit(node: ASTNode, walk: Walk, bound: readonly string[]): void {
  if (node.op === 'id') return visitName(node, authorsName(node.args), walk, bound);
  const access = accessOf(node);
  if (access) return visitAccess(node, access, walk, bound);
  if (node.op === 'rcall') return visitMethod(node, node.args, walk, bound);
  for (const child of childrenOf(node)) visit(child, walk, bound);
}

function visitName(node: ASTNode, name: string, walk: Walk, bound: readonly string[]): void {
  if (bound.includes(name) || builtIn.has(name)) return;
  if (!isRoot(name)) {
    const near = didYouMean(name, [...roots, ...bound]);
    const hint = near === undefined ? `expressions read ${globalNames.join(', ')}` : `did you mean \`${near}\`?`;
    return report(walk, node, `nothing is called \`${name}\` here`, hint);
  }
  read(walk, name, node);
  if (name === 'tasks')
    report(walk, node, '`tasks` needs the id of one task', 'write `tasks.clone` or `tasks["clone"]`');
}

function visitAccess(
  node: ASTNode,
  { of, key }: { of: ASTNode; key: string },
  walk: Walk,
  bound: readonly string[],
): void {
  const root = rootOf(of, bound);
  if (root === 'tasks') {
    read(walk, root, of);
    walk.references.push({ task: key, ...placeOf(node) });
    return;
  }
  visit(of, walk, bound);
  const inner = accessOf(of);
  const isTask = inner !== undefined && rootOf(inner.of, bound) === 'tasks';
  const known = isTask ? taskMembers : members.get(root ?? '');
  if (!known || known.includes(key)) return;
  const near = didYouMean(key, known);
  const hint = near === undefined ? `it has ${known.join(', ')}` : `did you mean \`${near}\`?`;
  report(walk, node, isTask ? `a task has no \`${key}\`` : `\`${root ?? ''}\` has no \`${key}\``, hint);
}

function visitMethod(
  node: ASTNode,
  [name, receiver, args]: [string, ASTNode, ASTNode[]],
  walk: Walk,
  bound: readonly string[],
): void {
  visit(receiver, walk, bound);
  if (name === 'getDayOfYear' || (inLocalTime.test(name) && args.length > 0)) {
    report(
      walk,
      node,
      `\`${name}\` would depend on the machine's time zones`,
      'all times are UTC: call it without a zone',
    );
  }
  const [variable, ...body] = args;
  if (!macros.has(name) || variable?.op !== 'id') {
    for (const argument of args) visit(argument, walk, bound);
    return;
  }
  if (bound.length === DEEPEST_MACRO) {
    report(walk, node, `\`${name}\` is nested more than ${DEEPEST_MACRO} deep`, 'its cost would grow with every level');
  }
  for (const part of body) visit(part, walk, [...bound, authorsName(variable.args)]);
}

function rootOf(node: ASTNode, bound: readonly string[]): string | undefined {
  const name = node.op === 'id' ? authorsName(node.args) : undefined;
  return name !== undefined && isRoot(name) && !bound.includes(name) ? name : undefined;
}

function read(walk: Walk, root: string, node: ASTNode): void {
  if (!walk.roots.has(root)) walk.roots.set(root, placeOf(node));
}

function isRoot(name: string): boolean {
  return (roots as readonly string[]).includes(name);
}

function report(walk: Walk, node: ASTNode, message: string, hint: string): void {
  walk.problems.push({ message, hint, ...placeOf(node) });
}

function placeOf({ start, end }: ASTNode): Place {
  return { offset: start, length: Math.max(1, end - start) };
}
