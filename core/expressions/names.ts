import type { ASTNode } from '@marcbachmann/cel-js';
import { didYouMean } from '../diagnostics/index.ts';
import type { ExpressionProblem } from './problem.ts';
import { authorsName } from './reserved-names.ts';
import { globalNames, members as knownMembers, roots, taskMembers } from './scope.ts';
import { chainOf, childrenOf, placeOf, type Member, type Place } from './syntax-tree.ts';

/** A task that an expression names, and where. */
export interface TaskReference extends Place {
  readonly task: string;
}

/** Something of the scope that is read, as far as its members are written out: `tasks.clone.output.files[0]`. */
export interface Reading {
  readonly root: string;
  readonly members: readonly Member[];
}

export interface Names {
  readonly problems: readonly ExpressionProblem[];
  readonly readings: readonly Reading[];
  /** With the first place of each. */
  readonly roots: ReadonlyMap<string, Place>;
  /** Its cost can grow faster than its text. */
  readonly isCostly: boolean;
}

/** CEL's names of types, which `type(x) == int` compares with, and the namespace of `optional.of(x)`. */
const builtIn = new Set('string bool int uint double map list bytes null_type type optional'.split(' '));

const macros = new Set(['map', 'filter', 'all', 'exists', 'exists_one']);

/** Methods whose chains multiply what they are given. */
const costly = new Set([...macros, 'split', 'join']);

/** Two levels say "for each pair"; each further one multiplies the time by the size of a list. */
const DEEPEST_MACRO = 2;

/** Answers that depend on the machine's time zone tables, or on its own zone. */
const inLocalTime = /^get(Date|DayOfMonth|DayOfWeek|FullYear|Hours|Milliseconds|Minutes|Month|Seconds)$/;

interface Walk {
  readonly problems: ExpressionProblem[];
  readonly readings: Reading[];
  readonly roots: Map<string, Place>;
  isCostly: boolean;
}

/** Everything that an expression names, whether it exists or not. */
export function findNames(ast: ASTNode): Names {
  const walk: Walk = { problems: [], readings: [], roots: new Map(), isCostly: false };
  visit(ast, walk, []);
  return walk;
}

/** The tasks that are named, each time. */
export function referencesIn(readings: readonly Reading[]): readonly TaskReference[] {
  return readings.flatMap(({ root, members: [first] }) =>
    root === 'tasks' && typeof first?.key === 'string'
      ? { task: first.key, offset: first.offset, length: first.length }
      : [],
  );
}

/** `bound` are the variables of the macros around the node. */
function visit(node: ASTNode, walk: Walk, bound: readonly string[]): void {
  if (node.op === 'id') return visitName(node, authorsName(node.args), walk, bound);
  const chain = chainOf(node);
  if (chain) return visitChain(chain, walk, bound);
  if (node.op === 'rcall') return visitMethod(node, node.args, walk, bound);
  const [asked] = node.op === 'call' && node.args[0] === 'has' ? node.args[1] : [];
  const askedChain = asked && chainOf(asked);
  if (askedChain) return visitChain(withOptionalEnd(askedChain), walk, bound);
  for (const child of childrenOf(node)) visit(child, walk, bound);
}

type Chain = NonNullable<ReturnType<typeof chainOf>>;

/** `has(a.b.c)` asks for `c`. */
function withOptionalEnd({ base, members }: Chain): Chain {
  return {
    base,
    members: members.map((member, at) => (at === members.length - 1 ? { ...member, isOptional: true } : member)),
  };
}

function visitName(node: ASTNode, name: string, walk: Walk, bound: readonly string[]): void {
  if (bound.includes(name) || builtIn.has(name)) return;
  if (!isRoot(name)) {
    const near = didYouMean(name, [...roots, ...bound]);
    const hint = near === undefined ? `expressions read ${globalNames.join(', ')}` : `did you mean \`${near}\`?`;
    return report(walk, placeOf(node), `nothing is called \`${name}\` here`, hint);
  }
  read(walk, { root: name, members: [] }, node);
  if (name === 'tasks') reportTasks(node, walk);
}

function visitChain({ base, members }: Chain, walk: Walk, bound: readonly string[]): void {
  const root = base.op === 'id' ? authorsName(base.args) : '';
  if (!isRoot(root) || bound.includes(root)) return visit(base, walk, bound);
  read(walk, { root, members }, base);
  const [first, second, third] = members;
  if (root === 'tasks' && typeof first?.key !== 'string') return reportTasks(base, walk);
  if (root === 'tasks') reportUnknown(second, taskMembers, 'a task', walk);
  else reportUnknown(first, knownMembers.get(root), `\`${root}\``, walk);
  if (root === 'loop' && first?.key === 'previous' && second) reportUnknown(third, taskMembers, 'a task', walk);
}

function reportTasks(node: ASTNode, walk: Walk): void {
  const hint = 'write `tasks.clone` or `tasks["clone"]`';
  report(walk, placeOf(node), '`tasks` needs the id of one task', hint);
}

function reportUnknown(
  member: Member | undefined,
  known: readonly string[] | undefined,
  owner: string,
  walk: Walk,
): void {
  if (!member || !known) return;
  const key = String(member.key);
  if (known.includes(key)) return;
  const near = didYouMean(key, known);
  const hint = near === undefined ? `it has ${known.join(', ')}` : `did you mean \`${near}\`?`;
  report(walk, { offset: member.offset, length: member.length }, `${owner} has no \`${key}\``, hint);
}

function visitMethod(
  node: ASTNode,
  [name, receiver, args]: [string, ASTNode, ASTNode[]],
  walk: Walk,
  bound: readonly string[],
): void {
  visit(receiver, walk, bound);
  walk.isCostly ||= costly.has(name);
  if (name === 'getDayOfYear' || (inLocalTime.test(name) && args.length > 0)) {
    report(
      walk,
      placeOf(node),
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
    const message = `\`${name}\` is nested more than ${DEEPEST_MACRO} deep`;
    report(walk, placeOf(node), message, 'its cost would grow with every level');
  }
  for (const part of body) visit(part, walk, [...bound, authorsName(variable.args)]);
}

function isRoot(name: string): boolean {
  return (roots as readonly string[]).includes(name);
}

function read(walk: Walk, reading: Reading, base: ASTNode): void {
  walk.readings.push(reading);
  if (!walk.roots.has(reading.root)) walk.roots.set(reading.root, placeOf(base));
}

function report(walk: Walk, place: Place, message: string, hint: string): void {
  walk.problems.push({ message, hint, ...place });
}
