import { describe, expect, it } from 'vitest';
import type { Scenario } from '../../simulation/index.ts';
import { aScenario, aTask, aWorkflow, fails, succeeds } from '../makers/small-scenario.ts';
import { isAsUndisturbed, sweep } from './sweep.ts';

const patient = { max_attempts: 3, interval: 1, backoff_rate: 1, max_delay: 1, jitter: 'none' } as const;

/** While it is paused, a retry and a wait come to their time, an event comes, and agents answer. */
const scenario = aScenario({
  concurrency: { max_parallel: 3 },
  tasks: [
    aTask('collect', { retry_policy: patient }),
    { id: 'news', wait: { event: 'said', timeout: 600 } },
    { id: 'rest', wait: { seconds: 1 } },
    aTask('check', { agent: 'trio', parallel: true, depends_on: ['collect', 'news'] }),
    aTask('report', { depends_on: ['check', 'rest'] }),
  ],
  script: {
    collect: [fails(20), succeeds(30, 'x'.repeat(40_000))],
    'check[0]': [succeeds(10, 0)],
    'check[1]': [succeeds(10, 1)],
    'check[2]': [succeeds(25, 2)],
    report: [succeeds(5, 'done')],
  },
  events: [{ at: 800, type: 'said', data: { what: 'hello' } }],
  pauses: [
    { at: 10, until: 3_000 },
    { at: 3_035, until: 3_060 },
  ],
});

/** A child shares its parent's pause, and has a child of its own. */
const family = aScenario({
  children: [
    aWorkflow('deepest', [aTask('look'), aTask('dig', { depends_on: ['look'] })]),
    aWorkflow('deep', [aTask('enter'), { id: 'below', workflow: { name: 'deepest' }, depends_on: ['enter'] }]),
  ],
  tasks: [{ id: 'deep', workflow: { name: 'deep' } }, aTask('beside'), aTask('after', { depends_on: ['deep'] })],
  script: {
    'deep>enter': [succeeds(10)],
    'deep>below>look': [succeeds(10)],
    'deep>below>dig': [succeeds(10)],
    beside: [succeeds(25)],
  },
  pauses: [{ at: 15, until: 90 }],
});

/** A loop that waits for a quorum: its machine comes to the loop's first task, never to the loop, while both are kept back. */
const loop = aScenario({
  tasks: [
    aTask('a'),
    aTask('b'),
    {
      id: 'polish',
      depends_on: ['a', 'b'],
      join: { quorum: 2 },
      loop: { max_iterations: 2, tasks: [aTask('revise')] },
    },
  ],
  script: { a: [succeeds(10)] },
  pauses: [{ at: 10, until: 90 }],
});

describe('a process that dies before or after anything of a pause', () => {
  it.each<[string, Scenario]>([
    ['a workflow that is paused twice', scenario],
    ['a loop that is kept back', loop],
    ['an execution whose children share its pause', family],
  ])('leaves %s to end as if nothing had been', async (_, scenario) => {
    const { undisturbed, moments, faults } = await sweep(scenario, {}, isAsUndisturbed);

    expect(undisturbed.view.status).toBe('succeeded');
    expect(undisturbed.violations).toEqual([]);
    expect(moments).toEqual(
      expect.arrayContaining(['before a pause', 'after a pause', 'before a resumption', 'after a resumption']),
    );
    expect(faults).toEqual([]);
  });

  it('leaves one whose agents live on to end so, too', async () => {
    const { faults } = await sweep(scenario, { isOutlived: true }, isAsUndisturbed);

    expect(faults).toEqual([]);
  });
});
