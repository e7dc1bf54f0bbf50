import { describe } from './judge.ts';
import type { Observed } from './observed.ts';
import type { State } from './state.ts';

/** Every entry settled once, every call made once, and nothing besides what the rules have come to in their end. */
export function rosterViolations(end: State, { tasks, calls, children }: Observed): string[] {
  const executions = new Set([...end.executions].map(({ place }) => place));
  return [
    ...twice(tasks.map(({ path }) => path)).map((place) => `${place} settled twice`),
    ...twice(calls.map(({ path, attempt }) => `${path}#${attempt}`)).map((one) => `${one} was called twice`),
    ...calls
      .filter(({ path, attempt }) => attempt > (end.find(path)?.attempts ?? 0))
      .map(({ path, attempt }) => `${path}#${attempt} was called, and should not have been`),
    ...tasks
      .filter(({ path }) => !end.find(path))
      .map((task) => `${task.path} ${describe(task)}: the rules know of no such entry`),
    ...Object.keys(children)
      .filter((place) => !executions.has(place))
      .map((place) => `${place} started a child, and should not have`),
  ];
}

function twice(all: readonly string[]): string[] {
  return [...new Set(all.filter((one, index) => all.indexOf(one) !== index))];
}
