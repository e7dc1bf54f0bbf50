import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const minutely = { calls: 60, per: '1m' };
const found = (agents: object) => withCode(findingsOn({ agents, tasks: [{ id: 'a', agent: 'x' }] }), 'VAL239');

describe('rate limits', () => {
  it('are counted for the type: agents of one type that say different ones are found', () => {
    const [finding, ...others] = found({
      x: { type: 'worker', rate_limit: minutely },
      y: { type: 'worker', rate_limit: { calls: 30, per: '1m' } },
    });

    expect(others).toEqual([]);
    expect(finding).toMatchObject({ path: 'workflow.agents.y.rate_limit', severity: 'warning' });
    expect(finding?.message).toBe(
      '`y` and `x` are both of type `worker`, and say different limits: 30 per 60 s, and 60 per 60 s.',
    );
    expect(finding?.related?.[0]?.path).toBe('workflow.agents.x.rate_limit');
  });

  it.each([
    { title: 'the same in other words', y: { type: 'worker', rate_limit: { calls: 60, per: 60 } } },
    { title: 'none at all', y: { type: 'worker' } },
    { title: 'another type', y: { type: 'other', rate_limit: { calls: 1, per: '1h' } } },
  ])('may be $title', ({ y }) => {
    expect(found({ x: { type: 'worker', rate_limit: minutely }, y })).toEqual([]);
  });
});
