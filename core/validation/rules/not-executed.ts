import type { AgentType } from '../../agents/index.ts';
import type { Finding, Path } from '../../definition/index.ts';
import { isJsonObject, type Json } from '../../json/index.ts';
import type { RuleContext } from '../rule.ts';

/**
 * What the language has and this version does not act on: ways from `workflow`, `*` for any key, `tasks.**` for the tasks of all
 * regions. With `value`, only that value; with `unless`, any but that one. To execute one of them, remove its row and see to it in
 * the plan.
 */
export const notExecuted: readonly {
  readonly way: string;
  readonly value?: string | boolean;
  readonly unless?: string;
}[] = [
  { way: 'orchestration_pattern', unless: 'graph' },
  { way: 'pattern' },
  { way: 'schedule' },
  { way: 'triggers' },
  { way: 'notify' },
  { way: 'webhooks' },
  { way: 'coordination' },
  { way: 'tasks.**.secrets' },
  { way: 'tasks.**.effect', unless: 'none' },
  { way: 'tasks.**.notify_human' },
  { way: 'fault_tolerance.on_failure', value: 'pause' },
  { way: 'fault_tolerance.saga_pattern.rollback_on_failure', value: false },
];

/** What the embedded runtime can call. */
export const executableRuntimes: readonly AgentType['runtime'][] = ['local', 'http', 'human'];

const MOST_PLACES = 10;

/** VAL218: one finding for each such key, at its first place. */
export function* executedKeys(context: RuleContext): Generator<Finding> {
  const severity = context.forRun ? 'error' : 'warning';
  for (const { way, value, unless } of notExecuted) {
    const [first, ...others] = placesOf(way, context)
      .filter((place) => (value === undefined || place.value === value) && place.value !== unless)
      .take(1 + MOST_PLACES);
    if (!first) continue;
    const key = way.split('.').at(-1) ?? way;
    const isNamed = typeof first.value === 'string' || typeof first.value === 'boolean';
    const said = isNamed && (value ?? unless) !== undefined ? `${key}: ${String(first.value)}` : key;
    yield {
      code: 'VAL218',
      severity,
      message: `\`${said}\` is known, but not executed by this version.`,
      path: first.path,
      part: 'key',
      related: others.map(({ path }) => ({ message: 'here too', path })),
    };
  }
}

/** VAL218: agent types that this version has no runtime for. */
export function* executedRuntimes({ workflow, catalogue, forRun, runtimes }: RuleContext): Generator<Finding> {
  for (const [name, { type }] of Object.entries(workflow.agents)) {
    const runtime = catalogue.get(type)?.runtime;
    if (runtime === undefined || runtimes.includes(runtime)) continue;
    yield {
      code: 'VAL218',
      severity: forRun ? 'error' : 'warning',
      message: `\`${type}\` has \`runtime: ${runtime}\`, which is known, but not executed by this version.`,
      path: ['workflow', 'agents', name, 'type'],
    };
  }
}

interface ValueAt {
  readonly path: Path;
  readonly value: Json;
}

const OF_TASKS = 'tasks.**.';

function* placesOf(way: string, { workflow, tasks }: RuleContext): Generator<ValueAt> {
  if (!way.startsWith(OF_TASKS)) {
    yield* find(workflow, way.split('.'), ['workflow']);
    return;
  }
  const steps = way.slice(OF_TASKS.length).split('.');
  for (const { task, path } of tasks) yield* find(task, steps, path);
}

function* find(value: Json | undefined, way: readonly string[], path: Path): Generator<ValueAt> {
  const [step, ...rest] = way;
  if (value === undefined) return;
  if (step === undefined) yield { path, value };
  else if (isJsonObject(value)) {
    const keys = step === '*' ? Object.keys(value) : [step];
    for (const key of keys) if (Object.hasOwn(value, key)) yield* find(value[key], rest, [...path, key]);
  }
}
