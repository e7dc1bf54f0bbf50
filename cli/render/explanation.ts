import type { Explanation } from '../../core/projections/index.ts';
import { oneLine } from './one-line.ts';
import type { Style } from './style.ts';

/** The answer, the chain of causes below it, each link deeper than the one that it explains, and what must happen next. */
export function renderExplanation({ chain, next }: Explanation, style: Style): string[] {
  const [answer, ...causes] = chain.map(({ sentence }) => oneLine(sentence));
  const links = causes.map((cause, depth) => `${'  '.repeat(depth)}${style('quiet', '└─')} ${cause}`);
  const command = next?.command === undefined ? '' : `: ${style('emphasis', next.command)}`;
  const step = next ? [`${style('heading', 'next')}  ${oneLine(next.what)}${command}`] : [];
  return [style('heading', answer ?? ''), ...links, ...step];
}
