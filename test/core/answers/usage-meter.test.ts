import { describe, expect, it } from 'vitest';
import { createUsageMeter, usageProblem } from '../../../core/answers/index.ts';

describe('usageProblem', () => {
  it.each([[{}], [{ usd: 0 }], [{ tokens: 12 }], [{ usd: 0.000001, tokens: 0 }]])('finds none in %j', (usage) => {
    expect(usageProblem(usage)).toBeUndefined();
  });

  it.each([
    [undefined, 'it is not an object such as { usd: 0.02, tokens: 1200 }'],
    [12, 'it is not an object such as { usd: 0.02, tokens: 1200 }'],
    [[1], 'it is not an object such as { usd: 0.02, tokens: 1200 }'],
    [{ dollars: 1 }, '`dollars` is neither `usd` nor `tokens`'],
    [{ usd: -0.01 }, '`usd` is -0.01, and not a number from 0 on'],
    [{ usd: NaN }, '`usd` is NaN, and not a number from 0 on'],
    [{ usd: Infinity }, '`usd` is Infinity, and 1000000000 is the most'],
    [{ usd: '1' }, '`usd` is a string, and not a number from 0 on'],
    [{ tokens: null }, '`tokens` is a null, and not a number from 0 on'],
    [{ tokens: 1.5 }, '`tokens` is 1.5, and not a whole number'],
  ])('names what is wrong with %j', (usage, problem) => {
    expect(usageProblem(usage)).toBe(problem);
  });
});

describe('createUsageMeter', () => {
  it('adds up without rounding, and tells each new total', () => {
    const totals: unknown[] = [];
    const meter = createUsageMeter(
      () => undefined,
      (total) => totals.push(total),
    );

    for (let call = 0; call < 3; call += 1) meter.add({ usd: 0.1, tokens: 5 });

    expect(meter.total()).toEqual({ usd: 0.3, tokens: 15 });
    expect(totals.at(-2)).toEqual({ usd: 0.2, tokens: 10 });
  });

  it('says nothing of what nobody has said', () => {
    const meter = createUsageMeter(() => undefined);
    const before = meter.total();
    meter.add({ tokens: 1 });

    expect(before).toBeUndefined();
    expect(meter.total()).toEqual({ tokens: 1 });
  });

  it('counts nothing that is no usage, and says so', () => {
    const said: string[] = [];
    const meter = createUsageMeter((message) => said.push(message));

    meter.add({ usd: -1, tokens: 5 });
    meter.add('a lot');

    expect(meter.total()).toBeUndefined();
    expect(said).toEqual([
      'Usage was not counted: `usd` is -1, and not a number from 0 on.',
      'Usage was not counted: it is not an object such as { usd: 0.02, tokens: 1200 }.',
    ]);
  });
});
