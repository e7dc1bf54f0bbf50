import { describe, expect, it } from 'vitest';
import type { ForEachDocument, TaskDocument } from '../../simulation/index.ts';
import { aScenario, aTask, fails, goesOn, silent, succeeds } from '../makers/small-scenario.ts';
import { follow, wayOf } from './follow.ts';

const each = (forEach: Partial<ForEachDocument>, more: Partial<TaskDocument> = {}): TaskDocument =>
  aTask('f', { for_each: { items: '${ input.list }', max_items: 5, ...forEach }, ...more });

const list = { list: ['a', 'b', 'c'] };

describe('reference: for_each', () => {
  it('makes a call of each item, and a list of their outputs in order', () => {
    const scenario = aScenario({
      input: list,
      tasks: [each({}, { input: { item: '${ item }', i: '${ index }' } })],
      script: { 'f[0]': [succeeds(30, 'A')], 'f[1]': [succeeds(10, 'B')], 'f[2]': [succeeds(20, 'C')] },
    });

    expect(wayOf(scenario)).toEqual({
      'f[1]': 'succeeded @10 #1',
      'f[2]': 'succeeded @20 #1',
      'f[0]': 'succeeded @30 #1',
      f: 'succeeded @30',
      execution: 'succeeded @30',
    });
    expect(follow(scenario).output).toEqual({ f: ['A', 'B', 'C'] });
    expect(follow(scenario).calls).toMatchObject([
      { input: { item: 'a', i: 0 }, index: 0, count: 3 },
      { input: { item: 'b', i: 1 }, index: 1, count: 3 },
      { input: { item: 'c', i: 2 }, index: 2, count: 3 },
    ]);
  });

  it('has so many calls at once, and starts them in order', () => {
    const scenario = aScenario({
      input: list,
      tasks: [each({ max_concurrency: 2 })],
      script: { 'f[0]': [succeeds(30)], 'f[1]': [succeeds(10)], 'f[2]': [succeeds(5)] },
    });

    expect(wayOf(scenario)).toMatchObject({ 'f[2]': 'succeeded @15 #1', f: 'succeeded @30' });
  });

  it('gives a call as many items as a batch has', () => {
    const scenario = aScenario({ input: list, tasks: [each({ batch: 2 }, { input: ['${ item }', '${ index }'] })] });

    expect(follow(scenario).calls.map(({ input }) => input)).toEqual([
      [['a', 'b'], 0],
      [['c'], 1],
    ]);
  });

  it('succeeds with nothing to do, and refuses what is no list or too long', () => {
    const tasks = [each({ max_items: 2 })];

    expect(wayOf(aScenario({ tasks, input: { list: [] } }))).toEqual({ f: 'succeeded @0', execution: 'succeeded @0' });
    expect(follow(aScenario({ tasks, input: { list: [] } })).output).toEqual({ f: [] });
    expect(wayOf(aScenario({ tasks, input: { list: 7 } }))).toMatchObject({ f: 'failed(InvalidInput) @0' });
    expect(wayOf(aScenario({ tasks, input: list }))).toMatchObject({ f: 'failed(InvalidInput) @0' });
  });

  it('succeeds with as many failures as it tolerates, null in their places', () => {
    const script = { 'f[1]': [fails(10)], 'f[2]': [succeeds(20, 'C')] };
    const counted = aScenario({ input: list, tasks: [each({ tolerate_failures: 1 })], script });
    const shared = aScenario({ input: list, tasks: [each({ tolerate_failures: '34%' })], script });

    expect(wayOf(counted)).toMatchObject({ f: 'succeeded @20', execution: 'succeeded @20' });
    expect(follow(counted).output).toEqual({ f: [{}, null, 'C'] });
    expect(wayOf(shared)).toMatchObject({ f: 'succeeded @20' });
  });

  it('starts nothing further with one failure more, and stops the execution in that moment', () => {
    const scenario = aScenario({
      input: { list: [1, 2, 3, 4] },
      fault_tolerance: { grace: 60 },
      tasks: [each({ max_concurrency: 2, tolerate_failures: '25%' }), aTask('z'), aTask('y', { depends_on: ['z'] })],
      script: { 'f[0]': [fails(10)], 'f[1]': [succeeds(40)], 'f[2]': [fails(10)], z: [succeeds(30)] },
    });

    expect(wayOf(scenario)).toEqual({
      'f[0]': 'failed(Broken) @10 #1',
      'f[2]': 'failed(Broken) @20 #1',
      y: 'cancelled @20',
      z: 'succeeded @30 #1',
      'f[1]': 'succeeded @40 #1',
      f: 'failed(Broken) @40',
      execution: 'failed @40',
    });
  });

  it('counts all items of a batch that fails', () => {
    const tasks = [each({ batch: 2, tolerate_failures: 1 })];

    expect(wayOf(aScenario({ input: list, tasks, script: { 'f[1]': [fails(5)] } }))).toMatchObject({
      f: 'succeeded @5',
    });
    expect(wayOf(aScenario({ input: list, tasks, script: { 'f[0]': [fails(5)] } }))).toMatchObject({
      f: 'failed(Broken) @5',
    });
  });

  it('fails with the error of its lowest failed call, and of one that could not begin', () => {
    const scenario = aScenario({
      ...goesOn,
      input: list,
      tasks: [each({}, { input: { n: '${ item.n }' } })],
    });

    expect(wayOf(scenario)).toMatchObject({ 'f[0]': 'failed(InvalidInput) @0', f: 'failed(InvalidInput) @0' });
  });

  it('retries each call by itself; one that waits for its retry is not settled', () => {
    const policy = { max_attempts: 2, interval: 1, backoff_rate: 1, jitter: 'none' } as const;
    const scenario = aScenario({
      input: list,
      tasks: [each({ max_concurrency: 1 }, { retry_policy: policy })],
      script: { 'f[0]': [fails(10), succeeds(10)], 'f[1]': [succeeds(10)], 'f[2]': [succeeds(10)] },
    });

    expect(wayOf(scenario)).toMatchObject({ 'f[0]': 'succeeded @1020 #2', f: 'succeeded @1040' });
  });

  it('is unknown, or else cancelled, when a stop left a call without an answer or without a beginning', () => {
    const grace = { fault_tolerance: { grace: 1 }, input: list, cancelAt: 5 };
    const silence = aScenario({ ...grace, tasks: [each({})], script: { 'f[0]': [silent] } });
    const rest = aScenario({ ...grace, tasks: [each({ max_concurrency: 1 })], script: { 'f[0]': [succeeds(10)] } });
    const all = aScenario({ ...grace, tasks: [each({ max_items: 3 })], script: { 'f[0]': [succeeds(10)] } });

    expect(wayOf(silence)).toMatchObject({ f: 'unknown @1005' });
    expect(wayOf(rest)).toEqual({ 'f[0]': 'succeeded @10 #1', f: 'cancelled @10', execution: 'cancelled @10' });
    expect(wayOf(all)).toMatchObject({ f: 'succeeded @10', execution: 'cancelled @10' });
  });
});
