import { describe, expect, it } from 'vitest';
import { isTerminal } from '../../core/execution/index.ts';
import { compileScenario, type Scenario } from '../../simulation/index.ts';
import { aScenario, aTask, fails, succeeds } from '../makers/small-scenario.ts';
import { liveAndDie } from './mortal-process.ts';
import { isAsUndisturbed, sweep } from './sweep.ts';

const patient = { max_attempts: 3, interval: 2, backoff_rate: 1, max_delay: 2, jitter: 'none' } as const;

/** A retry, a loop, a fan-out, an event from outside, a value that is not inline; `check` needs a gate, because `news` stands beside `collect`. */
const scenario = aScenario({
  tasks: [
    aTask('collect', { retry_policy: patient, heartbeat: 60 }),
    { id: 'news', wait: { event: 'said', timeout: 600 } },
    {
      id: 'polish',
      depends_on: ['collect'],
      loop: { max_iterations: 3, until: '${ loop.index == 1 }', tasks: [aTask('revise')] },
    },
    aTask('check', { agent: 'trio', parallel: true, depends_on: ['collect', 'news'] }),
    aTask('report', { depends_on: ['polish', 'check'], input: { said: '${ tasks.news.output.data.what }' } }),
  ],
  script: {
    collect: [fails(20), succeeds(30, 'x'.repeat(40_000))],
    'polish[0]/revise': [succeeds(15, 'a')],
    'polish[1]/revise': [succeeds(15, 'b')],
    'check[0]': [succeeds(10, 0)],
    'check[1]': [succeeds(10, 1)],
    'check[2]': [succeeds(25, 2)],
    report: [succeeds(5, 'done')],
  },
  events: [{ at: 40, type: 'said', data: { what: 'hello' } }],
});

/** Something fails or somebody cancels while agents work that do not hear of it. */
const stopped = aScenario({
  tasks: [
    aTask('bad'),
    aTask('slow'),
    aTask('items', { agent: 'trio', parallel: true }),
    aTask('never', { depends_on: ['slow'] }),
  ],
  script: { slow: [succeeds(60_000)], 'items[1]': [succeeds(900)] },
  fault_tolerance: { grace: 1 },
});

const both = (...deeds: readonly string[]) => deeds.flatMap((deed) => [`after a ${deed}`, `before a ${deed}`]).sort();

describe('a process that dies before or after anything that it writes, asks or tells', () => {
  it('runs a workflow with a gate, and everything that it may die at', async () => {
    const { plan } = compileScenario(scenario).own;
    const { view, violations, lives } = await liveAndDie(scenario);

    expect(plan.gates).not.toEqual([]);
    expect([view.status, violations]).toEqual(['succeeded', []]);
    expect([...new Set(lives[0]?.moments)].sort()).toEqual(
      both(
        'answer of an agent',
        'blob',
        'call of an agent',
        'commit',
        'definition',
        'event from outside',
        'firing of a timer',
        'group of commits',
        'setting of a timer',
        'start',
        'telling of a status',
        'telling of events',
        'view',
      ),
    );
  });

  it.each<[string, Parameters<typeof sweep>[1]]>([
    ['whose agents die with it', {}],
    ['whose agents work on, and repeat their answers', { isOutlived: true }],
    ['and then another one at some other', { deathsAfter: (at) => [{ at: 1 + ((at * 7) % 61), keeps: 'half' }] }],
  ])('%s, leaves an execution that ends as if nothing had been', async (_, dying) => {
    const { undisturbed, moments, faults } = await sweep(scenario, dying, isAsUndisturbed);

    expect(undisturbed.view.status).toBe('succeeded');
    expect(moments.length).toBeGreaterThan(200);
    expect(faults).toEqual([]);
  });

  it.each<[string, Scenario]>([
    ['cancelled', { ...stopped, cancelAt: 20 }],
    ['failed', { ...stopped, script: { ...stopped.script, bad: [fails(20)] } }],
  ])('leaves one that was being stopped to be %s, if anybody was told so', async (status, scenario) => {
    const { undisturbed, moments, faults } = await sweep(scenario, {}, ({ view, violations }) =>
      violations.length === 0 && isTerminal(view.status) ? undefined : { status: view.status, violations },
    );

    expect(undisturbed.view.status).toBe(status);
    expect(moments).toEqual(expect.arrayContaining(both('stop of an agent')));
    expect(faults).toEqual([]);
  });
});
