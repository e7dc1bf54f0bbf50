import type { Json } from '../../core/json/index.ts';
import { midnight } from '../makers/event-log.ts';
import type { Scope } from './expression.ts';
import { executionName } from './places.ts';
import { lookOf, type Entry, type Execution, type Frame, type Look, type State } from './state.ts';

/** The place of a task by the name that an entry's own keys call it: in its own region, or in one around it. */
function placeNamed(state: State, { frame, task }: Entry, name: string): string | undefined {
  if (frame.region.upstream.get(task.id)?.has(name)) return frame.prefix + name;
  return frame.container === undefined ? undefined : placeNamed(state, state.entry(frame.container), name);
}

/** For `until`, the members of the loop's body besides. */
function placeInside(state: State, loop: Entry, inside: Frame, name: string): string | undefined {
  return inside.region.byId.has(name) ? inside.prefix + name : placeNamed(state, loop, name);
}

/** Places that had certainly settled when an entry's join was decided, whatever the order within a millisecond. */
function necessaryFor(state: State, entry: Entry): Set<string> {
  const { frame, task } = entry;
  const { skipPropagates } = state.executionOf(entry).workflow;
  const statusOf = (id: string) => state.find(frame.prefix + id)?.result?.status;
  const found = new Set<string>();
  for (const edge of task.dependsOn) {
    const without = state.setting.rules.verdictOf(task, skipPropagates, (one) =>
      one === edge ? undefined : statusOf(one.task),
    );
    if (without !== 'wait') continue;
    found.add(frame.prefix + edge.task);
    for (const place of necessaryFor(state, state.entry(frame.prefix + edge.task))) found.add(place);
  }
  if (frame.container !== undefined)
    for (const place of necessaryFor(state, state.entry(frame.container))) found.add(place);
  return found;
}

/** What has not settled may be read as pending or parked; a fan-out, which nobody opens, also as running. */
function readings(look: Look, { task, part }: Entry): Look[] {
  const isFan = task.spread?.kind === 'fan' && !part;
  const statuses =
    look.status === 'running' && isFan
      ? ['running', 'pending', 'parked']
      : look.status === 'pending'
        ? ['pending', 'parked']
        : [look.status];
  return statuses.map((status) => ({ ...look, status }));
}

/**
 * What an expression may read of a place now. Reads of one evaluation are not one read: what changes in the same millisecond
 * may be seen as it was before, unless the entry could not have come here without it.
 */
function looksAt(state: State, place: string, isSure: () => boolean): Json[] {
  const seen = state.entry(place);
  const looks = [lookOf(seen), ...(seen.lookedAt === state.now && !isSure() ? seen.earlier : [])];
  const all = looks.flatMap((look) => readings(look, seen)).map((look) => JSON.stringify({ ...look, cached: false }));
  return [...new Set(all)].map((text) => JSON.parse(text) as Json);
}

/** More combinations than this are not looked at. */
const MOST_SCOPES = 256;

function tasksInScope(state: State, names: readonly string[], find: (name: string) => string | undefined, of: Entry) {
  let necessary: Set<string> | undefined;
  const isSure = (place: string) => (necessary ??= necessaryFor(state, of)).has(place);
  return names.reduce<Record<string, Json>[]>(
    (all, name) => {
      const place = find(name);
      if (place === undefined) return all;
      const looks = looksAt(state, place, () => isSure(place) || place.startsWith(of.inside?.prefix ?? '>'));
      return all.flatMap((one) => looks.map((look) => ({ ...one, [name]: look }))).slice(0, MOST_SCOPES);
    },
    [{}],
  );
}

export const timeText = (at: number): string => new Date(midnight + at).toISOString();

/** Names in scope of every expression; `tasks` is up to the caller. */
export function baseScope(execution: Execution): Scope {
  const { place, workflow, input, startedAt } = execution;
  const id = executionName(place);
  return {
    input,
    workflow: { name: workflow.name, version: workflow.version },
    execution: { id, name: id, started_at: timeText(startedAt) },
  };
}

/** Every scope in which an entry's own keys may be evaluated now. */
export function scopesOf(state: State, entry: Entry): Scope[] {
  const { frame, task, part } = entry;
  const base = {
    ...baseScope(state.executionOf(entry)),
    ...(frame.loop && { loop: frame.loop }),
    ...(part && { index: part.index }),
    ...(part?.of === 'each' && { item: part.item ?? null }),
  };
  const find = (name: string) => placeNamed(state, entry, name);
  return tasksInScope(state, task.names, find, entry).map((tasks) => ({ ...base, tasks }));
}

/** Every scope in which a loop's `until` may be evaluated once its iteration has settled. */
export function scopesOfUntil(state: State, loop: Entry, inside: Frame, names: readonly string[]): Scope[] {
  const base = { ...baseScope(state.executionOf(loop)), ...(inside.loop && { loop: inside.loop }) };
  const find = (name: string) => placeInside(state, loop, inside, name);
  return tasksInScope(state, names, find, loop).map((tasks) => ({ ...base, tasks }));
}

/** What a region shows of itself when all has settled: to the next iteration, or to the workflow's output. */
export function settledTasks(state: State, { region, prefix }: Frame): { readonly [id: string]: Json } {
  return Object.fromEntries(
    region.tasks.map(({ id }) => [id, { ...lookOf(state.entry(prefix + id)), cached: false }] as const),
  );
}
