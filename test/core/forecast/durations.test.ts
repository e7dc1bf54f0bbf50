import { describe, expect, it } from 'vitest';
import { isTimed, knownDurations, unitDurations, withChildren } from '../../../core/forecast/durations.ts';
import { makespanOf } from '../../../core/forecast/makespan.ts';
import type { PlannedTask } from '../../../core/plan/index.ts';
import { smallPlan } from '../../makers/small-plan.ts';

const plan = smallPlan({
  agent: {},
  seconds: { wait: { kind: 'seconds', seconds: 60 } },
  event: { wait: { kind: 'event', event: 'e' } },
  emit: { emit: 'e' },
  child: { workflow: 'child' },
  group: { group: { tasks: {} } },
  loop: { loop: { tasks: {} } },
});
const task = (id: string): PlannedTask => plan.tasks.find((it) => it.id === id)!;
const all = (of: (task: PlannedTask) => unknown): object => Object.fromEntries(plan.tasks.map((it) => [it.id, of(it)]));

describe('unitDurations', () => {
  it('counts one for each task, and none for an event', () => {
    expect(all((it) => unitDurations.of(it, 'best'))).toMatchObject({
      agent: 1,
      seconds: 1,
      event: 1,
      emit: 0,
      child: 1,
    });
  });
});

describe('knownDurations', () => {
  it('knows what is said, and of the rest waits of so many seconds and events', () => {
    const durations = knownDurations(
      new Map([
        ['agent', 5],
        ['child', 0],
      ]),
    );

    expect(all((it) => durations.of(it, 'worst'))).toEqual({
      agent: 5,
      seconds: 60,
      event: undefined,
      emit: 0,
      child: 0,
      group: undefined,
      loop: undefined,
    });
  });

  it('takes what is said even of waits and events', () => {
    const durations = knownDurations(
      new Map([
        ['seconds', 7],
        ['emit', 8],
      ]),
    );

    expect([durations.of(task('seconds'), 'best'), durations.of(task('emit'), 'best')]).toEqual([7, 8]);
  });
});

describe('withChildren', () => {
  const childMakespan = (_task: PlannedTask, which: string) => (which === 'best' ? 20 : 30);

  it('takes the forecast of a child for its duration, unless somebody has said one in seconds', () => {
    const unknown = withChildren(knownDurations(new Map()), childMakespan);
    const said = withChildren(knownDurations(new Map([['child', 5]])), childMakespan);
    const steps = withChildren(unitDurations, childMakespan);

    expect([unknown.of(task('child'), 'best'), unknown.of(task('child'), 'worst')]).toEqual([20, 30]);
    expect(said.of(task('child'), 'best')).toBe(5);
    expect([steps.unit, steps.of(task('child'), 'best'), steps.of(task('agent'), 'best')]).toEqual(['steps', 20, 1]);
  });

  it('keeps to what is known where the child is not', () => {
    expect(withChildren(unitDurations, () => undefined).of(task('child'), 'best')).toBe(1);
    expect(withChildren(knownDurations(new Map()), () => undefined).of(task('child'), 'best')).toBeUndefined();
  });
});

describe('makespanOf', () => {
  it('plays the best and the worst case, with the limits and as if there were none', () => {
    const three = { x: {}, y: {}, z: {} };
    const loop = smallPlan({ l: { loop: { maxIterations: 5, until: 'true', tasks: three } } }, { maxParallel: 1 });
    const { limited, unlimited } = makespanOf(loop, unitDurations);

    expect([limited.best.length, limited.worst.length]).toEqual([3, 15]);
    expect([unlimited.best.length, unlimited.worst.length]).toEqual([1, 5]);
  });
});

describe('what a duration can be said of', () => {
  it('is what calls something, or waits', () => {
    expect(all(isTimed)).toEqual({
      agent: true,
      seconds: true,
      event: true,
      emit: false,
      child: true,
      group: false,
      loop: false,
    });
  });

  it('is named where nobody has said it', () => {
    expect(makespanOf(plan, knownDurations(new Map([['agent', 5]]))).unknown).toEqual(['event', 'child']);
    expect(makespanOf(plan, unitDurations)).toMatchObject({ unit: 'steps', unknown: [] });
  });
});
