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

/** A piece of the source. */
export interface Place {
  readonly offset: number;
  readonly length: number;
}

export function placeOf({ start, end }: ASTNode): Place {
  return { offset: start, length: Math.max(1, end - start) };
}

/** A member that is read, and the piece of the source from the chain's beginning up to it. */
export interface Member extends Place {
  readonly key: string | number;
  /** It may be missing: `.?`, `has(…)`. */
  readonly isOptional: boolean;
}

/** `x.key[0]["other key"]`: what is read first, and the members one after the other. Undefined for a node that reads no member. */
export function chainOf(node: ASTNode): { base: ASTNode; members: readonly Member[] } | undefined {
  const nodes: ASTNode[] = [];
  let base = node;
  for (let access = accessOf(base); access; access = accessOf(base)) {
    nodes.unshift(base);
    base = access.of;
  }
  if (nodes.length === 0) return undefined;
  let isOptional = false;
  const members = nodes.flatMap((inner) => {
    const access = accessOf(inner);
    isOptional ||= inner.op === '.?' || inner.op === '[?]';
    return access ? { key: access.key, isOptional, offset: base.start, length: inner.end - base.start } : [];
  });
  return { base, members };
}

function accessOf(node: ASTNode): { of: ASTNode; key: string | number } | undefined {
  switch (node.op) {
    case '.':
    case '.?':
      return { of: node.args[0], key: node.args[1] };
    case '[]':
    case '[?]': {
      const [of, index] = node.args;
      const key: unknown = index.op === 'value' ? index.args : undefined;
      if (typeof key === 'bigint') return { of, key: Number(key) };
      return typeof key === 'string' ? { of, key } : undefined;
    }
    default:
      return undefined;
  }
}
