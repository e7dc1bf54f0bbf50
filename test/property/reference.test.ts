import { describe, expect, it } from 'vitest';
import { settledTaskStatuses } from '../../core/execution/index.ts';
import { aScenario, aTask, crashes, fails, goesOn, silent, succeeds } from '../makers/small-scenario.ts';
import { follow, wayOf } from './follow.ts';
import { decideJoin, edgeValue } from './rules.ts';

describe('edgeValue', () => {
  it('holds the table of the decision note', () => {
    const table = Object.fromEntries(
      ['success', 'failure', 'skipped', 'done'].map((on) => [
        on,
        settledTaskStatuses.map((status) => edgeValue(on, status)),
      ]),
    );

    // succeeded, failed, skipped, upstream_failed, cancelled, unknown
    expect(table).toEqual({
      success: ['ok', 'bad', 'skipped', 'bad', 'bad', 'bad'],
      failure: ['untaken', 'ok', 'untaken', 'ok', 'untaken', 'untaken'],
      skipped: ['untaken', 'untaken', 'ok', 'untaken', 'untaken', 'untaken'],
      done: ['ok', 'ok', 'ok', 'ok', 'ok', 'ok'],
    });
  });
});

describe('decideJoin', () => {
  it.each([
    ['all_success', ['ok', 'bad', 'unsettled'], 'upstream_failed'],
    ['all_success', ['untaken', 'skipped', 'unsettled'], 'wait'],
    ['all_success', ['ok', 'untaken'], 'skip'],
    ['all_success', ['ok', 'skipped'], 'run'],
    ['none_failed', ['unsettled', 'bad'], 'upstream_failed'],
    ['none_failed', ['ok', 'unsettled'], 'wait'],
    ['none_failed', ['untaken', 'untaken'], 'run'],
    ['all_done', ['bad', 'unsettled'], 'wait'],
    ['all_done', ['bad', 'untaken', 'skipped'], 'run'],
    ['any_success', ['unsettled', 'bad', 'ok'], 'run'],
    ['any_success', ['unsettled', 'bad'], 'wait'],
    ['any_success', ['skipped', 'bad'], 'upstream_failed'],
    ['any_success', ['skipped', 'untaken'], 'skip'],
    [{ quorum: 2 }, ['ok', 'unsettled', 'ok', 'bad'], 'run'],
    [{ quorum: 2 }, ['ok', 'unsettled', 'bad'], 'wait'],
    [{ quorum: 2 }, ['ok', 'bad', 'skipped'], 'upstream_failed'],
    [{ quorum: 2 }, ['ok', 'skipped', 'untaken'], 'skip'],
    ['any_success', [], 'run'],
  ] as const)('%j of %j is %s', (join, edges, verdict) => {
    expect(decideJoin(join, edges, false)).toBe(verdict);
  });

  it('skips behind a skipped dependency when skips propagate, but only where success was asked for', () => {
    expect(decideJoin('all_success', ['ok', 'skipped'], true)).toBe('skip');
    expect(decideJoin('none_failed', ['untaken', 'skipped'], true)).toBe('skip');
    expect(decideJoin('all_done', ['ok', 'skipped'], true)).toBe('run');
    expect(decideJoin('any_success', ['ok', 'skipped'], true)).toBe('run');
  });
});

