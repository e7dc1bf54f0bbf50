import ts from 'typescript';

/** A syntax tree with parents, from text alone: nothing of the repository is run, and no tsconfig is read. */
export function parseScript(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text.replace(/^#!/, '//'), ts.ScriptTarget.Latest, true, scriptKind(path));
}

function scriptKind(path: string): ts.ScriptKind {
  if (/\.tsx$/.test(path)) return ts.ScriptKind.TSX;
  if (/\.[mc]?ts$/.test(path)) return ts.ScriptKind.TS;
  return ts.ScriptKind.JSX;
}

/** Counted from 1. */
export function lineOf(node: ts.Node): number {
  const source = node.getSourceFile();
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

/** The node and all below it, parents first. */
export function* descendants(node: ts.Node): Generator<ts.Node> {
  const open: ts.Node[] = [node];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    const children: ts.Node[] = [];
    ts.forEachChild(next, (child) => void children.push(child));
    open.push(...children.reverse());
  }
}

export interface Comment {
  readonly text: string;
  /** Where it starts, counted from 1. */
  readonly line: number;
}

/** By token, because only the parser knows a comment from the same characters in a string, a template or a regular expression. */
export function commentsOf(source: ts.SourceFile): Comment[] {
  const ranges = new Map<number, ts.CommentRange>();
  const open: ts.Node[] = [source];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const children = node.getChildren(source);
    open.push(...children);
    if (children.length > 0 || ts.isJsxText(node)) continue;
    const before = ts.getLeadingCommentRanges(source.text, node.getFullStart()) ?? [];
    const after = ts.getTrailingCommentRanges(source.text, node.getEnd()) ?? [];
    for (const range of [...before, ...after]) ranges.set(range.pos, range);
  }
  return [...ranges.values()]
    .sort((a, b) => a.pos - b.pos)
    .map(({ pos, end }) => ({
      text: source.text.slice(pos, end),
      line: source.getLineAndCharacterOfPosition(pos).line + 1,
    }));
}
