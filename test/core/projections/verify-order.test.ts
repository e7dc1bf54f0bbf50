import { describe, expect, it } from 'vitest';
import type { EventBody, SkeinEvent } from '../../../core/execution/index.ts';
import { verifyHistory } from '../../../core/projections/index.ts';
import * as say from '../../makers/event-log.ts';
import { changed } from '../../makers/planted-events.ts';
import { smallPlan, type PlanSettings, type SmallTasks } from '../../makers/small-plan.ts';

const { assigned, accepted, retried, completed, failed, skipped, cancelled, opened, parkedFor, childStarted } = say;

type Fact = readonly [path: string, body: EventBody, after?: readonly string[]];

/** One second passes with each fact. */
const eventsOf = (...facts: readonly Fact[]): readonly SkeinEvent[] =>
  facts.reduce(
    (log, [path, body, after = ['']]) => log.add(path, body, after),
    say.openEventLog().add('', say.started).add('', say.begun),
  ).events;

const found = (tasks: SmallTasks, events: readonly SkeinEvent[], settings: PlanSettings = {}): string[] =>
  verifyHistory({ events, plan: smallPlan(tasks, settings) }).map(({ path, message }) => `${path}: ${message}`);

const whole = (path: string, after: readonly string[] = ['']): Fact[] => [
  [path, assigned(), after],
  [path, accepted()],
  [path, completed()],
];

describe('verifyHistory of a limit', () => {
  const two: SmallTasks = { a: {}, b: {} };
  const both: Fact[] = [
    ['a', assigned()],
    ['b', assigned()],
    ['a', accepted()],
    ['b', accepted()],
    ['a', completed()],
    ['b', completed()],
  ];

  it('counts attempts that ran at the same time', () => {
    expect(found(two, eventsOf(...both), { maxParallel: 1 })).toEqual([': 2 attempts ran at once; max_parallel is 1.']);
    expect(found(two, eventsOf(...both), { maxParallel: 2 })).toEqual([]);
    expect(found(two, eventsOf(...both))).toEqual([]);
  });

  it.each<[string, Fact[]]>([
    ['one after the other', [...whole('a'), ...whole('b')]],
    ['an intent beside an attempt', [['a', assigned()], ...whole('b'), ['a', accepted()], ['a', completed()]]],
    ['what has no end yet', both.slice(0, 5)],
    [
      'the pause before a retry',
      [
        ['a', assigned()],
        ['a', accepted()],
        ['a', retried()],
        ...whole('b'),
        ['a', assigned(2)],
        ['a', accepted(2)],
        ['a', completed(2)],
      ],
    ],
  ])('lets be %s', (_what, facts) => {
    expect(found(two, eventsOf(...facts), { maxParallel: 1 })).toEqual([]);
  });

  it('counts an attempt that is called again from its first start', () => {
    const facts: Fact[] = [
      ['a', assigned()],
      ['a', accepted()],
      ['a', assigned()],
      ...whole('b'),
      ['a', accepted()],
      ['a', completed()],
    ];

    expect(found(two, eventsOf(...facts), { maxParallel: 1 })).toEqual([
      ': 2 attempts ran at once; max_parallel is 1.',
    ]);
  });

  it('does not count children', () => {
    const facts: Fact[] = [
      ['c', childStarted()],
      ['a', assigned()],
      ['a', accepted()],
      ['c', completed(0)],
      ['a', completed()],
    ];
    const messages = found({ a: {}, c: { workflow: 'child' } }, eventsOf(...facts), { maxParallel: 1 });

    expect(messages.filter((message) => message.includes('at once'))).toEqual([]);
  });

  it("is a group's for what is inside of it, in loops too, and only where it has one", () => {
    const inner = { l: { loop: { maxIterations: 1, tasks: two } } };
    const facts: Fact[] = [
      ['g', opened()],
      ['g/l', opened({ round: 0 }), ['g']],
      ...both.map(([path, body]): Fact => [`g/l[0]/${path}`, body, ['g/l']]),
    ];

    expect(found({ g: { group: { maxParallel: 1, tasks: inner } } }, eventsOf(...facts))).toEqual([
      'g: 2 attempts ran at once; g.max_parallel is 1.',
    ]);
    expect(found({ g: { group: { tasks: inner } } }, eventsOf(...facts))).toEqual([]);
  });
});

