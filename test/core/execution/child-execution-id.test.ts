import { describe, expect, it } from 'vitest';
import { childExecutionId } from '../../../core/execution/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';

const parent = executionId('exec_01KAJ7Z6T0ABCDEFGHJKMNPQRS');
const childOf = (path: string, of = parent) => childExecutionId(of, taskPath(path));

describe('childExecutionId', () => {
  it('is the same for the same task, in every version: a start that is repeated must find the child', () => {
    expect(childOf('publish')).toBe('exec_01KAJ7Z6T0413EWCB9F2GVFYE3');
  });

  it('differs by task, by item and by parent', () => {
    const others = [
      childOf('publish'),
      childOf('review'),
      childOf('publish[0]'),
      childOf('publish[1]'),
      childOf('publish', executionId('exec_01KAJ7Z6T0ABCDEFGHJKMNPQRT')),
    ];

    expect(new Set(others).size).toBe(others.length);
  });

  it('begins with the time of its parent, beside which it sorts', () => {
    expect(childOf('review').slice(0, 15)).toBe(parent.slice(0, 15));
  });
});
