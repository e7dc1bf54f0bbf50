import type { Failure, Summary } from '../../simulation/index.ts';
import { counted, elapsed, withCommas } from './numbers.ts';
import type { Style } from './style.ts';

interface Progress {
  readonly summary: Summary;
  readonly runs: number;
  /** Milliseconds so far. */
  readonly took: number;
}

export function renderProgress({ summary, runs, took }: Progress, style: Style): string {
  const rate = summary.runs / Math.max(took / 1000, 0.001);
  const broken = summary.failures.length;
  const verdict = style(broken === 0 ? 'good' : 'bad', `${withCommas(broken)} broken`);
  return `${withCommas(summary.runs)} of ${counted(runs, 'run')}, ${rate.toFixed(0)} a second, ${verdict}`;
}

/** What a run breaks, what has to go wrong for it, how it went, and how to see it again. */
export function renderFailure(failure: Failure & { readonly again: string }, style: Style): readonly string[] {
  const { seed, broken, faults, trace, workflow, again } = failure;
  return [
    style('heading', `seed ${seed} breaks ${counted(broken.length, 'promise')}`),
    ...broken.map(({ name, path, message }) => `  ${style('bad', name)} ${path === '' ? '' : `${path}: `}${message}`),
    ...(workflow === ''
      ? []
      : [
          '',
          ...workflow
            .trimEnd()
            .split('\n')
            .map((line) => `  ${line}`),
        ]),
    '',
    `  with ${counted(faults.length, 'fault')}, as few as it takes`,
    ...trace.map((line) => `  ${line}`),
    '',
    `  again: ${style('emphasis', again)}`,
    '',
  ];
}

export function renderSummary(summary: Summary, took: number, style: Style): readonly string[] {
  const { runs, simulated, events, faults, statuses, failures } = summary;
  const times = Math.round(simulated / Math.max(took, 1));
  const rate = (runs / Math.max(took / 1000, 0.001)).toFixed(0);
  const struck = Object.entries(faults).filter(([, count]) => count > 0);
  const kinds = struck.map(([kind, count]) => `${kind.replaceAll('_', ' ')} ${withCommas(count)}`);
  const ended = Object.entries(statuses).sort(([, a], [, b]) => b - a);
  return [
    `${counted(runs, 'run')} in ${elapsed(took)}, ${rate} a second; ${elapsed(simulated)} of simulated time, ${withCommas(times)} times as fast`,
    `${counted(events, 'event')}; ${ended.map(([status, count]) => `${withCommas(count)} ${status}`).join(', ')}`,
    `faults: ${kinds.length === 0 ? 'none' : kinds.join(', ')}`,
    failures.length === 0
      ? style('good', 'every promise holds')
      : style(
          'bad',
          `${counted(failures.length, 'seed')} broke a promise: ${failures.map(({ seed }) => seed).join(', ')}`,
        ),
  ];
}
