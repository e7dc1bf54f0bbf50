import type { Block } from '../../core/plan/index.ts';
import { sum, type Weight } from './weight.ts';

/** A block of the skeleton, as far as it has been cut. */
export interface Piece {
  readonly block: Block;
  readonly weight: Weight;
  /** Ids of the tasks that it begins and ends with; in a Parallel, with its first and last branch. */
  readonly first: string;
  readonly last: string;
  /** True: it is the start of a part, and nothing else. */
  readonly isCall: boolean;
}

export function piecesWeight(kind: 'series' | 'parallel', pieces: readonly Piece[]): Weight {
  const weights = pieces.map(({ weight }) => weight);
  if (kind === 'series') return sum(weights);
  return sum([parallelWeight(pieces[0]?.first ?? ''), ...weights, ...pieces.map(branchWeight)]);
}

/** Blocks of one kind together, in their order. One by itself stays as it is; blocks within blocks of the same kind mean the same. */
export function joined(kind: 'series' | 'parallel', pieces: readonly Piece[]): Piece {
  const [first] = pieces;
  if (first && pieces.length === 1) return first;
  return {
    block: { kind, blocks: pieces.map(({ block }) => block) },
    weight: piecesWeight(kind, pieces),
    first: first?.first ?? '',
    last: pieces.at(-1)?.last ?? '',
    isCall: false,
  };
}

/** A Parallel without its branches: its text, with a name of two or three tasks, and the four events of its own. */
export function parallelWeight(first: string): Weight {
  const name = Math.min(80, 3 * first.length + 20);
  return { raw: 75 + 3 * name, escaped: 95 + 3 * name, events: 4 };
}

/** What a branch adds: its frame, and the state in which failures at its end come to rest. */
export function branchWeight({ first, last }: Pick<Piece, 'first' | 'last'>): Weight {
  const text = 62 + first.length + 2 * last.length;
  return { raw: text, escaped: text + 20, events: 2 };
}
