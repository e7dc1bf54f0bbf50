import { describe, expect, it } from 'vitest';
import { findingsOn } from '../../makers/findings.ts';

const ofTask = (more: object) =>
  findingsOn({ tasks: [{ id: 'a', agent: 'worker', ...more }] }).filter(({ severity }) => severity === 'error');

describe('a condition', () => {
  it.each([
    { when: '${ "a" + 1 }', because: 'its types do not go together' },
    { when: '${ size(3', because: 'it is not closed' },
    { when: '${ 1 + }', because: 'it does not parse' },
    { when: '${ 1 / 0 == nothing }', because: 'it names what is not there' },
  ])('has one mistake and no second one that follows from it: $because', ({ when }) => {
    expect(ofTask({ when })).toMatchObject([{ code: 'VAL208' }]);
  });
});
