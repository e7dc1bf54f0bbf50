import type { ASTNode } from '@marcbachmann/cel-js';

/** The nodes right below a node, as the author wrote them (macros are not expanded). */
export function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'list':
    case '?:':
      return node.args;
    case 'map':
      return node.args.flat();
    case '!_':
    case '-_':
      return [node.args];
    default:
      return node.args;
  }
}

/** `x.key` and `x["key"]`: what is read, and its key. */
export function accessOf(node: ASTNode): { of: ASTNode; key: string } | undefined {
  switch (node.op) {
    case '.':
    case '.?':
      return { of: node.args[0], key: node.args[1] };
    case '[]':
    case '[?]': {
      const [of, index] = node.args;
      return index.op === 'value' && typeof index.args === 'string' ? { of, key: index.args } : undefined;
    }
    default:
      return undefined;
  }
}
