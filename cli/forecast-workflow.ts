import type { Command } from 'commander';
import { estimateWorkflow, type KnownTimes } from '../compiler/index.ts';
import { LONGEST_EXECUTION, type Estimate } from '../core/forecast/index.ts';
import type { Figure } from '../statemachines/index.ts';
import { readDurations } from './durations-file.ts';
import type { CompiledFiles } from './load-workflow.ts';
import { databaseOf, lookInto } from './open-database.ts';
import { lookUpPublished } from './published-lookup.ts';
import type { Forecast } from './render/plan-report.ts';
import type { Surroundings } from './surroundings.ts';

export interface ForecastOptions {
  readonly command: Command;
  readonly surroundings: Surroundings;
  /** A file of declared durations. */
  readonly durations: string | undefined;
  /** Whether the database's executions tell durations; what is declared goes before what was observed. */
  readonly observed: boolean | undefined;
}

/** Throws InvalidRequestError for a file that cannot be read, NotFoundError (`database_not_found`) for executions that are nowhere. */
export async function forecastOf(compiled: CompiledFiles, options: ForecastOptions): Promise<Forecast> {
  const { command, surroundings, durations, observed } = options;
  const declared =
    durations === undefined ? undefined : readDurations(durations, surroundings.directory, compiled.plan);
  const published = lookUpPublished(databaseOf(command, surroundings));
  const withTimes = (times: KnownTimes): Promise<Estimate> => estimateWorkflow(compiled, times, published);
  try {
    const times: KnownTimes = declared ? { declared } : {};
    const estimate = observed
      ? await lookInto(command, surroundings, (reader) => withTimes({ ...times, observed: reader }))
      : await withTimes(times);
    const { figures, saga } = compiled;
    return { estimate, figures: [...figures, durationFigure(estimate)], ...(saga && { saga }) };
  } finally {
    published.close();
  }
}

/** By the tasks' own clocks, or by the timeout where that is shorter. */
function durationFigure({ duration: { bound, timeout, stop } }: Estimate): Figure {
  const end = timeout + stop;
  const byTasks = bound.seconds <= end;
  return {
    name: 'duration',
    value: Math.ceil(byTasks ? bound.seconds : end),
    unit: 'seconds',
    bound: LONGEST_EXECUTION,
    path: byTasks ? bound.path.join(' → ') : 'its timeout',
  };
}
