import { describe, expect, it } from 'vitest';
import { decideJoin, watchesNeeded, type Edge, type TaskStatus } from '../../../core/execution/index.ts';
import type { DependencyOn, Join } from '../../../core/plan/index.ts';

const edge = (status: TaskStatus, on: DependencyOn = 'success', task: string = status): Edge => ({ task, on, status });
const kindOf = (join: Join, edges: readonly Edge[], onSkip: 'satisfies' | 'propagates' = 'satisfies') =>
  decideJoin(join, edges, onSkip).kind;

describe('decideJoin', () => {
  it('runs a task without dependencies under every join', () => {
    const joins: Join[] = ['all_success', 'all_done', 'any_success', 'none_failed', { quorum: 1 }];

    expect(joins.map((join) => kindOf(join, []))).toEqual(joins.map(() => 'run'));
  });

  it.each([
    ['success', 'succeeded', 'run'],
    ['success', 'skipped', 'run'],
    ['success', 'failed', 'upstream_failed'],
    ['success', 'upstream_failed', 'upstream_failed'],
    ['success', 'cancelled', 'upstream_failed'],
    ['success', 'unknown', 'upstream_failed'],
    ['failure', 'succeeded', 'skipped'],
    ['failure', 'skipped', 'skipped'],
    ['failure', 'failed', 'run'],
    ['failure', 'upstream_failed', 'run'],
    ['failure', 'cancelled', 'skipped'],
    ['failure', 'unknown', 'skipped'],
    ['skipped', 'succeeded', 'skipped'],
    ['skipped', 'skipped', 'run'],
    ['skipped', 'failed', 'skipped'],
    ['skipped', 'unknown', 'skipped'],
    ['done', 'succeeded', 'run'],
    ['done', 'skipped', 'run'],
    ['done', 'failed', 'run'],
    ['done', 'cancelled', 'run'],
  ] as const)('reads an edge on %s of a producer that is %s as %s', (on, status, expected) => {
    expect(kindOf('all_success', [edge(status, on)])).toBe(expected);
  });

  it('decides upstream_failed at once under all_success and none_failed, though others have not settled', () => {
    const edges = [edge('failed'), edge('running')];

    expect(kindOf('all_success', edges)).toBe('upstream_failed');
    expect(kindOf('none_failed', edges)).toBe('upstream_failed');
  });

  it('lets a skipped producer skip its dependents when on_skip propagates', () => {
    const edges = [edge('succeeded'), edge('skipped')];

    expect(kindOf('all_success', edges, 'propagates')).toBe('skipped');
    expect(kindOf('none_failed', edges, 'propagates')).toBe('skipped');
    expect(kindOf('all_done', edges, 'propagates')).toBe('run');
  });

  it('runs, whatever on_skip says, where nothing was skipped or a skip satisfies', () => {
    expect(kindOf('all_success', [edge('succeeded')], 'propagates')).toBe('run');
    expect(kindOf('none_failed', [edge('succeeded')], 'propagates')).toBe('run');
    expect(kindOf('none_failed', [edge('succeeded'), edge('skipped')])).toBe('run');
  });

  it('waits under all_done for the last producer, even when another has failed', () => {
    expect(kindOf('all_done', [edge('failed'), edge('running')])).toBe('wait');
    expect(kindOf('all_done', [edge('failed'), edge('succeeded')])).toBe('run');
  });

  it('overlooks an untaken edge under none_failed only', () => {
    const edges = [edge('succeeded'), edge('succeeded', 'failure')];

    expect(kindOf('none_failed', edges)).toBe('run');
    expect(kindOf('all_success', edges)).toBe('skipped');
  });

  it('runs any_success and a quorum as soon as enough succeeded', () => {
    const edges = [edge('succeeded'), edge('succeeded'), edge('running'), edge('failed')];

    expect(kindOf('any_success', edges)).toBe('run');
    expect(kindOf({ quorum: 2 }, edges)).toBe('run');
    expect(kindOf({ quorum: 3 }, edges)).toBe('wait');
  });

  it('decides against running under a quorum only once everything has settled', () => {
    expect(kindOf({ quorum: 2 }, [edge('failed'), edge('failed'), edge('running')])).toBe('wait');
    expect(kindOf({ quorum: 2 }, [edge('failed'), edge('failed'), edge('succeeded')])).toBe('upstream_failed');
    expect(kindOf({ quorum: 2 }, [edge('skipped'), edge('succeeded')])).toBe('skipped');
  });

  it('counts an edge that came out as it should, whatever it was to be', () => {
    const edges = [edge('failed', 'done'), edge('failed', 'failure'), edge('skipped', 'skipped'), edge('pending')];

    expect(kindOf({ quorum: 3 }, edges)).toBe('run');
    expect(kindOf({ quorum: 4 }, edges)).toBe('wait');
  });

  it('does not count a skip as a success for any_success', () => {
    expect(kindOf('any_success', [edge('skipped'), edge('skipped')])).toBe('skipped');
  });

  it('names the producers that decided it', () => {
    const decision = decideJoin('all_success', [edge('failed', 'success', 'lint'), edge('succeeded')], 'satisfies');

    expect(decision).toEqual({ kind: 'upstream_failed', why: 'lint failed' });
  });

  it.each<[Join, readonly Edge[], string]>([
    [
      'all_success',
      [edge('failed', 'success', 'lint'), edge('upstream_failed', 'success', 'scan')],
      'lint failed, scan could not run',
    ],
    ['all_success', [edge('succeeded', 'failure', 'lint')], 'lint succeeded'],
    [
      'any_success',
      [edge('skipped', 'success', 'lint'), edge('succeeded', 'failure', 'scan')],
      'lint skipped, scan succeeded',
    ],
  ])('says under %s why it does not run', (join, edges, why) => {
    expect(decideJoin(join, edges, 'satisfies')).toMatchObject({ why });
  });
});

describe('watchesNeeded', () => {
  it('is one where all must settle', () => {
    const edges = [edge('running'), edge('pending'), edge('parked')];

    expect(watchesNeeded('all_success', edges)).toBe(1);
    expect(watchesNeeded('all_done', edges)).toBe(1);
    expect(watchesNeeded('none_failed', edges)).toBe(1);
  });

  it('is every unsettled producer for any_success', () => {
    expect(watchesNeeded('any_success', [edge('running'), edge('pending'), edge('failed')])).toBe(2);
  });

  it('leaves no set of successes that a quorum needs unwatched', () => {
    // Of 4 unsettled with 2 successes needed, any 2 hit one of 3 watches, and 2 watches could be missed by the other 2.
    const four = [edge('running'), edge('running'), edge('running'), edge('running')];

    expect(watchesNeeded({ quorum: 2 }, four)).toBe(3);
    expect(watchesNeeded({ quorum: 2 }, [edge('succeeded'), ...four])).toBe(4);
  });

  it('still watches one when a quorum can no longer be reached', () => {
    expect(watchesNeeded({ quorum: 3 }, [edge('failed'), edge('running')])).toBe(1);
  });
});
