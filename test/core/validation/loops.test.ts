import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const worker = (id: string, more: object = {}) => ({ id, agent: 'worker', ...more });
const loop = (id: string, body: object, ...tasks: readonly object[]) => ({
  id,
  loop: { max_iterations: 5, ...body, tasks },
});

const messages = (keys: object, ...codes: readonly string[]): readonly string[] =>
  withCode(findingsOn(keys), ...codes).map(({ message }) => message);

describe('a loop', () => {
  const same = ['The `until` of `a` is the same after each iteration: it runs once or 5 times.'];

  it.each([
    { until: '${ tasks.b.output.good }', says: [] },
    { until: '${ loop.index > input.most }', says: [] },
    { until: '${ loop.index > 3 }', says: [] },
    { until: '${ tasks.before.output.good || tasks.b.output.good }', says: [] },
    { until: '${ tasks.before.output.good }', says: same },
    { until: '${ input.good }', says: same },
    { until: '${ true }', says: ['The `until` of `a` is always true: the loop runs once.'] },
    { until: '${ false }', says: ['The `until` of `a` is always false: all 5 iterations run.'] },
    { until: '${ input.good', says: [] },
    { until: 'good', says: [] },
  ])('is ended by its iterations: $until', ({ until, says }) => {
    const tasks = [worker('before'), { ...loop('a', { until }, worker('b')), depends_on: ['before'] }];

    expect(messages({ tasks }, 'VAL235')).toEqual(says);
  });

  it.each([
    { body: {}, says: ['`a` can only fail: nothing ends it before its iterations are used up.'] },
    { body: { until: '${ false }' }, says: ['`a` can only fail: nothing ends it before its iterations are used up.'] },
    { body: { until: '${ true }' }, says: ['The `until` of `a` is always true: the loop runs once.'] },
    { body: { until: '${ tasks.b.output.good }' }, says: [] },
  ])('that fails when it is exhausted has something that ends it: $body', ({ body, says }) => {
    expect(messages({ tasks: [loop('a', { on_exhausted: 'fail', ...body }, worker('b'))] }, 'VAL235')).toEqual(says);
  });
});

describe('the iteration before', () => {
  const reading = (input: string) => ({ tasks: [loop('a', {}, worker('draft'), worker('b', { input }))] });
  const asked = 'In the first iteration `loop.previous` is null, and this fails.';

  it.each([
    { input: '${ loop.previous.draft.output }', says: [asked] },
    { input: '${ [input.x, loop.previous.draft.output] }', says: [asked] },
    { input: '${ loop.index == 0 ? 1 : loop.previous.draft.output }', says: [] },
    { input: '${ loop.previous == null ? 1 : loop.previous.draft.output }', says: [] },
    { input: '${ loop.?previous.draft.output }', says: [] },
    { input: '${ loop.index }', says: [] },
    { input: '${ loop.previous.draft.output', says: [] },
  ])('is asked for in the first one: $input', ({ input, says }) => {
    expect(messages(reading(input), 'LINT909')).toEqual(says);
  });

  it('is none outside of a loop', () => {
    const tasks = [worker('a', { input: '${ loop.previous.b.output }' })];

    expect(withCode(findingsOn({ tasks }), 'LINT909')).toEqual([]);
    expect(withCode(findingsOn({ tasks }), 'VAL208')).toHaveLength(1);
  });

  it.each([
    { id: 'draft', found: [] },
    { id: 'drfat', found: [{ message: 'The loop has no task `drfat`.', hint: 'did you mean `draft`?' }] },
    { id: 'else', found: [{ message: 'The loop has no task `else`.' }] },
  ])('has the members of the loop: $id', ({ id, found }) => {
    expect(withCode(findingsOn(reading(`\${ loop.?previous.${id}.output }`)), 'VAL208')).toMatchObject(found);
  });

  it.each([
    {
      title: 'from a group in the loop',
      tasks: [
        loop('a', {}, worker('x'), { id: 'g', group: { tasks: [worker('y', { input: '${ loop.?previous.x }' })] } }),
      ],
    },
    {
      title: 'from the `until` of the loop',
      tasks: [loop('a', { until: '${ loop.previous.x == tasks.x.output }' }, worker('x'))],
    },
    {
      title: 'from the `until` of a loop in another',
      tasks: [loop('o', {}, worker('y'), loop('a', { until: '${ loop.previous.x == tasks.x.output }' }, worker('x')))],
    },
    {
      title: 'from the inner loop',
      tasks: [loop('o', {}, worker('y'), loop('a', {}, worker('x'), worker('z', { input: '${ loop.?previous.x }' })))],
    },
  ])('has the members of the innermost loop, $title', ({ tasks }) => {
    expect(messages({ tasks }, 'VAL208')).toEqual([]);

    const elsewhere = JSON.parse(JSON.stringify(tasks).replaceAll('previous.x', 'previous.y')) as object[];
    expect(messages({ tasks: elsewhere }, 'VAL208')).toEqual(['The loop has no task `y`.']);
  });

  it('is read of `loop` only', () => {
    const input = { type: 'object', properties: { previous: { type: 'object' } } };
    const tasks = [loop('a', {}, worker('b', { input: '${ [input.previous.any, loop.index] }' }))];

    expect(messages({ input, tasks }, 'VAL208', 'LINT909')).toEqual([]);
  });
});
