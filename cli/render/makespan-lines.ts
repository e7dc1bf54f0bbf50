import type { Estimate, Schedule, Step } from '../../core/forecast/index.ts';
import { alignColumns, cell, type Cell } from './columns.ts';
import { counted, elapsed, limitText } from './numbers.ts';
import { someOf } from './some-of.ts';
import type { Style } from './style.ts';

const MARGIN = '  ';
const units = {
  steps: 'each task counts as a step; --durations and --observed tell seconds',
  seconds: 'when every task succeeds at its first attempt',
} as const;

/** How long an execution takes that goes well, and how long any can take. */
export function makespanLines({ makespan, duration }: Estimate, style: Style): string[] {
  const { unit, limited, unlimited, unknown } = makespan;
  const lengthOf = ({ length }: Schedule): string =>
    unit === 'steps' ? counted(length, 'step') : elapsed(length * 1_000);
  const row = (name: string, schedule: Schedule): Cell[] => [
    cell(MARGIN + name),
    cell(lengthOf(schedule)),
    cell(pathText(schedule.path)),
  ];
  const varies = limited.best.length !== limited.worst.length;
  const waits = limited.worst.length > unlimited.worst.length;
  return [
    `${style('heading', 'makespan')}  ${style('quiet', units[unit])}`,
    ...alignColumns([
      ...(varies ? [row('at best', limited.best), row('at worst', limited.worst)] : [row('expected', limited.worst)]),
      ...(waits ? [row('with a place for all', unlimited.worst)] : []),
      [cell(`${MARGIN}whatever fails`), ...boundCells(duration)],
    ]),
    ...(unknown.length > 0 ? [`${MARGIN}not known, and counted as nothing: ${someOf(unknown)}`] : []),
  ];
}

/** By the tasks' own clocks, or by the timeout where that is shorter. */
function boundCells({ bound, timeout, stop }: Estimate['duration']): Cell[] {
  const path = someOf(bound.path, ' → ');
  const end = timeout + stop;
  if (bound.seconds <= end) {
    return [cell(atMost(bound.seconds)), cell(`timeouts, retries and delays along ${path}`)];
  }
  const without = Number.isFinite(bound.seconds)
    ? `without it ${atMost(bound.seconds)}, along ${path}`
    : `without it for ever: nothing ends ${bound.path.at(-1) ?? ''}`;
  return [cell(atMost(end)), cell(`its timeout, and then its end; ${without}`)];
}

function atMost(seconds: number): string {
  return Number.isFinite(seconds) ? `≤ ${limitText(Math.ceil(seconds))}` : 'no end';
}

/** Calls of one task that wait for each other are one stop: `scan ×3 (waited for max_parallel)`. */
function pathText(path: readonly Step[]): string {
  const stops: { readonly task: string; times: number; waitedFor: string | undefined }[] = [];
  for (const { task, waitedFor } of path) {
    const last = stops.at(-1);
    if (last?.task === task) last.times += 1;
    else stops.push({ task, times: 1, waitedFor });
    if (waitedFor !== undefined && last?.task === task) last.waitedFor = waitedFor;
  }
  const texts = stops.map(({ task, times, waitedFor }) => {
    const name = times === 1 ? task : `${task} ×${times}`;
    return waitedFor === undefined ? name : `${name} (waited for ${waitedFor})`;
  });
  return someOf(texts, ' → ');
}
