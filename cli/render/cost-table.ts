import { prices, type Cost } from '../../core/forecast/index.ts';
import { alignColumns, cell } from './columns.ts';
import { usdText, withCommas } from './numbers.ts';
import type { Style } from './style.ts';

const MARGIN = '  ';
const TITLES = ['', 'at best', 'at worst', 'at best', 'at worst'];
/** What a month is reckoned with. */
const EXECUTIONS = 1_000;
/** Whatever the workflow is. */
const NEVER_IN_IT = 'free tiers, logs, storage, traffic, waking those who wait';

/** What an execution costs on AWS at list prices: quantities, then dollars. */
export function costLines({ lines, children, usd, region, date, unknown }: Cost, style: Style): string[] {
  const quantity = (value: number): string => withCommas(value < 100 ? Math.round(value * 10) / 10 : Math.round(value));
  const ofChildren =
    children.worst > 0 ? [['child workflows', '', '', usdText(children.best), usdText(children.worst)]] : [];
  const rows = [
    ...lines.map(({ price, quantity: { best, worst }, usd: dollars }) => [
      prices.rows[price].what,
      quantity(best),
      quantity(worst),
      usdText(dollars.best),
      usdText(dollars.worst),
    ]),
    ...ofChildren,
    ['in all', '', '', usdText(usd.best), usdText(usd.worst)],
    [`${withCommas(EXECUTIONS)} a month`, '', '', usdText(usd.best * EXECUTIONS), usdText(usd.worst * EXECUTIONS)],
  ];
  const head = TITLES.map((title) => cell(title, style('quiet', title)));
  const table = rows.map(([name = '', ...numbers]) => [cell(MARGIN + name), ...numbers.map((text) => cell(text))]);
  return [
    `${style('heading', 'cost of an execution')}  ${style('quiet', `on AWS, ${region}, list prices of ${date}`)}`,
    ...alignColumns([head, ...table], [1, 2, 3, 4]),
    ...[...unknown, NEVER_IN_IT].map((it) => `${MARGIN}not in it: ${it}`),
  ];
}
