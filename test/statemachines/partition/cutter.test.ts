import { describe, expect, it } from 'vitest';
import type { Block, Plan } from '../../../core/plan/index.ts';
import { lower, measure } from '../../../statemachines/index.ts';
import { cutPlan, type CutPlan } from '../../../statemachines/partition/cutter.ts';
import { leafWeigher } from '../../../statemachines/partition/leaf-weight.ts';
import {
  difference,
  fits,
  repeated,
  shareOf,
  sum,
  weightOfText,
  type Weight,
} from '../../../statemachines/partition/weight.ts';
import { parallel, series, task } from '../../makers/block.ts';
import { smallPlan, type SmallTasks } from '../../makers/small-plan.ts';

const eventsOnly = (events: number): Weight => ({ raw: Infinity, escaped: Infinity, events });
const ENDLESS = eventsOnly(Infinity);

/** Groups and loops hold their members in a series. */
function planOf(tasks: SmallTasks, skeleton?: Block): Plan {
  const plan = smallPlan(tasks);
  const inSeries = plan.tasks.map((it) =>
    it.kind === 'loop' || it.kind === 'group'
      ? { ...it, region: { ...it.region, skeleton: series(...it.region.members.map(task)) } }
      : it,
  );
  return { ...plan, tasks: inSeries, skeleton: skeleton ?? series(...plan.members.map(task)) };
}

/** Tasks `a`, `b`, … that weigh so many events, cut for machines of `room` events. */
function cutOf(kind: 'series' | 'parallel', weights: readonly number[], room: number): CutPlan {
  const ids = weights.map((_, index) => String.fromCharCode(97 + index));
  const skeleton: Block = { kind, blocks: ids.map(task) };
  const plan = planOf(Object.fromEntries(ids.map((id) => [id, {}])), skeleton);
  return cutPlan(plan, {
    room: eventsOnly(room),
    weigh: ({ id }) => ({ raw: 0, escaped: 0, events: weights[ids.indexOf(id)]! }),
  });
}

const tasksOf = (block: Block): string => (block.kind === 'task' ? block.task : block.blocks.map(tasksOf).join(''));
const partsOf = ({ parts }: CutPlan): string[] => parts.map(({ block }) => tasksOf(block));

describe('cutPlan', () => {
  it.each([
    { of: 'what fits stays', weights: [40, 40, 20], parts: [], events: 100 },
    { of: 'neighbours become a part, as many as fit', weights: [40, 40, 40], parts: ['ab'], events: 6 + 40 },
    { of: 'neighbours fill a part to the last event', weights: [40, 60, 10], parts: ['ab'], events: 6 + 10 },
    {
      of: 'the heaviest first, until the rest fits',
      weights: [60, 50, 90, 30],
      parts: ['a', 'c'],
      events: 6 + 50 + 6 + 30,
    },
    { of: 'of two that are equally heavy the first', weights: [70, 70], parts: ['a'], events: 6 + 70 },
    { of: 'what cannot be cut is a part by itself', weights: [120, 50], parts: ['a'], events: 6 + 50 },
    { of: 'no task by itself', weights: [120], parts: [], events: 120 },
  ])('cuts a chain so that $of', ({ weights, parts, events }) => {
    const cut = cutOf('series', weights, 100);

    expect(partsOf(cut).toSorted()).toEqual(parts);
    expect(cut.weight.events).toBe(events);
  });

  it.each([
    // A Parallel has four events of its own, and two for each branch.
    { of: 'what fits stays', weights: [45, 47], parts: [], events: 4 + 2 + 45 + 2 + 47 },
    {
      of: 'tasks that fit together become a part, the heaviest first',
      weights: [50, 30, 40, 10],
      parts: ['ac'],
      events: 4 + (2 + 6) + 2 + (4 + 2 + 30 + 2 + 10),
    },
    {
      of: 'each part is as full as it can be',
      weights: [50, 43, 40],
      parts: ['ac'],
      events: 4 + (2 + 6) + (2 + 43),
    },
    {
      of: 'of tasks that are equally heavy the first go together',
      weights: [40, 40, 40],
      parts: ['ab'],
      events: 4 + (2 + 6) + (2 + 40),
    },
    {
      of: 'bins stand in the order of their first tasks',
      weights: [30, 45, 47],
      parts: ['bc'],
      events: 4 + (2 + 30) + (2 + 6),
    },
    {
      of: 'tasks stand in a part in their order',
      weights: [30, 60, 50],
      parts: ['ab'],
      events: 4 + (2 + 6) + (2 + 50),
    },
  ])('cuts what runs side by side so that $of', ({ weights, parts, events }) => {
    const cut = cutOf('parallel', weights, 100);

    expect(partsOf(cut)).toEqual(parts);
    expect(cut.weight.events).toBe(events);
    expect(tasksOf(cut.plan.skeleton)).toHaveLength(weights.length);
    expect(tasksOf(cut.plan.skeleton).startsWith('a')).toBe(true);
  });

  it('weighs tasks of every kind, and leaves them as they are', () => {
    const tasks = { a: {}, b: { wait: { kind: 'seconds' } }, c: { emit: 'done' }, d: { workflow: 'w' } } as const;
    const plan = planOf(tasks as unknown as SmallTasks);

    const cut = cutPlan(plan, { room: ENDLESS, weigh: () => ({ raw: 1, escaped: 2, events: 3 }) });

    expect(cut).toEqual({ plan, parts: [], weight: { raw: 4, escaped: 8, events: 12 } });
  });

  it('puts starts of parts into parts of their own where there are too many of them', () => {
    const cut = cutOf(
      'series',
      Array.from({ length: 20 }, () => 20),
      20,
    );

    expect(cut.weight.events).toBeLessThanOrEqual(20);
    expect(partsOf(cut).filter((tasks) => tasks.length > 1).length).toBeGreaterThan(0);
  });

  it('stops where starts of parts are all that is left, and still too many', () => {
    const cut = cutOf('series', [20, 20, 20], 5);

    expect(partsOf(cut).toSorted()).toEqual(['a', 'b', 'c']);
    expect(cut.weight.events).toBe(18);
  });

  it('names a part for what it begins and ends with, and says which task stands in it', () => {
    const [both] = cutOf('series', [40, 40, 40], 100).parts;
    const [one] = cutOf('series', [120, 50], 100).parts;

    expect(both).toMatchObject({ number: 0, name: 'a..b', member: 'a' });
    expect(one).toMatchObject({ number: 0, name: 'a', member: 'a' });
  });

  // A Pass before the loop 2 events; each iteration the body, a token state 6, a Choice 2.
  const loop = planOf({ l: { loop: { maxIterations: 5, tasks: { a: {} } } } });
  // A Parallel 4 events, its branch 2.
  const group = planOf({ g: { group: { tasks: { a: {} } } } });

  it.each([
    { of: 'loop', plan: loop, room: 2 + 5 * (10 + 8), parts: [], events: 92 },
    { of: 'loop', plan: loop, room: 91, parts: ['a'], events: 2 + 5 * (6 + 8) },
    { of: 'group', plan: group, room: 4 + 2 + 10, parts: [], events: 16 },
    { of: 'group', plan: group, room: 15, parts: ['a'], events: 4 + 2 + 6 },
  ])('makes the body of a $of a part where more than $room events are too many', ({ plan, room, parts, events }) => {
    const cut = cutPlan(plan, { room: eventsOnly(room), weigh: () => ({ raw: 0, escaped: 0, events: 10 }) });

    expect(partsOf(cut)).toEqual(parts);
    expect(cut.weight.events).toBe(events);
    const [outer] = cut.plan.tasks;
    if (parts.length > 0 && outer && 'region' in outer) expect(outer.region.skeleton).toBe(cut.parts[0]?.block);
  });
});

