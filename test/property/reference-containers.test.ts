import { describe, expect, it } from 'vitest';
import type { TaskDocument } from '../../simulation/index.ts';
import { aScenario, aTask, fails, goesOn, silent, succeeds } from '../makers/small-scenario.ts';
import { follow, wayOf } from './follow.ts';

const group = (id: string, tasks: readonly TaskDocument[], more: Partial<TaskDocument> = {}): TaskDocument => ({
  id,
  group: { tasks },
  ...more,
});

const loop = (id: string, tasks: readonly TaskDocument[], more: Partial<TaskDocument['loop']> = {}): TaskDocument => ({
  id,
  loop: { max_iterations: 3, tasks, ...more },
});

const lenient = { continue_on_failure: true };

describe('reference: a group', () => {
  it('opens when its own join says so, runs its members by their edges, and gives the object of their outputs', () => {
    const scenario = aScenario({
      tasks: [
        aTask('a'),
        group('g', [aTask('b'), aTask('c', { depends_on: ['b'] })], { depends_on: ['a'] }),
        aTask('d', { depends_on: ['g'], input: { c: '${ tasks.g.output.c }' } }),
      ],
      script: { a: [succeeds(10)], 'g/b': [succeeds(5, 'B')], 'g/c': [succeeds(7, 'C')], d: [succeeds(1)] },
    });

    expect(wayOf(scenario)).toEqual({
      a: 'succeeded @10 #1',
      'g/b': 'succeeded @15 #1',
      'g/c': 'succeeded @22 #1',
      g: 'succeeded @22',
      d: 'succeeded @23 #1',
      execution: 'succeeded @23',
    });
    expect(follow(scenario).calls.at(-1)?.input).toEqual({ c: 'C' });
  });

  it('that does not open has no members', () => {
    const skipped = aScenario({ tasks: [group('g', [aTask('b')], { when: '${ input.go }' })], input: { go: false } });
    const late = aScenario({
      ...goesOn,
      tasks: [aTask('a'), group('g', [group('h', [aTask('b')])], { depends_on: ['a'] })],
      script: { a: [fails(10)] },
    });

    expect(wayOf(skipped)).toEqual({ g: 'skipped @0', execution: 'succeeded @0' });
    expect(wayOf(late)).toEqual({ a: 'failed(Broken) @10 #1', g: 'upstream_failed @10', execution: 'failed @10' });
  });

  it('fails with the failure of a member, after the others have ended, and what it gives shows these', () => {
    const scenario = aScenario({
      ...goesOn,
      tasks: [group('g', [aTask('b'), aTask('c'), aTask('d', { depends_on: ['b'] })])],
      script: { 'g/b': [fails(10)], 'g/c': [succeeds(30, 'C')] },
    });

    expect(wayOf(scenario)).toEqual({
      'g/b': 'failed(Broken) @10 #1',
      'g/d': 'upstream_failed @10',
      'g/c': 'succeeded @30 #1',
      g: 'failed(Broken) @30',
      execution: 'failed @30',
    });
    expect(follow(scenario).tasks.at(-1)?.output).toEqual({ b: null, c: 'C', d: null });
  });

  it('succeeds when the only failure in it may happen, and is skipped when all of it is', () => {
    const tasks = [group('g', [aTask('b', lenient), aTask('c')])];
    const nothing = [group('g', [aTask('b', { when: '${ input.go }' })]), aTask('c', { depends_on: ['g'] })];

    expect(wayOf(aScenario({ tasks, script: { 'g/b': [fails(10)] } }))).toMatchObject({
      g: 'succeeded @10',
      execution: 'succeeded @10',
    });
    expect(wayOf(aScenario({ tasks: nothing, input: { go: false } }))).toMatchObject({ g: 'skipped @0' });
    expect(wayOf(aScenario({ tasks: nothing, input: { go: false }, on_skip: 'propagates' }))).toMatchObject({
      c: 'skipped @0',
    });
  });

  it('stops the execution with the failure of a member, unless it may fail itself', () => {
    const members = [aTask('b'), aTask('c')];
    const script = { 'g/b': [fails(10)], 'g/c': [succeeds(20)], z: [succeeds(40)] };
    const strict = aScenario({ tasks: [group('g', members), aTask('z')], script });
    const allowed = aScenario({ tasks: [group('g', members, lenient), aTask('z')], script });

    expect(wayOf(strict)).toMatchObject({
      'g/c': 'succeeded @20 #1',
      g: 'failed(Broken) @20',
      execution: 'failed @40',
    });
    expect(wayOf(allowed)).toMatchObject({
      g: 'failed(Broken) @20',
      z: 'succeeded @40 #1',
      execution: 'succeeded @40',
    });
  });

  it('is unknown, or else cancelled, when a stop met its members', () => {
    const scenario = aScenario({
      fault_tolerance: { grace: 1 },
      cancelAt: 10,
      tasks: [
        group('g', [aTask('b'), aTask('c', { depends_on: ['b'] })]),
        group('h', [aTask('d'), aTask('e', { depends_on: ['d'] })]),
        group('i', [aTask('f')], { depends_on: ['h'] }),
      ],
      script: { 'g/b': [silent], 'h/d': [succeeds(20)] },
    });

    expect(wayOf(scenario)).toMatchObject({ g: 'unknown @1010', h: 'cancelled @20', i: 'cancelled @10' });
    expect(Object.keys(wayOf(scenario))).not.toContain('i/f');
  });

  it('lets no more of its attempts run at once than it says, also of groups inside', () => {
    const inner = group('h', [aTask('c'), aTask('d')]);
    const scenario = aScenario({
      tasks: [{ id: 'g', group: { max_parallel: 1, tasks: [aTask('b'), inner] } }, aTask('z')],
      script: { 'g/b': [succeeds(10)], 'g/h/c': [succeeds(10)], 'g/h/d': [succeeds(10)], z: [succeeds(10)] },
    });

    expect(wayOf(scenario)).toMatchObject({ z: 'succeeded @10 #1', g: 'succeeded @30' });
  });
});

