import { diagnostic, type Diagnostic } from '../core/diagnostics/index.ts';
import type { Branch, Machine, State } from './asl/asl.ts';
import { LONGEST_NAME } from './asl/name-table.ts';
import { eventsOfState, historyEvents } from './history-events.ts';

/** A measure of a machine beside the limit of Step Functions. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'bytes' | 'events' | 'characters';
  /** More than this is refused. */
  readonly bound: number;
  /** More than this is warned about: room for what the figure cannot know. */
  readonly budget?: number;
  /** The states, from outside to inside, that make more than half of it. */
  readonly path: string;
}

export interface Measures {
  readonly figures: readonly Figure[];
  /** Number of states, those inside Parallels included. */
  readonly states: number;
  /** One for each figure over its bound (an error) or its budget (a warning). */
  readonly diagnostics: readonly Diagnostic[];
}

/** Of a definition, and of the request that carries it as a JSON string: 1 MB. */
const BYTES = 1_048_576;
const BYTES_BUDGET = 850_000;
/** Leaves 8 % to the request's headers and other members. */
const ESCAPED_BUDGET = 960_000;
/** Of an execution's history. The budget leaves room for calls that are retried. */
const EVENTS = 25_000;
const EVENTS_BUDGET = 15_000;

/**
 * Measures a machine against the quotas that bind. Linked machines give the true bytes; in an unlinked one every call is shorter
 * by the difference between its placeholder and the function's ARN.
 */
export function measure(machine: Machine): Measures {
  const states = statesOf(machine);
  const figures = [...byteFigures(machine), ...eventFigures(machine), nameFigure(states)];
  return { figures, states: states.length, diagnostics: figures.flatMap(findingOn) };
}

function byteFigures(machine: Machine): Figure[] {
  const text = JSON.stringify(machine);
  const path = heaviestPath(machine, (state) => JSON.stringify(state).length);
  return [
    { name: 'definition', value: bytesOf(text), unit: 'bytes', bound: BYTES, budget: BYTES_BUDGET, path },
    {
      name: 'definition, escaped',
      value: bytesOf(JSON.stringify(text)),
      unit: 'bytes',
      bound: BYTES,
      budget: ESCAPED_BUDGET,
      path,
    },
  ];
}

function eventFigures(machine: Machine): Figure[] {
  return [
    {
      name: 'history',
      value: historyEvents(machine, 'succeeding'),
      unit: 'events',
      bound: EVENTS,
      budget: EVENTS_BUDGET,
      path: heaviestPath(machine, (state) => eventsOfState(state, 'succeeding')),
    },
    {
      name: 'history, all failing',
      value: historyEvents(machine, 'failing'),
      unit: 'events',
      bound: EVENTS,
      path: heaviestPath(machine, (state) => eventsOfState(state, 'failing')),
    },
  ];
}

function nameFigure(states: readonly string[]): Figure {
  const longest = states.reduce((longest, name) => (name.length > longest.length ? name : longest), '');
  return { name: 'longest state name', value: longest.length, unit: 'characters', bound: LONGEST_NAME, path: longest };
}

function statesOf({ States }: Branch): string[] {
  return Object.entries(States).flatMap(([name, state]) =>
    state.Type === 'Parallel' ? [name, ...state.Branches.flatMap(statesOf)] : [name],
  );
}

/** Goes inwards while one state weighs more than half of the whole. */
function heaviestPath(machine: Machine, weigh: (state: State) => number): string {
  const weighed = (branches: readonly Branch[]): { name: string; state: State; weight: number }[] =>
    branches.flatMap(({ States }) =>
      Object.entries(States).map(([name, state]) => ({ name, state, weight: weigh(state) })),
    );
  const path: string[] = [];
  let inside = weighed([machine]);
  const half = inside.reduce((sum, { weight }) => sum + weight, 0) / 2;
  for (;;) {
    const heaviest = inside.find(({ weight }) => weight > half);
    if (!heaviest) return path.join(' / ');
    path.push(heaviest.name);
    inside = heaviest.state.Type === 'Parallel' ? weighed(heaviest.state.Branches) : [];
  }
}

function findingOn({ name, value, unit, bound, budget, path }: Figure): Diagnostic[] {
  const isOver = value > bound;
  if (!isOver && value <= (budget ?? bound)) return [];
  const limit = isOver ? bound : (budget ?? bound);
  return [
    diagnostic(unit === 'events' ? 'ASL403' : 'ASL402', {
      severity: isOver ? 'error' : 'warning',
      path: 'workflow.tasks',
      message: `The machine's ${name}: ${value} ${unit}, ${isOver ? 'and Step Functions takes' : 'with a budget of'} ${limit}. More than half of it is in \`${path}\`.`,
    }),
  ];
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}
