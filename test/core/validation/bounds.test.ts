import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const messages = (keys: object, code: string): readonly string[] =>
  withCode(findingsOn(keys), code).map(({ message }) => message);

const eachOf = (for_each: object) => ({
  tasks: [{ id: 'a', agent: 'worker', for_each: { items: '${ input.x }', ...for_each } }],
});
const loopOf = (loop: object, body: object = {}) => ({
  tasks: [{ id: 'a', loop: { tasks: [{ id: 'a1', agent: 'worker', ...body }], ...loop } }],
});

describe('a bound', () => {
  it.each([
    { for_each: { max_items: 100_001 }, says: 'Up to 100001 items are each recorded by themselves.' },
    { for_each: { max_items: 4, batch: 5 }, says: 'A batch of 5 is more than all 4 items.' },
    { for_each: { items: [1, 2, 3], batch: 4 }, says: 'A batch of 4 is more than all 3 items.' },
    { for_each: { items: [1, 2, 3], max_items: 2, batch: 3 }, says: 'A batch of 3 is more than all 2 items.' },
    { for_each: { max_items: 4, max_concurrency: 5 }, says: 'There are 4 calls at most, and so never 5 at once.' },
    {
      for_each: { max_items: 5, batch: 2, max_concurrency: 4 },
      says: 'There are 3 calls at most, and so never 4 at once.',
    },
    { for_each: { max_items: 4, tolerate_failures: 4 }, says: 'All of the items may fail, and `a` succeeds.' },
    { for_each: { max_items: 4, tolerate_failures: '100%' }, says: 'All of the items may fail, and `a` succeeds.' },
  ])('of items that bounds nothing is named: $for_each', ({ for_each, says }) => {
    expect(messages(eachOf(for_each), 'LINT911')).toEqual([says]);
  });

  it.each([
    { max_items: 100_000 },
    { max_items: 4, batch: 4 },
    { max_items: 4, max_concurrency: 4 },
    { max_items: 5, batch: 2, max_concurrency: 3 },
    { max_items: 4, tolerate_failures: 3 },
    { max_items: 4, tolerate_failures: '99%' },
    { batch: 5, max_concurrency: 5, tolerate_failures: '100%' },
  ])('of items that bounds something, or that nobody can judge, is not: %j', (for_each) => {
    expect(messages(eachOf(for_each), 'LINT911')).toEqual([]);
  });

  it.each([
    { max_iterations: 1_000, says: [] },
    { max_iterations: 1_001, says: ['Up to 1001 iterations are more than anybody waits for.'] },
  ])('of $max_iterations iterations is looked at', ({ max_iterations, says }) => {
    expect(messages(loopOf({ max_iterations }), 'LINT911')).toEqual(says);
  });
});

describe('the items of a for_each', () => {
  it.each([
    { items: [1, 2, 3], max_items: 2, says: '`a` has 3 items, and takes 2 at most.' },
    { items: '${ [1, 2, 3] }', max_items: 2, says: '`a` has 3 items, and takes 2 at most.' },
    { items: 'all of them', max_items: 2, says: 'The items of `a` are a text, not a list.' },
    { items: '${ 3 }', max_items: 2, says: 'The items of `a` are of type `int`, not a list.' },
    { items: '${ {"x": 1} }', max_items: 2, says: 'The items of `a` are of type `map<string, int>`, not a list.' },
    { items: '${ dyn("x") }', max_items: 2, says: 'The items of `a` are of type `dyn`, not a list.' },
    { items: '${ input.text }', max_items: 2, says: 'By their schema, the items of `a` are a text, not a list.' },
  ])('are refused where they are no list, or too long: $items', ({ items, max_items, says }) => {
    const input = { type: 'object', properties: { text: { type: 'string' } } };

    expect(messages({ input, ...eachOf({ items, max_items }) }, 'VAL223')).toEqual([says]);
  });

  it.each([
    { items: [1, 2], max_items: 2 },
    { items: '${ [1, 2] }', max_items: 2 },
    { items: '${ input.x }', max_items: 2 },
    { items: '${ input.?x }', max_items: 2 },
    { items: '${ input.some }', max_items: 2 },
    { items: [1, 2, 3] },
    { items: '${ 1 + "a" }', max_items: 2 },
    { items: '${ size(input.x)', max_items: 2 },
  ])('are fine where they may be a list, and where another rule has found something: $items', (for_each) => {
    const input = { type: 'object', properties: { some: { type: ['array', 'null'] } } };

    expect(messages({ input, ...eachOf(for_each) }, 'VAL223')).toEqual([]);
  });
});

