import { canonicalJson, type Json } from '../../core/json/index.ts';
import { epochMilliseconds } from './durations.ts';
import { evaluate, EvaluationError, render, type Scope } from './expression.ts';
import { conditionSource, type Task } from './reading.ts';
import { holds } from './rules.ts';
import { scopesOf } from './scopes.ts';
import type { Entrance, Entry, Part, State } from './state.ts';

const refusal: Entrance = { kind: 'refuse' };
const start = (given: Json): Entrance => ({ kind: 'start', given });

/** Undefined: nothing that the task could do anything with. */
function givenTo(task: Task, part: Part | undefined, scope: Scope): Json | undefined {
  const { work, spread } = task;
  if (spread?.kind === 'each' && !part) {
    const items = render(spread.items, scope);
    return Array.isArray(items) && items.length <= spread.maxItems ? items : undefined;
  }
  switch (work.kind) {
    case 'agent': {
      const input = render(work.input, scope);
      return holds(work.inputSchemas, input) ? input : undefined;
    }
    case 'child': {
      const input = render(work.input, scope);
      return holds(work.workflow.inputSchema ? [work.workflow.inputSchema] : [], input) ? input : undefined;
    }
    case 'wait':
      if (work.wait.kind === 'until') return epochMilliseconds(render(work.wait.until, scope));
      return work.wait.kind === 'event' ? render(work.wait.match, scope) : work.wait.span;
    case 'emit':
      return render(work.data, scope);
    case 'group':
    case 'loop':
      return null;
  }
}

/** A call of a `for_each` has passed its container's condition already. */
function isWanted(task: Task, part: Part | undefined, scope: Scope): Json {
  return task.when === undefined || part?.of === 'each' ? true : evaluate(conditionSource(task.when), scope);
}

function entranceIn(task: Task, part: Part | undefined, scope: Scope): Entrance {
  try {
    const wanted = isWanted(task, part, scope);
    if (typeof wanted !== 'boolean') return refusal;
    if (!wanted) return { kind: 'skip' };
    const given = givenTo(task, part, scope);
    return given === undefined ? refusal : start(given);
  } catch (error) {
    if (error instanceof EvaluationError) return refusal;
    throw error;
  }
}

export function distinct(entrances: readonly Entrance[]): Entrance[] {
  if (entrances.length < 2) return [...entrances];
  // An entrance is JSON; as a union of interfaces it lacks Json's index signature.
  return [...new Map(entrances.map((one) => [canonicalJson(one as unknown as Json), one])).values()];
}

/** Every entrance that an entry may find now. */
export function entrancesOf(state: State, entry: Entry): Entrance[] {
  return distinct(scopesOf(state, entry).map((scope) => entranceIn(entry.task, entry.part, scope)));
}

/** What `until` may say; undefined: nothing that could be used. */
export function verdictsOfUntil(source: string, scopes: readonly Scope[]): (boolean | undefined)[] {
  const verdicts = scopes.map((scope) => {
    try {
      const value = evaluate(conditionSource(source), scope);
      return typeof value === 'boolean' ? value : undefined;
    } catch (error) {
      if (error instanceof EvaluationError) return undefined;
      throw error;
    }
  });
  return [...new Set(verdicts)];
}