describe('reference: a loop', () => {
  const scores = (...values: readonly number[]) =>
    Object.fromEntries(values.map((score, round) => [`l[${round}]/b`, [succeeds(10, { score })]]));

  it('repeats its body until its condition holds, and gives what the last iteration gave', () => {
    const scenario = aScenario({
      tasks: [loop('l', [aTask('b')], { until: '${ tasks.b.output.score >= 8 }' })],
      script: scores(3, 8, 9),
    });

    expect(wayOf(scenario)).toEqual({
      'l[0]/b': 'succeeded @10 #1',
      'l[1]/b': 'succeeded @20 #1',
      l: 'succeeded @20',
      execution: 'succeeded @20',
    });
    expect(follow(scenario).output).toEqual({ l: { b: { score: 8 } } });
  });

  it('is content when its iterations are used up, unless it says otherwise', () => {
    const body = { tasks: [aTask('b')], max_iterations: 2, until: '${ tasks.b.output.score >= 8 }' };
    const content = aScenario({ tasks: [loop('l', body.tasks, body)], script: scores(1, 2) });
    const strict = aScenario({
      tasks: [loop('l', body.tasks, { ...body, on_exhausted: 'fail' })],
      script: scores(1, 2),
    });
    const blind = aScenario({ tasks: [loop('l', body.tasks)], script: scores(1, 2, 3) });

    expect(wayOf(content)).toMatchObject({ l: 'succeeded @20', execution: 'succeeded @20' });
    expect(wayOf(strict)).toMatchObject({ l: 'failed(LoopExhausted) @20', execution: 'failed @20' });
    expect(wayOf(blind)).toMatchObject({ 'l[2]/b': 'succeeded @30 #1', l: 'succeeded @30' });
  });

  it('shows its iteration and the one before to its body', () => {
    const before = '${ loop.previous == null ? 0 : loop.previous.b.output.score }';
    const scenario = aScenario({
      tasks: [loop('l', [aTask('b', { input: { round: '${ loop.index }', before } })], { max_iterations: 2 })],
      script: scores(3, 4),
    });

    expect(follow(scenario).calls.map(({ input }) => input)).toEqual([
      { round: 0, before: 0 },
      { round: 1, before: 3 },
    ]);
  });

  it('reads what its loop depends on, and the loop around by its own name only inside of itself', () => {
    const inner = loop('k', [aTask('c', { input: ['${ loop.index }', '${ tasks.a.output }'] })], { max_iterations: 1 });
    const outer: TaskDocument = { ...loop('l', [inner], { max_iterations: 2 }), depends_on: ['a'] };
    const scenario = aScenario({ tasks: [aTask('a'), outer], script: { a: [succeeds(0, 'A')] } });

    expect(follow(scenario).calls.map(({ path, input }) => [path, input])).toEqual([
      ['a', {}],
      ['l[0]/k[0]/c', [0, 'A']],
      ['l[1]/k[0]/c', [0, 'A']],
    ]);
  });

  it('ends as an iteration ends that does not succeed', () => {
    const fallen = aScenario({ ...goesOn, tasks: [loop('l', [aTask('b')])], script: { 'l[1]/b': [fails(10)] } });
    const empty = aScenario({ tasks: [loop('l', [aTask('b', { when: '${ loop.index > 5 }' })])] });

    expect(wayOf(fallen)).toMatchObject({ 'l[1]/b': 'failed(Broken) @10 #1', l: 'failed(Broken) @10' });
    expect(wayOf(empty)).toMatchObject({ 'l[0]/b': 'skipped @0', l: 'skipped @0', execution: 'succeeded @0' });
  });

  it('fails when its condition gives no boolean, with the output of its iteration', () => {
    const scenario = aScenario({ ...goesOn, tasks: [loop('l', [aTask('b')], { until: '${ tasks.b.output.score }' })] });

    expect(wayOf({ ...scenario, script: scores(3) })).toMatchObject({ l: 'failed(InvalidInput) @10' });
    expect(follow({ ...scenario, script: scores(3) }).tasks.at(-1)?.output).toEqual({ b: { score: 3 } });
  });

  it('does not go on when its execution is stopping, but may have come to its end', () => {
    const body = { until: '${ tasks.b.output.score >= 8 }' };
    const scenario = aScenario({ cancelAt: 5, tasks: [loop('l', [aTask('b')], body)] });

    expect(wayOf({ ...scenario, script: scores(3) })).toMatchObject({ l: 'cancelled @10', execution: 'cancelled @10' });
    expect(wayOf({ ...scenario, script: scores(8) })).toMatchObject({ l: 'succeeded @10', execution: 'cancelled @10' });
  });
});