describe('time', () => {
  const within = (timeout: number, task: object) => ({ timeout, tasks: [task] });

  it.each([
    {
      what: 'a task',
      task: { id: 'a', agent: 'worker', timeout: 61 },
      says: '`a` may take 61 s, and the whole workflow 60 s.',
    },
    {
      what: 'a wait for an event',
      task: { id: 'a', wait: { event: 'e', timeout: 61 } },
      says: '`a` may wait 61 s, and the whole workflow 60 s.',
    },
    { what: 'a wait', task: { id: 'a', wait: { seconds: 61 } }, says: '`a` waits 61 s, and the whole workflow 60 s.' },
  ])('that $what takes fits into that of the workflow', ({ task, says }) => {
    expect(messages(within(60, task), 'VAL214')).toEqual([says]);
    expect(messages(within(61, task), 'VAL214')).toEqual([]);
  });

  it.each([
    {
      what: 'its own timeout',
      more: {},
      body: { timeout: 20 },
      says: ['`a` may need 80 s for 4 iterations, and the whole workflow has 60 s.'],
    },
    { what: 'exactly enough', more: {}, body: { timeout: 15 }, says: [] },
    {
      what: 'a default',
      more: { defaults: { timeout: 20 } },
      body: {},
      says: ['`a` may need 80 s for 4 iterations, and the whole workflow has 60 s.'],
    },
    { what: 'nothing', more: {}, body: {}, says: [] },
    {
      what: 'exactly the whole workflow',
      more: {},
      body: { timeout: 60 },
      says: ['`a` may need 240 s for 4 iterations, and the whole workflow has 60 s.'],
    },
    { what: 'more than the whole workflow', more: {}, body: { timeout: 61 }, says: [] },
  ])('suffices for all iterations of a task that is granted $what', ({ more, body, says }) => {
    expect(messages({ timeout: 60, ...more, ...loopOf({ max_iterations: 4 }, body) }, 'LINT907')).toEqual(says);
  });

  it('is not asked of the iterations of a workflow without a limit', () => {
    expect(messages(loopOf({ max_iterations: 4 }, { timeout: 20 }), 'LINT907')).toEqual([]);
  });

  it('is asked of a loop, and not of a group in it', () => {
    const group = { id: 'g', group: { tasks: [{ id: 'm', agent: 'worker', timeout: 20 }] } };
    const tasks = [{ id: 'a', loop: { max_iterations: 4, tasks: [group] } }];

    expect(messages({ timeout: 60, tasks }, 'LINT907')).toEqual([]);
  });

  it.each([
    { wait: { seconds: 20 }, says: ['`a` may need 80 s for 4 iterations, and the whole workflow has 60 s.'] },
    {
      wait: { event: 'e', timeout: 20 },
      says: ['`a` may need 80 s for 4 iterations, and the whole workflow has 60 s.'],
    },
    { wait: { event: 'e' }, says: [] },
  ])('suffices for all iterations of a wait, which has no default: $wait', ({ wait, says }) => {
    const loop = { max_iterations: 4, tasks: [{ id: 'a1', wait }] };

    expect(messages({ timeout: 60, defaults: { timeout: 20 }, tasks: [{ id: 'a', loop }] }, 'LINT907')).toEqual(says);
  });

  it.each([
    { more: {}, task: { heartbeat: 300 }, says: ['`a` has to be heard every 300 s, and its time is up after 300 s.'] },
    { more: {}, task: { heartbeat: 299 }, says: [] },
    {
      more: { defaults: { timeout: 20 } },
      task: { heartbeat: 20 },
      says: ['`a` has to be heard every 20 s, and its time is up after 20 s.'],
    },
    { more: { defaults: { timeout: 20 } }, task: { heartbeat: 20, timeout: 21 }, says: [] },
    {
      more: {},
      task: { heartbeat: 21, timeout: 20 },
      says: ['`a` has to be heard every 21 s, and its time is up after 20 s.'],
    },
  ])('is up only after a heartbeat can be missed: $task within $more', ({ more, task, says }) => {
    expect(messages({ ...more, tasks: [{ id: 'a', agent: 'worker', ...task }] }, 'LINT910')).toEqual(says);
  });
});
