import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SkeinEvent } from '../../core/execution/index.ts';
import { taskIdOf, type TaskPath } from '../../core/ids/index.ts';
import {
  printScenario,
  randomScenarioOf,
  wholeLanguage,
  type Scenario,
  type TaskDocument,
} from '../../simulation/index.ts';
import { playScenario } from './play-scenario.ts';
import type { Storm } from './weather.ts';

const RUNS = Number(process.env['SKEIN_PROPERTY_RUNS'] ?? 40);
const TIMEOUT = 60_000 + RUNS * 4_000;
const ends = ['succeeded', 'failed', 'cancelled'];

/** The same workflow, each of whose tasks makes one and the same call in all its items, iterations and attempts. */
function withCaches(scenario: Scenario): Scenario {
  const { workflow } = scenario.document;
  return { ...scenario, document: { workflow: { ...workflow, timeout: '30d', tasks: workflow.tasks.map(cached) } } };
}

function cached(task: TaskDocument): TaskDocument {
  const { loop, group } = task;
  if (loop) return { ...task, loop: { ...loop, tasks: loop.tasks.map(cached) } };
  if (group) return { ...task, group: { ...group, tasks: group.tasks.map(cached) } };
  const calls = task.agent !== undefined || task.requires !== undefined;
  return calls ? { ...task, cache: { ttl: null, key: 'one' } } : task;
}

interface Span {
  readonly path: TaskPath;
  readonly from: number;
  readonly to: number;
}

/** When attempts were at work, each from its assignment to what ended it. One without an end is left out: its execution was over. */
function spansOf(events: readonly SkeinEvent[]): readonly Span[] {
  const begun = new Map<TaskPath, number>();
  return events.flatMap(({ type, path, time: to }): Span[] => {
    if (path === '') return [];
    const from = begun.get(path);
    if (type === 'task.assigned') begun.set(path, from ?? to);
    if (from === undefined || !/^task\.(retried|completed|failed|cancelled|parked)$/.test(type)) return [];
    begun.delete(path);
    return [{ path, from, to }];
  });
}

/** Attempts of one task that were at work at once. What ends when another begins has made room for it. */
function atOnce(events: readonly SkeinEvent[]): readonly string[] {
  const spans = spansOf(events);
  return spans.flatMap((one, at) =>
    spans
      .slice(at + 1)
      .filter((other) => taskIdOf(one.path) === taskIdOf(other.path) && one.from < other.to && other.from < one.to)
      .map((other) => `${one.path} and ${other.path} were called at once`),
  );
}

/** How many tasks were answered from the cache in all the runs. */
async function played(storm: Omit<Storm, 'seed'>, finds: boolean): Promise<number> {
  let hits = 0;
  await fc.assert(
    fc.asyncProperty(randomScenarioOf(wholeLanguage).map(withCaches), fc.nat(), async (scenario, seed) => {
      const { view, violations, deployment } = await playScenario(scenario, { ...storm, seed });
      hits += view.tasks.filter((task) => task.cached !== undefined).length;
      const events = await deployment.stores.ledger.listEvents(view.execution);
      const complaints = [
        ...(ends.includes(view.status) ? [] : [`it ended ${view.status}`]),
        ...violations.map((violation) => JSON.stringify(violation)),
        ...atOnce(events),
        ...deployment.stepFunctions.running().map((name) => `machine ${name} still runs`),
        ...(finds ? [] : deployment.finds.map((find) => `the sweeper found ${find}`)),
      ];
      if (complaints.length > 0) throw new Error([...complaints, printScenario(scenario)].join('\n'));
    }),
    { numRuns: RUNS },
  );
  return hits;
}

describe('the cache of a deployment', () => {
  it(
    `lets ${RUNS} random workflows make each call once at a time and end in calm weather, and leaves the sweeper nothing to find`,
    async () => {
      expect(await played({ twice: 0, late: 0, lost: 0, deaths: 0 }, false)).toBeGreaterThan(0);
    },
    TIMEOUT,
  );

  it(
    `lets ${RUNS} random workflows do so whose messages come twice, late and never, by functions that die`,
    async () => {
      expect(await played({ twice: 0.3, late: 0.3, lost: 0.3, deaths: 0.1 }, true)).toBeGreaterThan(0);
    },
    TIMEOUT,
  );
});
