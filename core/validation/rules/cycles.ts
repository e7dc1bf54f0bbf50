import type { Finding } from '../../definition/index.ts';
import { pathTo, type Region } from '../region.ts';
import type { RuleContext } from '../rule.ts';
import { topologicalOrder, type Edge } from '../task-graph.ts';

/** Longer cycles are shown by their beginning and their end. */
const LONGEST_SHOWN = 50;

/** VAL203: cycles, none of which share a task with one that was reported. */
export function* noCycles({ regions }: RuleContext): Generator<Finding> {
  for (const region of regions) yield* cyclesIn(region);
}

function* cyclesIn({ tasks, graph }: Region): Generator<Finding> {
  for (const cycle of cyclesOf(graph.dependencies)) {
    const steps = cycle.flatMap(({ task, edge }) => {
      const [placed, dependency] = [tasks[task], tasks[edge.from]];
      if (!placed || !dependency) return [];
      const name = placed.task.id;
      const message = `\`${name}\` depends on \`${dependency.task.id}\``;
      return [{ name, message, path: pathTo(placed, 'depends_on', edge.place) }];
    });
    const [first] = steps;
    if (!first) continue;
    // The arrows point from what runs first to what waits for it.
    yield {
      code: 'VAL203',
      message: `These tasks wait for one another: ${arrows([
        first.name,
        ...steps
          .slice(1)
          .toReversed()
          .map(({ name }) => name),
        first.name,
      ])}.`,
      path: first.path,
      hint: 'remove one of these dependencies; work that repeats until it is good is a `loop`',
      related: steps.slice(0, LONGEST_SHOWN).map(({ message, path }) => ({ message, path })),
    };
  }
}

function arrows(names: readonly string[]): string {
  if (names.length <= LONGEST_SHOWN) return names.join(' → ');
  const half = LONGEST_SHOWN / 2;
  const between = names.length - 2 * half;
  return [...names.slice(0, half), `(${between} more)`, ...names.slice(-half)].join(' → ');
}

/** A task of a cycle, and its edge to the next one. */
interface Step {
  readonly task: number;
  readonly edge: Edge;
}

/**
 * Walks from each task along its dependencies, without recursion. Only tasks in cycles or behind them are walked; what has been
 * walked to its end is never entered again, so the whole is linear.
 */
function* cyclesOf(dependencies: readonly (readonly Edge[])[]): Generator<readonly Step[]> {
  const done = new Set(topologicalOrder(dependencies));
  const onWay = new Map<number, number>();
  const way: { task: number; next: number }[] = [];
  const enter = (task: number): void => {
    onWay.set(task, way.length);
    way.push({ task, next: 0 });
  };
  const leaveFrom = (place: number): void => {
    for (const { task } of way.splice(place)) {
      done.add(task);
      onWay.delete(task);
    }
  };
  for (const start of dependencies.keys()) {
    if (!done.has(start)) enter(start);
    for (let last = way.at(-1); last; last = way.at(-1)) {
      const edge = dependencies[last.task]?.[last.next];
      last.next += 1;
      const meeting = edge && onWay.get(edge.from);
      if (!edge) leaveFrom(-1);
      else if (meeting !== undefined) {
        yield stepsOf(way.slice(meeting), dependencies);
        leaveFrom(meeting);
      } else if (!done.has(edge.from)) enter(edge.from);
    }
  }
}

function stepsOf(
  way: readonly { task: number; next: number }[],
  dependencies: readonly (readonly Edge[])[],
): readonly Step[] {
  const steps = way.flatMap(({ task, next }) => {
    const edge = dependencies[task]?.[next - 1];
    return edge ? [{ task, edge }] : [];
  });
  // Begins with the task that stands first in the document.
  const first = steps.reduce((best, { task }, index) => (task < (steps[best]?.task ?? task) ? index : best), 0);
  return [...steps.slice(first), ...steps.slice(0, first)];
}