describe('reference: joins in time', () => {
  it('runs a chain one after the other and gives the last one as output', () => {
    const scenario = aScenario({
      tasks: [aTask('a'), aTask('b', { depends_on: ['a'] })],
      script: { a: [succeeds(10)], b: [succeeds(5, { done: true })] },
    });

    expect(wayOf(scenario)).toEqual({ a: 'succeeded @10 #1', b: 'succeeded @15 #1', execution: 'succeeded @15' });
    expect(follow(scenario).output).toEqual({ b: { done: true } });
  });

  it('all_success waits for the slowest', () => {
    const scenario = aScenario({
      tasks: [aTask('a'), aTask('b'), aTask('c', { depends_on: ['a', 'b'] })],
      script: { a: [succeeds(10)], b: [succeeds(40)], c: [succeeds(1)] },
    });

    expect(wayOf(scenario)).toMatchObject({ c: 'succeeded @41 #1', execution: 'succeeded @41' });
  });

  it('all_success gives up at the first bad dependency, while others still run', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [aTask('a'), aTask('b'), aTask('c', { depends_on: ['a', 'b'] })],
      script: { a: [fails(10)], b: [succeeds(40)] },
    });

    expect(wayOf(scenario)).toEqual({
      a: 'failed(Broken) @10 #1',
      c: 'upstream_failed @10',
      b: 'succeeded @40 #1',
      execution: 'failed @40',
    });
  });

  it('upstream_failed travels down a chain in no time', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [aTask('a'), aTask('b', { depends_on: ['a'] }), aTask('c', { depends_on: ['b'] })],
      script: { a: [fails(10)] },
    });

    expect(wayOf(scenario)).toMatchObject({
      b: 'upstream_failed @10',
      c: 'upstream_failed @10',
      execution: 'failed @10',
    });
  });

  it('all_success skips behind an edge that was not taken, once everything has settled', () => {
    const scenario = aScenario({
      tasks: [aTask('a'), aTask('b'), aTask('repair', { depends_on: [{ task: 'a', on: 'failure' }, 'b'] })],
      script: { a: [succeeds(10)], b: [succeeds(40)] },
    });

    expect(wayOf(scenario)).toMatchObject({ repair: 'skipped @40', execution: 'succeeded @40' });
    expect(follow(scenario).output).toEqual({ repair: null });
  });

  it('none_failed runs past an edge that was not taken', () => {
    const scenario = aScenario({
      tasks: [aTask('a'), aTask('b', { depends_on: [{ task: 'a', on: 'failure' }], join: 'none_failed' })],
      script: { a: [succeeds(10)], b: [succeeds(5)] },
    });

    expect(wayOf(scenario)).toMatchObject({ b: 'succeeded @15 #1' });
  });

  it('an edge on failure is taken by a failed and by an upstream_failed task', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [
        aTask('a'),
        aTask('b', { depends_on: ['a'] }),
        aTask('c', {
          depends_on: [
            { task: 'b', on: 'failure' },
            { task: 'a', on: 'failure' },
          ],
        }),
      ],
      script: { a: [fails(10)], c: [succeeds(5)] },
    });

    expect(wayOf(scenario)).toMatchObject({ b: 'upstream_failed @10', c: 'succeeded @15 #1', execution: 'failed @15' });
  });

  it('all_done runs whatever came of the others', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [aTask('a'), aTask('b'), aTask('c', { depends_on: ['a', 'b'], join: 'all_done' })],
      script: { a: [fails(10)], b: [succeeds(40)], c: [succeeds(1)] },
    });

    expect(wayOf(scenario)).toMatchObject({ c: 'succeeded @41 #1', execution: 'failed @41' });
  });

  it('any_success runs at the first success and reads what has not settled as null and running', () => {
    const input = { fast: '${ tasks.a.output.n }', slow: '${ tasks.b.output }', how: '${ tasks.b.status }' };
    const scenario = aScenario({
      tasks: [aTask('a'), aTask('b'), aTask('c', { depends_on: ['a', 'b'], join: 'any_success', input })],
      script: { a: [succeeds(10, { n: 1 })], b: [succeeds(40, { n: 2 })], c: [succeeds(1)] },
    });

    expect(wayOf(scenario)).toEqual({
      a: 'succeeded @10 #1',
      c: 'succeeded @11 #1',
      b: 'succeeded @40 #1',
      execution: 'succeeded @40',
    });
    expect(follow(scenario).calls.at(-1)?.input).toEqual({ fast: 1, slow: null, how: 'running' });
  });

  it('any_success without a success is upstream_failed if one was bad, else skipped, when all have settled', () => {
    const never = '${ input.never }';
    const scenario = aScenario({
      ...goesOn,
      input: { never: false },
      tasks: [
        aTask('bad'),
        aTask('idle', { when: never }),
        aTask('slow', { when: never, depends_on: ['wait'] }),
        aTask('wait'),
        aTask('c', { depends_on: ['bad', 'slow'], join: 'any_success' }),
        aTask('d', { depends_on: ['idle', 'slow'], join: 'any_success' }),
      ],
      script: { bad: [fails(10)], wait: [succeeds(20)] },
    });

    expect(wayOf(scenario)).toMatchObject({ c: 'upstream_failed @20', d: 'skipped @20' });
  });

  it('quorum runs at the success that makes it full', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [
        ...['a', 'b', 'c', 'd'].map((id) => aTask(id)),
        aTask('e', { depends_on: ['a', 'b', 'c', 'd'], join: { quorum: 2 } }),
      ],
      script: { a: [succeeds(30)], b: [fails(10)], c: [succeeds(20)], d: [succeeds(50)], e: [succeeds(1)] },
    });

    expect(wayOf(scenario)).toMatchObject({ e: 'succeeded @31 #1', execution: 'failed @50' });
  });

  it('quorum that can no longer be reached waits for the last, then is upstream_failed', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [aTask('a'), aTask('b'), aTask('c', { depends_on: ['a', 'b'], join: { quorum: 2 } })],
      script: { a: [fails(10)], b: [succeeds(40)] },
    });

    expect(wayOf(scenario)).toMatchObject({ c: 'upstream_failed @40' });
  });

  it('a skipped task satisfies its dependents, or skips them where the author says so', () => {
    const tasks = [aTask('a', { when: '${ input.go }' }), aTask('b', { depends_on: ['a'] })];
    const input = { go: false };

    expect(wayOf(aScenario({ tasks, input }))).toMatchObject({ a: 'skipped @0', b: 'succeeded @0 #1' });
    expect(wayOf(aScenario({ tasks, input, on_skip: 'propagates' }))).toMatchObject({
      a: 'skipped @0',
      b: 'skipped @0',
    });
  });

  it('an edge on skipped is taken by a skip even where skips propagate', () => {
    const scenario = aScenario({
      on_skip: 'propagates',
      input: { go: false },
      tasks: [aTask('a', { when: '${ input.go }' }), aTask('b', { depends_on: [{ task: 'a', on: 'skipped' }] })],
    });

    expect(wayOf(scenario)).toMatchObject({ b: 'succeeded @0 #1' });
  });
});

