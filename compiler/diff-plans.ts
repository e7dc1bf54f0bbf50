import { canonicalJson, type Json } from '../core/json/index.ts';
import type { Plan, PlannedTask } from '../core/plan/index.ts';

/** What differs between two lists of named things. */
export interface NamedDiff {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly { readonly name: string; readonly keys: readonly string[] }[];
}

export interface PlanDiff {
  /** True: an execution of either does the same. */
  readonly identical: boolean;
  /** By id, in the order of the newer plan, then of the older one. */
  readonly tasks: NamedDiff;
  readonly agents: NamedDiff;
  /** Keys of the workflow itself: `input`, `timeout`, … */
  readonly settings: readonly string[];
}

const settings = ['input', 'output', 'timeout', 'grace', 'maxParallel', 'budget', 'onFailure', 'onSkip'] as const;

/** What a plan changes against an older one of its workflow. Name, version and description of a workflow change nothing that runs. */
export function diffPlans(older: Plan, newer: Plan): PlanDiff {
  const tasks = diffNamed(byId(older.tasks), byId(newer.tasks));
  const agents = diffNamed(new Map(Object.entries(older.agents)), new Map(Object.entries(newer.agents)));
  const changed = settings.filter((key) => !isSame(older[key], newer[key]));
  const isEmpty = ({ added, removed, changed: other }: NamedDiff): boolean =>
    added.length + removed.length + other.length === 0;
  return { identical: isEmpty(tasks) && isEmpty(agents) && changed.length === 0, tasks, agents, settings: changed };
}

/** A task of a group or loop by what it says of itself: its members stand beside it, each for itself. */
function byId(tasks: readonly PlannedTask[]): ReadonlyMap<string, object> {
  return new Map(
    tasks.map((task): [string, object] => {
      if (task.kind !== 'group' && task.kind !== 'loop') return [task.id, task];
      const { region, ...own } = task;
      return [task.id, { ...own, members: region.members }];
    }),
  );
}

function diffNamed(older: ReadonlyMap<string, object>, newer: ReadonlyMap<string, object>): NamedDiff {
  const changed = Array.from(newer, ([name, after]) => {
    const before = older.get(name);
    return { name, keys: before ? changedKeys(before, after) : [] };
  });
  return {
    added: [...newer.keys()].filter((name) => !older.has(name)),
    removed: [...older.keys()].filter((name) => !newer.has(name)),
    changed: changed.filter(({ keys }) => keys.length > 0),
  };
}

function changedKeys(before: object, after: object): string[] {
  const [old, now] = [
    new Map<string, unknown>(Object.entries(before)),
    new Map<string, unknown>(Object.entries(after)),
  ];
  const keys = new Set([...old.keys(), ...now.keys()]);
  return [...keys].filter((key) => !isSame(old.get(key), now.get(key)));
}

function isSame(before: unknown, after: unknown): boolean {
  // Plans are JSON; as interfaces they lack its index signature.
  const textOf = (value: unknown): string => (value === undefined ? '' : canonicalJson(value as Json));
  return textOf(before) === textOf(after);
}