describe('the weight of a plan', () => {
  const lengths = [1, 20, 63];
  const weighed = (plan: Plan): Weight => cutPlan(plan, { room: ENDLESS, weigh: leafWeigher(plan) }).weight;
  const measured = (plan: Plan): Weight => {
    const [raw, escaped, events] = measure(lower(plan)).figures.map(({ value }) => value);
    return { raw: raw!, escaped: escaped!, events: events! };
  };
  const alone = planOf({ z: {} });

  it.each([
    { of: 'a fan-out', small: (): SmallTasks[string] => ({ fanOut: 3 }), over: 40 },
    { of: 'a group', small: (): SmallTasks[string] => ({ group: { tasks: { g: {} } } }), over: 250 },
    {
      of: 'a loop',
      small: (): SmallTasks[string] => ({ loop: { maxIterations: 100, tasks: { g: {} } } }),
      over: 350,
    },
  ])('is for $of no less than its machine takes, and not much more', ({ small, over }) => {
    for (const length of lengths) {
      const plan = planOf({ z: {}, ['x'.repeat(length)]: small() });

      const more = difference(difference(weighed(plan), weighed(alone)), difference(measured(plan), measured(alone)));

      for (const { value, most } of [
        { value: more.raw, most: over },
        { value: more.escaped, most: over + 90 },
        { value: more.events, most: 2 },
      ]) {
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(most);
      }
    }
  });

  it('is for tasks side by side no less than their Parallel takes, and not much more', () => {
    for (const length of lengths) {
      const [one, other] = ['x'.repeat(length), `y${'x'.repeat(length - 1)}`];
      const plan = planOf({ z: {}, [one]: {}, [other]: {} }, series(task('z'), parallel(task(one), task(other))));

      const more = difference(difference(weighed(plan), weighed(alone)), difference(measured(plan), measured(alone)));

      expect(more.raw).toBeGreaterThanOrEqual(0);
      expect(more.raw).toBeLessThanOrEqual(450);
      expect(more.escaped - more.raw).toBeLessThanOrEqual(30);
      expect(more.events).toBe(2);
    }
  });
});

describe('Weight', () => {
  const one: Weight = { raw: 10, escaped: 20, events: 3 };

  it('is added, subtracted and repeated member by member', () => {
    expect(sum([one, one, { raw: 1, escaped: 2, events: 3 }])).toEqual({ raw: 21, escaped: 42, events: 9 });
    expect(difference(one, { raw: 1, escaped: 2, events: 3 })).toEqual({ raw: 9, escaped: 18, events: 0 });
    expect(repeated(one, 4)).toEqual({ raw: 10, escaped: 20, events: 12 });
  });

  it('fits where no member is over', () => {
    expect(fits(one, one)).toBe(true);
    for (const key of ['raw', 'escaped', 'events'] as const)
      expect(fits(one, { ...one, [key]: one[key] - 1 })).toBe(false);
  });

  it('is shared out by what it takes most of', () => {
    expect(shareOf(one, { raw: 20, escaped: 80, events: 30 })).toBe(0.5);
    expect(shareOf(one, { raw: 40, escaped: 40, events: 30 })).toBe(0.5);
    expect(shareOf(one, { raw: 40, escaped: 80, events: 6 })).toBe(0.5);
  });

  it('of a text has its length, and that within a JSON string', () => {
    expect(weightOfText('a "b"', 3)).toEqual({ raw: 5, escaped: 7, events: 3 });
  });
});
