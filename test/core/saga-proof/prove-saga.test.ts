import { describe, expect, it } from 'vitest';
import { proofOf } from '../../makers/prove.ts';

const compensate = { agent: 'shop' };
const saga = { fault_tolerance: { saga_pattern: { compensation_enabled: true } } };

describe('proveSaga', () => {
  it('says nothing of a workflow without a saga, nor of one that is off', () => {
    const tasks = [{ id: 'pay', agent: 'shop' }];

    expect(proofOf({ tasks })).toBeUndefined();
    expect(proofOf({ tasks, fault_tolerance: { saga_pattern: { compensation_enabled: false } } })).toBeUndefined();
  });

  it('names the task that nothing undoes, its place, and the way that leads there', () => {
    const tasks = [
      { id: 'reserve', agent: 'shop', compensate, compensate_on_failure: true },
      { id: 'pay', agent: 'shop', depends_on: ['reserve'] },
    ];

    expect(proofOf({ tasks, ...saga })).toMatchObject({
      verdict: 'gaps',
      effects: 2,
      compensated: 1,
      gaps: [
        {
          kind: 'no_compensation',
          task: 'pay',
          path: ['workflow', 'tasks', 1, 'id'],
          fix: 'write `compensate: { agent: … }`, or `effect: none` when it changes nothing outside',
          scenario: { fates: [{ task: 'pay', fate: 'succeeded' }], ending: 'cancel', by: 'pay', left: ['pay'] },
        },
      ],
    });
  });

  it('is content when every effect is undone, also after a failure', () => {
    const tasks = [
      { id: 'look', agent: 'shop', effect: 'none' },
      { id: 'pay', agent: 'shop', depends_on: ['look'], compensate, compensate_on_failure: true },
    ];

    expect(proofOf({ tasks, ...saga })).toEqual({
      verdict: 'proved',
      effects: 1,
      compensated: 1,
      pivots: [],
      gaps: [],
    });
  });
});
