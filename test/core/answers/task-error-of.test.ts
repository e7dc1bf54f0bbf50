import { describe, expect, it } from 'vitest';
import { taskErrorOf } from '../../../core/answers/index.ts';

const hostile = {
  get name(): string {
    throw new Error('not for you');
  },
  message: 'it said',
};

describe('taskErrorOf', () => {
  it.each([
    ['an Error', new Error('why'), { name: 'AgentFailure', message: 'why' }],
    ['an error with a name of its own', new RangeError('why'), { name: 'RangeError', message: 'why' }],
    ['an empty name', { name: '', message: 'why' }, { name: 'AgentFailure', message: 'why' }],
    ['a name that is no text', { name: 7, message: 'why' }, { name: 'AgentFailure', message: 'why' }],
    ['a text', 'why', { name: 'AgentFailure', message: 'why' }],
    ['nothing', undefined, { name: 'AgentFailure', message: 'undefined' }],
    ['null', null, { name: 'AgentFailure', message: 'null' }],
    ['what is no Error', {}, { name: 'AgentFailure', message: 'The agent threw something that is no Error.' }],
    ['a name that cannot be read', hostile, { name: 'AgentFailure', message: 'it said' }],
  ])('names %s', (_, thrown, error) => {
    expect(taskErrorOf(thrown)).toStrictEqual(error);
  });

  it.each([
    ['that it may be tried again', { retryable: true }, { retryable: true }],
    ['that it may not', { retryable: false }, { retryable: false }],
    ['when', { retryAfter: 1.5 }, { retryAfter: 1.5 }],
    ['at once', { retryAfter: 0 }, { retryAfter: 0 }],
    ['nothing of a retry in the past', { retryAfter: -1 }, {}],
    ['nothing of a retry that never comes', { retryAfter: Infinity }, {}],
    ['nothing of what has the wrong type', { retryable: 'yes', retryAfter: '5' }, {}],
  ])('says %s', (_, members, said) => {
    const thrown = Object.assign(new Error('why'), members);

    expect(taskErrorOf(thrown)).toStrictEqual({ name: 'AgentFailure', message: 'why', ...said });
  });

  it('keeps the beginning of what is long, of names as of messages', () => {
    const page = 'x'.repeat(4_001);

    const { name, message } = taskErrorOf({ name: page, message: page });

    expect(name).toBe(`${'x'.repeat(4_000)}…`);
    expect(message).toBe(`${'x'.repeat(4_000)}…`);
    expect(taskErrorOf('x'.repeat(4_000)).message).toBe('x'.repeat(4_000));
    expect(taskErrorOf(page).message).toBe(`${'x'.repeat(4_000)}…`);
  });
});