describe('verifyHistory of what nothing has opened for', () => {
  const tasks: SmallTasks = { g: { group: { tasks: { x: { when: 'true' } } } } };
  const stray = 'g/x: It acted, and nothing around it had opened for it.';
  const end: Fact = ['', say.ended('cancelled'), ['g/x', 'g']];

  it.each<[string, Fact[], string[]]>([
    ['an attempt', [['g/x', assigned()]], [stray]],
    ['an end', [['g/x', skipped('skipped')]], [stray]],
    ['a failure', [['g/x', failed(0)]], [stray]],
    ['waiting', [['g/x', parkedFor('g')]], []],
    ['a cancellation, as the opening may still come', [['g/x', cancelled('cancelled', 0)]], []],
    [
      'a cancellation, when all is over',
      [['g/x', cancelled('cancelled', 0)], ['g', cancelled('cancelled', 0)], end],
      [stray],
    ],
  ])('is asked of %s', (_what, facts, messages) => {
    expect(found(tasks, eventsOf(...facts))).toEqual(messages);
  });
});

describe('verifyHistory of the order of tasks', () => {
  const chain: SmallTasks = { a: {}, b: { after: ['a'], when: 'true' } };
  const inOrder = eventsOf(...whole('a'), ...whole('b', ['a']));
  const settledAt = inOrder.find(({ type }) => type === 'task.completed')!.lamport;

  it('has a task begin after what it depends on, and not at the same clock', () => {
    expect(found(chain, inOrder)).toEqual([]);
    expect(found(chain, changed('b', 1, { lamport: settledAt })(inOrder))).toEqual([
      `b: It began at clock ${settledAt}, when its join said wait.`,
    ]);
  });

  it('lets a condition skip a task only when its join has said run', () => {
    const skippedAt = (after: string) => found(chain, eventsOf(...whole('a'), ['b', skipped('skipped'), [after]]));

    expect(skippedAt('a')).toEqual([]);
    expect(skippedAt('')).toEqual(['b: It ended as skipped at clock 3, when its join said wait.']);
  });

  it('has nothing to say of a task that only waits, or was cancelled before it began', () => {
    expect(found(chain, eventsOf(['b', parkedFor('a')]))).toEqual([]);
    expect(found(chain, eventsOf(['b', cancelled('cancelled', 0)]))).toEqual([]);
  });

  it('says which failure a success has passed over', () => {
    const events = eventsOf(['a', assigned()], ['a', accepted()], ['a', failed()], ['', say.ended(), ['a']]);

    expect(found({ a: {} }, events)).toEqual([': It succeeded although a failed.']);
    expect(found({ a: { continueOnFailure: true } }, events)).toEqual([]);
  });
});

describe('verifyHistory of calls', () => {
  const forEach = (change: object = {}): SmallTasks => ({
    e: { forEach: { maxItems: 5, maxConcurrency: 9, batch: 2, tolerate: { items: 1 }, ...change } },
  });
  const call = (n: number, end: EventBody): Fact[] => [
    [`e[${n}]`, assigned(), ['e']],
    [`e[${n}]`, accepted()],
    [`e[${n}]`, end],
  ];
  const events = (ends: readonly EventBody[], end: EventBody) =>
    eventsOf(
      ['e', opened({ items: 5, calls: 3 })],
      ...ends
        .map((body, n) => call(n, body))
        .toReversed()
        .flat(),
      ['e', end, ends.map((_, n) => `e[${n}]`)],
    );
  const [ok, no] = [completed(), failed()];

  it('counts the items of batches, of which the last may be smaller', () => {
    expect(found(forEach(), events([ok, ok, no], completed(0)))).toEqual([]);
    expect(found(forEach(), events([no, ok, ok], completed(0)))).toEqual([
      'e: It ended as succeeded, when what is in it says failed.',
    ]);
    expect(found(forEach({ tolerate: { items: 2 } }), events([no, ok, ok], completed(0)))).toEqual([]);
    expect(found(forEach({ tolerate: { items: 2 } }), events([ok, no, no], failed(0)))).toEqual([]);
  });

  it('bounds the items, and lets them be as many', () => {
    expect(found(forEach({ maxItems: 4 }), events([ok, ok, ok], completed(0)))).toEqual([
      'e: It opened with 5 items; max_items is 4.',
    ]);
  });

  it('has a success made every call', () => {
    const some = eventsOf(
      ['e', opened({ items: 5, calls: 3 })],
      ...call(0, ok),
      ['e', completed(0), ['e[0]']],
      ['', say.ended(), ['e']],
    );

    expect(found(forEach(), some)).toContain('e[2]: The execution has ended, and this task has not settled.');
  });
});