describe('reference: a task', () => {
  it('that is asked whether, and does not get a boolean, fails without an attempt', () => {
    const scenario = aScenario({ ...goesOn, input: { n: 3 }, tasks: [aTask('a', { when: '${ input.n }' })] });

    expect(wayOf(scenario)).toEqual({ a: 'failed(InvalidInput) @0', execution: 'failed @0' });
  });

  it('whose input cannot be evaluated, or breaks the schema of the agent type, fails without an attempt', () => {
    const integer = { type: 'object', properties: { n: { type: 'integer' } } };
    const scenario = aScenario({
      ...goesOn,
      agentTypes: { worker: { input: integer } },
      input: { n: 'three' },
      tasks: [aTask('a', { input: { n: '${ input.missing }' } }), aTask('b', { input: { n: '${ input.n }' } })],
    });

    expect(wayOf(scenario)).toMatchObject({ a: 'failed(InvalidInput) @0', b: 'failed(InvalidInput) @0' });
    expect(follow(scenario).calls).toEqual([]);
  });

  it('whose answer breaks its schema fails, and is not tried again', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [aTask('a', { output: { type: 'object', required: ['ok'] }, retry_policy: 'exponential_backoff' })],
      script: { a: [succeeds(10, {})] },
    });

    expect(wayOf(scenario)).toEqual({ a: 'failed(InvalidOutput) @10 #1', execution: 'failed @10' });
  });

  const policy = { max_attempts: 3, interval: 1, backoff_rate: 2, max_delay: 60, jitter: 'none' } as const;

  it('is tried again after 1 s and then 2 s, then has failed', () => {
    const scenario = aScenario({
      tasks: [aTask('a', { retry_policy: policy })],
      script: { a: [fails(10), crashes(20), fails(30, { name: 'Last' })] },
    });

    expect(wayOf(scenario)).toEqual({ a: 'failed(Last) @3060 #3', execution: 'failed @3060' });
  });

  it('keeps its delays below max_delay and waits for as long as the agent asks', () => {
    const short = { ...policy, backoff_rate: 10, max_delay: 3 };
    const scenario = aScenario({
      tasks: [aTask('a', { retry_policy: short }), aTask('b', { retry_policy: short })],
      script: { a: [fails(0), fails(0), succeeds(0)], b: [fails(0, { retryAfter: 5 }), succeeds(0)] },
    });

    expect(wayOf(scenario)).toMatchObject({ a: 'succeeded @4000 #3', b: 'succeeded @5000 #2' });
  });

  it.each([
    ['an error of the table that is never retried', { name: 'PermissionDenied' }, undefined, 1],
    [
      'one of these even when its agent says that it may be',
      { name: 'PermissionDenied', retryable: true },
      undefined,
      1,
    ],
    ['an unknown error', { name: 'Strange' }, undefined, 2],
    ['an unknown error whose agent says no', { name: 'Strange', retryable: false }, undefined, 1],
    ['an error that the policy names', { name: 'Strange' }, ['Strange'], 2],
    ['an error that the policy does not name', { name: 'Other' }, ['Strange'], 1],
  ])('after %s has used its attempts', (_title, error, retryOn, attempts) => {
    const scenario = aScenario({
      tasks: [aTask('a', { retry_policy: { ...policy, max_attempts: 2, retry_on: retryOn } })],
      script: { a: [fails(10, error)] },
    });

    expect(follow(scenario).tasks[0]?.attempts).toBe(attempts);
  });

  it('that hears nothing times out, and a late answer changes nothing', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [aTask('a', { timeout: 2 }), aTask('b', { timeout: '1m30s' })],
      script: { a: [succeeds(2_500)], b: [silent] },
    });

    expect(wayOf(scenario)).toMatchObject({
      a: 'failed(AttemptTimeout) @2000 #1',
      b: 'failed(AttemptTimeout) @90000 #1',
    });
  });

  it('that hears no sign of life for too long is lost before its timeout', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [aTask('a', { heartbeat: 1 }), aTask('b', { heartbeat: 1 }), aTask('c', { heartbeat: 1 })],
      script: {
        a: [succeeds(1_500)],
        b: [{ ...succeeds(1_500), beats: { every: 700, count: 9 } }],
        c: [{ ...silent, beats: { every: 700, count: 2 } }],
      },
    });

    expect(wayOf(scenario)).toMatchObject({
      a: 'failed(HeartbeatTimeout) @1000 #1',
      b: 'succeeded @1500 #1',
      c: 'failed(HeartbeatTimeout) @2400 #1',
    });
  });

  it('takes the first of two answers', () => {
    const [again] = fails(20).answers;
    const scenario = aScenario({
      tasks: [aTask('a')],
      script: { a: [{ answers: [...succeeds(10, 1).answers, again!] }] },
    });

    expect(wayOf(scenario)).toEqual({ a: 'succeeded @10 #1', execution: 'succeeded @10' });
  });

  it('reads every task upstream, not only its own dependencies', () => {
    const scenario = aScenario({
      tasks: [
        aTask('a'),
        aTask('b', { depends_on: ['a'] }),
        aTask('c', { depends_on: ['b'], input: '${ tasks.a.output.n }', when: '${ tasks.a.status == "succeeded" }' }),
      ],
      script: { a: [succeeds(1, { n: 7 })] },
    });

    expect(follow(scenario).calls.at(-1)?.input).toBe(7);
  });
});
