import { EventPlay, type Emitters } from './event-play.ts';
import { prospectsOf } from './prospects.ts';
import { outwards, type PlacedTask } from './region.ts';
import type { RuleContext } from './rule.ts';
import { topologicalOrder } from './task-graph.ts';

/** A wait, the event that it waits for, the task that emits it, and the wait that this one comes after. */
export interface EventStep {
  readonly wait: PlacedTask;
  readonly event: string;
  readonly emitter: PlacedTask;
  readonly after: PlacedTask;
}

/** Waits that wait for one another, each circle once. Empty as well while a graph has cycles: they leave no before and after. */
export function circlesOfEvents(context: RuleContext): readonly (readonly EventStep[])[] {
  const emitters = emittersOf(context);
  const isWaited = context.tasks.some(({ task }) => emitters.has(task.wait?.event ?? ''));
  if (!isWaited || !context.regions.every(isOrdered)) return [];
  const play = new EventPlay(context.regions, emitters);
  return circlesAmong(context.tasks, (placed) => blockerOf(placed, play, emitters)).map(stepsOf);
}

function isOrdered({ tasks, graph }: RuleContext['regions'][number]): boolean {
  return topologicalOrder(graph.dependencies).length === tasks.length;
}

/** Events that start workflows, or that the agents exchange, may come from anywhere. So do those that no task here ever emits. */
function emittersOf(context: RuleContext): Emitters {
  const { coordination, triggers = [] } = context.workflow;
  const foreign = new Set([...(coordination?.event_driven ?? []), ...triggers.map(({ event }) => event)]);
  const emitters = new Map<string, Set<PlacedTask>>();
  const prospect = prospectsOf(context);
  for (const placed of context.tasks) {
    const type = placed.task.emit?.event;
    if (type === undefined || familiesOf(type).some((family) => foreign.has(family))) continue;
    if (outwards(placed).some((around) => !prospect(around).runs)) continue;
    emitters.set(type, (emitters.get(type) ?? new Set()).add(placed));
  }
  return emitters;
}

/** More parts than the name of an event has, unless somebody wants to see what it costs. */
const MOST_PARTS = 8;

/** `build`, `build.linux` and `build.linux.finished` for the last of them. */
function familiesOf(type: string): readonly string[] {
  const parts = type.split('.', MOST_PARTS);
  return [type, ...parts.map((_, at) => parts.slice(0, at + 1).join('.'))];
}

/** What a task that never settles would need first; undefined for one that settles. */
function blockerOf(placed: PlacedTask, play: EventPlay, emitters: Emitters): PlacedTask | undefined {
  if (play.settled.has(placed)) return undefined;
  const isStuck = (other: PlacedTask): boolean => !play.settled.has(other);
  if (play.isOpen(placed)) {
    const members = placed.inner.flatMap(({ tasks }) => tasks);
    return (
      members.find(isStuck) ??
      emitters
        .get(placed.task.wait?.event ?? '')
        ?.values()
        .next().value
    );
  }
  const { region, position } = placed;
  const stuck = region.graph.dependencies[position]?.flatMap(({ from }) => region.tasks[from] ?? []).find(isStuck);
  return stuck ?? region.container;
}

/** Each task has one blocker at most, so walking from each, and never twice along the same, finds every circle. */
function circlesAmong(
  tasks: readonly PlacedTask[],
  blocker: (placed: PlacedTask) => PlacedTask | undefined,
): readonly (readonly PlacedTask[])[] {
  const circles: PlacedTask[][] = [];
  const walkOf = new Map<PlacedTask, number>();
  for (const [walk, start] of tasks.entries()) {
    const way: PlacedTask[] = [];
    let at: PlacedTask | undefined = start;
    for (; at && !walkOf.has(at); at = blocker(at)) {
      walkOf.set(at, walk);
      way.push(at);
    }
    if (at && walkOf.get(at) === walk) circles.push(way.slice(way.indexOf(at)));
  }
  return circles;
}

/** A wait of the circle is followed by what emits its event; the rest of the way says what that comes after. */
function stepsOf(circle: readonly PlacedTask[]): readonly EventStep[] {
  const pairs = circle.flatMap((wait, index) => {
    const emitter = circle[(index + 1) % circle.length];
    const event = wait.task.wait?.event;
    return emitter && event !== undefined && emitter.task.emit?.event === event ? { wait, event, emitter } : [];
  });
  return pairs.map((pair, index) => ({ ...pair, after: pairs[(index + 1) % pairs.length]?.wait ?? pair.wait }));
}
