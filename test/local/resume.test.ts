import { describe, expect, it } from 'vitest';
import { isTerminal, type ExecutionStatus } from '../../core/execution/index.ts';
import type { ExecutionView } from '../../core/projections/index.ts';
import { withCommit } from '../makers/mortality.ts';
import type { Behaviour, Scenario } from '../../simulation/index.ts';
import { aScenario, aTask, fails, goesOn, succeeds } from '../makers/small-scenario.ts';
import { liveAndDie, type Ending } from './mortal-process.ts';

/** An execution whose very start is lost is another one when it is started again. */
const results = ({ execution, status, output, tasks }: ExecutionView) => {
  const all = {
    status,
    output,
    tasks: tasks.map(({ path, status, attempts, output }) => ({ path, status, attempts, output })).sort(byPath),
  };
  return JSON.parse(JSON.stringify(all).replaceAll(execution, 'this execution')) as typeof all;
};

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : 1;
}

const commitsOf = ({ lives }: Ending) => lives[0]?.moments.filter((it) => it === 'after a commit').length ?? 0;

const patient = { max_attempts: 3, interval: 2, backoff_rate: 1, max_delay: 2, jitter: 'none' } as const;

const scenarios: Readonly<Record<string, Scenario>> = {
  'that branches, fans out, waits for places and retries': aScenario({
    ...goesOn,
    concurrency: { max_parallel: 3 },
    tasks: [
      aTask('clone'),
      aTask('scan', { agent: 'trio', parallel: true, depends_on: ['clone'] }),
      aTask('lint', { depends_on: ['clone'], retry_policy: patient }),
      aTask('broken', { depends_on: ['clone'], continue_on_failure: true }),
      aTask('mend', { depends_on: [{ task: 'broken', on: 'failure' }] }),
      aTask('unneeded', { depends_on: ['lint'], when: '${ tasks.lint.output == "no" }' }),
      aTask('two', { depends_on: ['scan', 'lint', 'mend'], join: { quorum: 2 } }),
      aTask('report', { depends_on: ['two', 'unneeded', 'broken'], join: 'all_done' }),
    ],
    script: {
      clone: [succeeds(20)],
      'scan[0]': [succeeds(50, 0)],
      'scan[1]': [succeeds(30, 1)],
      'scan[2]': [succeeds(10, 2)],
      lint: [fails(15), succeeds(40, 'yes')],
      broken: [fails(25)],
    },
  }),
  'whose first success takes the only place while another waits for its retry': aScenario({
    concurrency: { max_parallel: 1 },
    tasks: [
      aTask('fast'),
      aTask('stubborn', { retry_policy: patient }),
      aTask('early', { depends_on: ['fast', 'stubborn'], join: 'any_success' }),
    ],
    script: { stubborn: [fails(5), succeeds(5)], fast: [succeeds(10)], early: [succeeds(3_000)] },
  }),
  'that makes one call for many tasks, and fails with the first one who makes it': aScenario({
    ...goesOn,
    tasks: [
      aTask('scan', { agent: 'trio', parallel: true, cache: { ttl: null, key: 'one' }, continue_on_failure: true }),
      aTask('report', { depends_on: ['scan'], input: { cached: '${ tasks.scan.status }' }, join: 'all_done' }),
    ],
    script: { 'scan[0]': [fails(20)], 'scan[1]': [succeeds(40, 'shared')], 'scan[2]': [succeeds(10, 'another')] },
  }),
  'that loops, groups and sweeps': aScenario({
    ...goesOn,
    tasks: [
      aTask('draft'),
      {
        id: 'refine',
        depends_on: ['draft'],
        loop: {
          max_iterations: 4,
          until: '${ loop.index == 2 }',
          tasks: [
            aTask('revise', { input: { before: '${ loop.previous }' } }),
            aTask('assess', { depends_on: ['revise'], agent: 'trio', parallel: true }),
          ],
        },
      },
      {
        id: 'quality',
        depends_on: ['draft'],
        group: { max_parallel: 1, tasks: [aTask('lint'), aTask('scan'), aTask('sum', { depends_on: ['lint'] })] },
      },
      aTask('sweep', {
        depends_on: ['quality'],
        for_each: { items: ['a', 'b', 'c', 'd', 'e'], max_concurrency: 2, batch: 2, tolerate_failures: 2 },
        input: { items: '${ item }' },
      }),
    ],
    script: { 'sweep[1]': [fails(10)], 'sweep[0]': [succeeds(30, 'A')], 'sweep[2]': [succeeds(10, 'E')] },
  }),
  'that waits for times and events, and tells': aScenario({
    tasks: [
      { id: 'rest', wait: { seconds: 3 } },
      { id: 'tell', depends_on: ['rest'], emit: { event: 'told', data: { who: 'bob' } } },
      { id: 'hear', wait: { event: 'told', match: { who: ['bob'] }, timeout: 60 } },
      { id: 'miss', wait: { event: 'untold', timeout: 2 }, continue_on_failure: true },
      aTask('end', { depends_on: ['hear', 'rest'], input: { heard: '${ tasks.hear.output.data.who }' } }),
      {
        id: 'group',
        join: 'any_success',
        depends_on: ['rest', 'end'],
        group: { tasks: [aTask('first'), aTask('then', { depends_on: ['first'] })] },
      },
    ],
    script: { end: [succeeds(5_000)] },
  }),
};

