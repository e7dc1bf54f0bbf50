import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../core/json/index.ts';
import type { State } from '../../../../local/interpreter/machine.ts';
import {
  aBranch,
  aMachine,
  aTokenTask,
  chainOf,
  createMachineStage,
  pass,
  typesOf,
  type MachineStage,
} from '../machine-stage.ts';

const each = (parts: JsonObject = {}, states: { readonly [name: string]: State } = { each: pass() }): State => ({
  Type: 'Map',
  ItemProcessor: aBranch(states),
  ...(parts['Next'] === undefined && { End: true }),
  ...parts,
});

const run = (map: State, input: Json, stage: MachineStage = createMachineStage()) =>
  stage.run(aMachine({ map, end: pass() }), input);

/** Waits for as many seconds as its item says; an item below zero fails at once. */
const slowly: { readonly [name: string]: State } = {
  which: { Type: 'Choice', Choices: [{ Condition: '{% $states.input < 0 %}', Next: 'fail' }], Default: 'wait' },
  wait: { Type: 'Wait', Seconds: '{% $states.input %}', End: true },
  fail: { Type: 'Fail', Error: 'Negative', Cause: '{% $string($states.input) %}' },
};

describe('runMap', () => {
  it('runs its states once for each item of its input, and gives the outputs in their order', async () => {
    const result = await run(each({}, slowly), [3, 1, 2]);

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: [3, 1, 2] });
  });

  it.each([
    ['an expression', '{% $states.input.list %}', [1, 2]],
    ['a list of templates', [1, '{% $states.input.list[1] %}', { a: '{% 3 %}' }], [1, 2, { a: 3 }]],
    ['no items', [], []],
  ])('takes its items from %s', async (_what, Items, output) => {
    expect(await run(each({ Items }), { list: [1, 2] })).toMatchObject({ status: 'SUCCEEDED', output });
  });

  it('tells of its iterations as AWS does, the next one chained to the last state of the one before', async () => {
    const result = await run(each({ MaxConcurrency: 1 }), ['a', 'b']);

    expect(chainOf(result)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 MapStateEntered',
      '3<2 MapStateStarted',
      '4<3 MapIterationStarted',
      '5<4 PassStateEntered',
      '6<5 PassStateExited',
      '7<6 MapIterationSucceeded',
      '8<6 MapIterationStarted',
      '9<8 PassStateEntered',
      '10<9 PassStateExited',
      '11<10 MapIterationSucceeded',
      '12<11 MapStateSucceeded',
      '13<11 MapStateExited',
      '14<13 ExecutionSucceeded',
    ]);
    expect(result.history[2]!.details).toEqual({ length: 2 });
    expect(result.history[7]!.details).toEqual({ index: 1, name: 'map' });
  });

  it.each([
    [{ MaxConcurrency: 2 }, 5, 2],
    [{ MaxConcurrency: '{% $count($states.input) - 2 %}' }, 5, 3],
    [{}, 50, 40],
    [{ MaxConcurrency: 0 }, 50, 40],
    [{ MaxConcurrency: 100 }, 50, 40],
  ])('runs with %o so many of %i at once: %i', async (limit, items, atOnce) => {
    const stage = createMachineStage();

    stage.start(
      aMachine({ map: each(limit, { ask: aTokenTask() }) }),
      Array.from({ length: items }, () => 0),
    );
    await stage.settle();

    expect(stage.interpreter.openTokens).toBe(atOnce);
  });

  it('gives an iteration what ItemSelector selects, which sees the item and its number', async () => {
    const ItemSelector = {
      value: '{% $states.context.Map.Item.Value * 2 %}',
      index: '{% $states.context.Map.Item.Index %}',
      all: '{% $states.input %}',
    };

    expect(await run(each({ ItemSelector }), [5, 6])).toMatchObject({
      output: [
        { value: 10, index: 0, all: [5, 6] },
        { value: 12, index: 1, all: [5, 6] },
      ],
    });
  });

  it('lets its states see item and number, and the variables around it', async () => {
    const states = {
      a: pass({ Assign: { mine: '{% $outer & $states.context.Map.Item.Index %}' }, Next: 'b' }),
      b: pass({ Output: '{% $mine %}', End: true }),
    };
    const machine = aMachine({
      first: pass({ Assign: { outer: 'x' }, Next: 'map' }),
      map: each({ Assign: { all: '{% $states.result %}' }, Output: {}, Next: 'end' }, states),
      end: pass({ Output: { all: '{% $all %}', mine: '{% $exists($mine) %}' }, End: true }),
    });

    expect(await createMachineStage().run(machine, [1, 2])).toMatchObject({
      output: { all: ['x0', 'x1'], mine: false },
    });
  });

  it('fails with its first iteration that fails, and cuts the others', async () => {
    const stage = createMachineStage();

    const result = await run(each({ MaxConcurrency: 3 }, slowly), [60, -1, 60, 60], stage);

    expect(result).toMatchObject({ status: 'FAILED', error: 'Negative', cause: '-1' });
    expect(typesOf(result).slice(-7)).toEqual([
      'MapIterationFailed',
      'WaitStateAborted',
      'MapIterationAborted',
      'WaitStateAborted',
      'MapIterationAborted',
      'MapStateFailed',
      'ExecutionFailed',
    ]);
    expect(typesOf(result).filter((type) => type === 'MapIterationStarted')).toHaveLength(3);
    expect(stage.waits()).toEqual([]);
  });

  it('starts all iterations anew when it is retried, and may be caught', async () => {
    const result = await run(
      each(
        {
          Retry: [{ ErrorEquals: ['Negative'], MaxAttempts: 1 }],
          Catch: [{ ErrorEquals: ['States.ALL'], Output: '{% $states.errorOutput.Error %}', Next: 'end' }],
          Next: 'end',
        },
        slowly,
      ),
      [0, -1],
    );

    expect(result).toMatchObject({ status: 'SUCCEEDED', output: 'Negative' });
    expect(typesOf(result).filter((type) => type === 'MapStateStarted')).toHaveLength(2);
    expect(typesOf(result).filter((type) => type === 'MapStateFailed')).toHaveLength(1);
  });

  it.each([
    [{ ToleratedFailureCount: 1 }, [-1, 0, 0, 0], undefined],
    [{ ToleratedFailureCount: 1 }, [-1, -1, 0, 0], 'States.ExceedToleratedFailureThreshold'],
    [{ ToleratedFailureCount: '{% 2 %}' }, [-1, -1, 0, 0], undefined],
    [{ ToleratedFailurePercentage: 50 }, [-1, -1, 0, 0], undefined],
    [{ ToleratedFailurePercentage: 49 }, [-1, -1, 0, 0], 'States.ExceedToleratedFailureThreshold'],
    [
      { ToleratedFailurePercentage: 100, ToleratedFailureCount: 1 },
      [-1, -1, 0, 0],
      'States.ExceedToleratedFailureThreshold',
    ],
    [{ ToleratedFailureCount: 0 }, [-1], 'Negative'],
  ])('with %o and the items %o ends with %s', async (tolerance, items, error) => {
    const result = await run(each(tolerance, slowly), items);

    expect(result.status === 'FAILED' ? result.error : undefined).toBe(error);
    if (result.status === 'SUCCEEDED') expect(result.output).toEqual(items.map((item) => (item < 0 ? null : item)));
  });

  it('fails when it is given no list', async () => {
    const ofInput = await run(each(), { a: 1 });
    const ofItems = await run(each({ Items: '{% $states.input.a %}' }), { a: 1 });

    expect(ofInput).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining('Map state input must be an array but was: {"a":1}') as string,
    });
    expect(ofItems).toMatchObject({
      error: 'States.QueryEvaluationError',
      cause: expect.stringContaining(
        `the field 'Items' returned an unexpected result type. Expected 'array'`,
      ) as string,
    });
    expect(chainOf(ofInput)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 MapStateEntered',
      '3<2 EvaluationFailed',
      '4<3 MapStateFailed',
      '5<4 ExecutionFailed',
    ]);
  });

  it('tolerates no fault of its own', async () => {
    const nowhere = { a: { Type: 'Pass', Next: 'nowhere' } } as const;
    const selector = { ItemSelector: 'x'.repeat(300_000), ToleratedFailureCount: 0 };

    expect(await run(each(selector), [1])).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(await run(each({}, nowhere), [1])).toMatchObject({ status: 'FAILED', error: 'States.Runtime' });
  });

  it('begins nothing more once it has been stopped', async () => {
    const stage = createMachineStage();
    const running = stage.start(aMachine({ map: each({ MaxConcurrency: 1 }, { ask: aTokenTask() }) }), [1, 2, 3]);
    await stage.settle();

    running.stop('enough');
    await stage.settle();

    const result = await running.result;
    expect(stage.calls).toHaveLength(1);
    expect(stage.interpreter.openTokens).toBe(0);
    expect(typesOf(result).slice(-4)).toEqual([
      'TaskStateAborted',
      'MapIterationAborted',
      'MapStateAborted',
      'ExecutionAborted',
    ]);
  });
});
