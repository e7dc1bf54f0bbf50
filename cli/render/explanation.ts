import type { Explanation } from '../../core/projections/index.ts';
import { oneLine } from './one-line.ts';
import type { Style } from './style.ts';

/** The answer, then the chain of causes below it, each link deeper than the one that it explains. */
export function renderExplanation({ sentence, chain, next }: Explanation, style: Style): string[] {
  const links = chain
    .slice(1)
    .map((link, depth) => `${'  '.repeat(depth)}${style('quiet', '└─')} ${oneLine(link.sentence)}`);
  const step = next && [
    `${style('heading', 'next')}  ${oneLine(next.what)}${next.command === undefined ? '' : `: ${next.command}`} (by ${next.who})`,
  ];
  return [style('heading', oneLine(sentence)), ...links, ...(step ?? [])];
}