/** A minute's work that is stopped after 20 milliseconds, with agents at work that do not hear of it. */
function aStop(more: Pick<Scenario, 'cancelAt'>, bad: Behaviour): Scenario {
  const tasks = [
    aTask('bad'),
    aTask('slow'),
    aTask('items', { agent: 'trio', parallel: true }),
    aTask('never', { depends_on: ['slow'] }),
  ];
  const script = { bad: [bad], slow: [succeeds(60_000)], 'items[1]': [succeeds(900)] };
  return { ...aScenario({ tasks, script, fault_tolerance: { grace: 1 } }), ...more };
}

const stops: readonly (readonly [ExecutionStatus, Scenario])[] = [
  ['cancelled', aStop({ cancelAt: 20 }, succeeds(5))],
  ['failed', aStop({}, fails(20))],
];

/** An order whose last step fails, while one of its effects can only be undone with the second try, and another one not at all. */
function anOrder(undoesShip: Behaviour): Scenario {
  const undoneBy = (retry_policy: string) => ({ compensate: { agent: 'solo', retry_policy } });
  return aScenario({
    retry_policies: { patient },
    fault_tolerance: { grace: 1, saga_pattern: { compensation_enabled: true } },
    tasks: [
      aTask('pay', undoneBy('patient')),
      aTask('stock', { depends_on: ['pay'], ...undoneBy('patient'), agent: 'trio', parallel: true }),
      aTask('ship', { depends_on: ['pay'], ...undoneBy('none') }),
      aTask('mail', { depends_on: ['stock', 'ship'] }),
    ],
    script: {
      pay: [succeeds(10, { paid: 3 })],
      'stock[1]': [succeeds(30)],
      mail: [fails(20)],
      'stock[1]~compensation': [fails(15), succeeds(5)],
      'ship~compensation': [undoesShip],
    },
  });
}

const orders: readonly (readonly [ExecutionStatus, Scenario])[] = [
  ['compensated', anOrder(succeeds(40))],
  ['compensation_failed', anOrder(fails(40))],
];

describe('EmbeddedRuntime.resume', () => {
  it.each(Object.entries(scenarios))(
    'comes to the same end after a death at any moment of a workflow %s',
    async (_, scenario) => {
      const undisturbed = await liveAndDie(scenario);
      const commits = commitsOf(undisturbed);
      const disturbed = [];
      for (let death = 1; death < commits; death += 1) {
        // The second process dies as well, sooner or later.
        const deaths = [death, 1 + ((death * 7) % 13)].map(withCommit);
        disturbed.push({ death, ...(await liveAndDie(scenario, { deaths })) });
      }

      expect(commits).toBeGreaterThan(15);
      expect(results(undisturbed.view).status).toBe('succeeded');
      for (const { death, view, violations } of disturbed) {
        expect({ death, violations, ...results(view) }).toEqual({
          death,
          violations: [],
          ...results(undisturbed.view),
        });
      }
    },
  );

  it.each(stops)('ends an execution as %s that was being stopped', async (status, scenario) => {
    const commits = commitsOf(await liveAndDie(scenario));
    const endings = [];
    for (let death = 1; death < commits; death += 1)
      endings.push(await liveAndDie(scenario, { deaths: [withCommit(death)] }));

    const unsound = endings.filter(({ view, violations }) => violations.length > 0 || !isTerminal(view.status));
    // A cancel dies with the process that was about to take it: then the work goes on. Once it is durable, nothing takes it back.
    const after = endings.findLastIndex(({ view }) => view.status !== status) + 1;

    expect(unsound).toEqual([]);
    expect(endings.length - after).toBeGreaterThan(3);
  });

  it.each(orders)('undoes an order after a death at any moment, which ends as %s', async (status, scenario) => {
    const undisturbed = await liveAndDie(scenario);
    const commits = commitsOf(undisturbed);
    const disturbed = [];
    for (let death = 1; death < commits; death += 1) {
      const deaths = [death, 1 + ((death * 7) % 13)].map(withCommit);
      disturbed.push({ death, ...(await liveAndDie(scenario, { deaths })) });
    }

    expect(undisturbed.view.status).toBe(status);
    expect(commits).toBeGreaterThan(25);
    for (const { death, view, violations } of disturbed)
      expect({ death, violations, ...results(view) }).toEqual({ death, violations: [], ...results(undisturbed.view) });
  });

  it('answers no state by a token that an earlier process has given', async () => {
    const tokensOf = async (seed: number) => {
      const { view, stores } = await liveAndDie(aStop({}, fails(20)), { seed });
      const tasks = await stores.ledger.listTasks(view.execution);
      return tasks.flatMap(({ token }) => token ?? []);
    };

    const [one, other] = [await tokensOf(1), await tokensOf(2)];

    expect(one).not.toEqual([]);
    expect(one.filter((token) => other.includes(token))).toEqual([]);
  });
});
