import type { Machine, State } from './asl/asl.ts';
import { routeThrough, weightOf, type Extreme } from './routes.ts';

/** The start and the end of the execution itself. */
const AROUND = 2;

/**
 * The fewest and the most events that a Standard execution leaves in its history, whatever its tasks answer. Retried calls are not
 * counted: they depend on the weather, three events each.
 */
export function historyEvents(machine: Machine, extreme: Extreme): number {
  return AROUND + weightOf(routeThrough(machine, extreme, eventsOfState));
}

/** Of one state each time it is entered, without what is inside it. */
export function eventsOfState(state: State): number {
  switch (state.Type) {
    case 'Task':
      return /\.(waitForTaskToken|sync(:2)?)$/.test(state.Resource) ? 6 : 5;
    case 'Parallel':
      return 4;
    case 'Choice':
    case 'Pass':
    case 'Succeed':
      return 2;
    case 'Fail':
      return 1;
  }
}
