import { describe, expect, it } from 'vitest';
import type { EventBody, SkeinEvent } from '../../../core/execution/index.ts';
import { verifyHistory } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { smallPlan, type SmallTask } from '../../makers/small-plan.ts';

type Loop = Omit<NonNullable<SmallTask['loop']>, 'tasks'>;

const bodyTask = { x: {} };

/** Iterations whose one task ends so, then the end of the loop. */
function eventsOf(iterations: readonly EventBody[], end: readonly EventBody[]): readonly SkeinEvent[] {
  const log = say.openEventLog().add('', say.started).add('', say.begun);
  iterations.forEach((body, round) => {
    log.add('l', say.opened({ round }), ['', `l[${round - 1}]/x`]);
    log.add(`l[${round}]/x`, say.assigned(), ['l']).add(`l[${round}]/x`, body);
  });
  for (const body of end) log.add('l', body, [`l[${iterations.length - 1}]/x`]);
  return log.events;
}

const found = (loop: Loop, events: readonly SkeinEvent[]): string[] =>
  verifyHistory({ events, plan: smallPlan({ l: { loop: { ...loop, tasks: bodyTask } } }) }).map(
    ({ message }) => message,
  );

const ok = say.completed();
const { completed, failed, cancelled, skipped } = say;
const exhausted = failed(0, 'LoopExhausted');
const withUntil = { maxIterations: 2, until: 'done' };
const without = { maxIterations: 2 };
const atLast = [ok, ok];

describe('verifyHistory of a loop whose last iteration has succeeded', () => {
  it.each<[string, Loop, EventBody[], EventBody]>([
    ['succeeds after its last iteration', without, atLast, completed(0)],
    ['succeeds sooner, if it has a condition', withUntil, [ok], completed(0)],
    ['is cancelled before its last iteration', without, [ok], cancelled('cancelled', 0)],
    ['fails because its condition could not be evaluated', withUntil, [ok], failed(0, 'InvalidInput')],
    ['fails because it is exhausted', { ...withUntil, onExhausted: 'fail' }, atLast, exhausted],
  ])('accepts that it %s', (_what, loop, iterations, end) => {
    expect(found(loop, eventsOf(iterations, [end]))).toEqual([]);
  });

  it.each<[string, Loop, EventBody[], EventBody, string]>([
    ['succeeds too soon, without a condition', without, [ok], completed(0), 'succeeded after 1'],
    ['is cancelled when nothing was left to do', withUntil, atLast, cancelled('cancelled', 0), 'cancelled after 2'],
    ['fails without a condition', without, atLast, failed(0, 'InvalidInput'), 'failed after 2'],
    ['is exhausted without a condition', { ...without, onExhausted: 'fail' }, atLast, exhausted, 'failed after 2'],
    ['is exhausted too soon', { ...withUntil, onExhausted: 'fail' }, [ok], exhausted, 'failed after 1'],
    [
      'is exhausted although it may go on',
      { ...withUntil, onExhausted: 'continue' },
      atLast,
      exhausted,
      'failed after 2',
    ],
    ['is unknown', withUntil, [ok], cancelled('unknown', 0), 'unknown after 1'],
    ['is skipped', withUntil, atLast, skipped('skipped'), 'skipped after 2'],
  ])('finds that it %s', (...[, loop, iterations, end, so]) => {
    expect(found(loop, eventsOf(iterations, [end]))).toEqual([
      `It ended as ${so} of 2 iterations, the last of which succeeded.`,
    ]);
  });
});

describe('verifyHistory of the iterations of a loop', () => {
  it('ends as its last iteration does', () => {
    expect(found(withUntil, eventsOf([ok, failed()], [failed(0)]))).toEqual([]);
    expect(found(withUntil, eventsOf([ok, failed()], [completed(0)]))).toEqual([
      'It ended as succeeded, when what is in it says failed.',
    ]);
  });

  it('has nothing to say of a loop that goes on', () => {
    expect(found(withUntil, eventsOf([ok, ok], []))).toEqual([]);
    expect(found(without, eventsOf([ok], []))).toEqual([]);
  });

  it.each<[string, EventBody[], string]>([
    ['failed', [failed(), ok], 'was failed'],
    ['was cancelled', [cancelled('cancelled', 1), ok], 'was cancelled'],
    ['had not settled', [say.accepted(), ok], 'had not settled'],
  ])('finds one that opened after the one before %s', (_what, iterations, ending) => {
    expect(found(withUntil, eventsOf(iterations, []))).toContain(`It opened iteration 1 when iteration 0 ${ending}.`);
  });

  it('finds one too many, and one that was left out', () => {
    const renamed = (events: readonly SkeinEvent[]) =>
      events.map((event) =>
        event.type === 'task.opened' ? { ...event, data: { round: (event.data.round ?? 0) + 1 } } : event,
      );

    expect(found({ maxIterations: 1, until: 'done' }, eventsOf(atLast, []))).toEqual([
      'It opened iteration 1; max_iterations is 1.',
    ]);
    expect(found({ maxIterations: 9 }, renamed(eventsOf([ok], [])))).toContain(
      'It opened iteration 1 when it had opened 0 before.',
    );
  });
});
