import type { Figure } from '../../statemachines/index.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { bar, withCommas } from './numbers.ts';
import type { Style } from './style.ts';

const BAR = 10;
const TITLES = ['limits of Step Functions', '', 'at worst', 'budget', 'bound', '', 'most of it in'];

/** What an execution needs of each quota of Step Functions, and which states need most of it. */
export function figureTable(figures: readonly Figure[], style: Style): string[] {
  const head = TITLES.map((title, at) => cell(title, style(at === 0 ? 'heading' : 'quiet', title)));
  return alignColumns([head, ...figures.map((figure) => rowOf(figure, style))], [2, 3, 4]);
}

function rowOf({ name, value, unit, bound = Infinity, budget, path }: Figure, style: Style): Cell[] {
  const meaning = value > bound ? 'bad' : value > (budget ?? bound) ? 'warning' : 'good';
  const drawn = Number.isFinite(bound) ? bar(value / bound, BAR) : '';
  const numbers = [value, budget, bound].map((it) =>
    cell(it !== undefined && Number.isFinite(it) ? withCommas(it) : ''),
  );
  return [cell(`  ${name}`), cell(drawn, style(meaning, drawn)), ...numbers, cell(unit), cell(path)];
}
