import { scenarioText, type Gap, type SagaProof } from '../../core/saga-proof/index.ts';
import { alignColumns, cell } from './columns.ts';
import { counted } from './numbers.ts';
import { someOf } from './some-of.ts';
import type { Style } from './style.ts';

const MARGIN = '  ';

/** Whether the saga undoes what the tasks do: the verdict, and the way to each gap. The findings say what to do about them. */
export function sagaLines(proof: SagaProof | undefined, style: Style): string[] {
  if (!proof) return [];
  const { verdict, effects, compensated, pivots, gaps } = proof;
  const said =
    verdict === 'proved'
      ? 'on every failure, cancel and timeout all effects are undone in order, or lie before a pivot'
      : `${counted(gaps.length, 'gap')}: the findings say what to do about each`;
  const rows = [
    ['verdict', `${verdict}  ${style('quiet', said)}`],
    ['effects', `${counted(effects, 'task')}, ${compensated} with a compensation`],
    ...(pivots.length > 0 ? [['pivots', someOf(pivots)]] : []),
    ...gaps.map((gap) => [gap.task ?? 'the workflow', gapText(gap)]),
  ];
  return [
    style('heading', 'saga'),
    ...alignColumns(rows.map(([name = '', value = '']) => [cell(MARGIN + name), cell(value)])),
  ];
}

function gapText({ kind, scenario }: Gap): string {
  const name = kind.replaceAll('_', ' ');
  return scenario ? `${name}: ${scenarioText(scenario)}` : name;
}
