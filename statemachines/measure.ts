import { diagnostic, type Diagnostic, type DiagnosticCode } from '../core/diagnostics/index.ts';
import type { Branch, Machine, State } from './asl/asl.ts';
import { LONGEST_NAME } from './asl/name-table.ts';
import { bytesOf, bytesOfLinking } from './bytes.ts';
import { eventsOfState, historyEvents } from './history-events.ts';
import { largestPayload } from './payload.ts';
import { BYTES, BYTES_BUDGET, ESCAPED_BUDGET, EVENTS, EVENTS_BUDGET, PAYLOAD } from './quotas.ts';
import { routeThrough, weightOf, type Extreme, type Stop } from './routes.ts';

/** A measure of a machine beside the limit of Step Functions. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'bytes' | 'events' | 'characters' | 'branches' | 'seconds' | 'machines';
  /** More than this is refused; absent where Step Functions names no limit. */
  readonly bound?: number;
  /** More than this is warned about: room for what the figure cannot know. */
  readonly budget?: number;
  /** The states, from outside to inside, that make it, or more than half of it. */
  readonly path: string;
}

export interface Measures {
  readonly figures: readonly Figure[];
  /** Number of states, those inside Parallels included. */
  readonly states: number;
  /** State transitions of an execution, which are what it is charged for. */
  readonly transitions: { readonly best: number; readonly worst: number };
  /** One for each figure over its bound (an error) or its budget (a warning). */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Measures a machine against the quotas that bind. What its tasks answer is not known, so each figure is the worst that any answers
 * lead to. In a machine that is not linked yet each call is counted with an ARN of 55 characters.
 */
export function measure(machine: Machine): Measures {
  const names = namesIn(machine);
  const figures = [...byteFigures(machine), ...eventFigures(machine), ...stateFigures(machine, names)];
  const transitions = (extreme: Extreme): number => weightOf(routeThrough(machine, extreme, () => 1));
  return {
    figures,
    states: names.length,
    transitions: { best: transitions('shortest'), worst: transitions('longest') },
    diagnostics: figures.flatMap(findingOn),
  };
}

function byteFigures(machine: Machine): Figure[] {
  const text = JSON.stringify(machine);
  const linking = bytesOfLinking(machine);
  const path = pathOf(sizesIn(machine));
  return [
    { name: 'definition', value: bytesOf(text) + linking, unit: 'bytes', bound: BYTES, budget: BYTES_BUDGET, path },
    {
      name: 'definition, escaped',
      value: bytesOf(JSON.stringify(text)) + linking,
      unit: 'bytes',
      bound: BYTES,
      budget: ESCAPED_BUDGET,
      path,
    },
  ];
}

function eventFigures(machine: Machine): Figure[] {
  const figure = (name: string, extreme: Extreme) => ({
    name,
    value: historyEvents(machine, extreme),
    unit: 'events' as const,
    bound: EVENTS,
    path: pathOf(routeThrough(machine, extreme, eventsOfState)),
  });
  return [{ ...figure('history', 'longest'), budget: EVENTS_BUDGET }, figure('history, at best', 'shortest')];
}

function stateFigures(machine: Machine, names: readonly string[]): Figure[] {
  const longest = names.reduce((longest, name) => (name.length > longest.length ? name : longest), '');
  const { bytes, state } = largestPayload(machine);
  const widest = widestIn(machine, { name: '', branches: 0 });
  return [
    { name: 'largest payload', value: bytes, unit: 'bytes', bound: PAYLOAD, path: state },
    { name: 'widest Parallel', value: widest.branches, unit: 'branches', path: widest.name },
    { name: 'longest state name', value: longest.length, unit: 'characters', bound: LONGEST_NAME, path: longest },
  ];
}

function widestIn({ States }: Branch, least: { name: string; branches: number }): { name: string; branches: number } {
  return Object.entries(States).reduce((widest, [name, state]) => {
    if (state.Type !== 'Parallel') return widest;
    const branches = state.Branches.length;
    const wider = branches > widest.branches ? { name, branches } : widest;
    return state.Branches.reduce((inner, branch) => widestIn(branch, inner), wider);
  }, least);
}

function namesIn({ States }: Branch): string[] {
  return Object.entries(States).flatMap(([name, state]) =>
    state.Type === 'Parallel' ? [name, ...state.Branches.flatMap(namesIn)] : [name],
  );
}

/** The states of a branch by the length of their texts. */
function sizesIn({ States }: Branch): Stop[] {
  const sizeOf = (name: string, state: State): Stop => {
    if (state.Type !== 'Parallel') return { name, times: 1, weight: JSON.stringify(state).length, inside: [] };
    const inside = state.Branches.flatMap(sizesIn);
    return { name, times: 1, weight: weightOf(inside), inside };
  };
  return Object.entries(States).map(([name, state]) => sizeOf(name, state));
}

/** Goes inwards while one stop makes more than half of the whole. */
function pathOf(stops: readonly Stop[]): string {
  const path: string[] = [];
  let half = weightOf(stops) / 2;
  for (let inside = stops; ;) {
    const heaviest = inside.find(({ weight }) => weight > half);
    if (!heaviest) return path.join(' / ');
    const { name, times } = heaviest;
    path.push(times === 1 ? name : `${name} ×${times}`);
    inside = heaviest.inside;
    // What is inside a loop is weighed for one of its iterations.
    half /= times;
  }
}

const codes: { readonly [unit in Figure['unit']]?: DiagnosticCode } = { bytes: 'ASL402', events: 'ASL403' };

/** None where the figure is within its budget. */
export function findingOn({ name, value, unit, bound = Infinity, budget = bound, path }: Figure): Diagnostic[] {
  const code = codes[unit];
  if (value <= budget || !code) return [];
  const isOver = value > bound;
  return [
    diagnostic(code, {
      severity: isOver ? 'error' : 'warning',
      path: 'workflow.tasks',
      message: `The machine's ${name}: ${value} ${unit}, ${isOver ? 'and Step Functions takes' : 'with a budget of'} ${isOver ? bound : budget}. More than half of it is in \`${path}\`.`,
    }),
  ];
}
