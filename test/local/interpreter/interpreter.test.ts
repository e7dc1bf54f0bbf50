import { describe, expect, it } from 'vitest';
import type { State } from '../../../local/interpreter/machine.ts';
import {
  aBranch,
  aMachine,
  answering,
  aTokenTask,
  chainOf,
  createMachineStage,
  pass,
  typesOf,
} from './machine-stage.ts';

const waiting = aMachine({
  both: {
    Type: 'Parallel',
    Branches: [
      aBranch({ a: aTokenTask({ TimeoutSeconds: 60, Next: 'b' }), b: aTokenTask() }),
      aBranch({ c: aTokenTask({ HeartbeatSeconds: 5 }) }),
    ],
    Catch: [{ ErrorEquals: ['States.ALL'], Next: 'after' }],
    End: true,
  },
  after: aTokenTask(),
});

describe('start', () => {
  it('does nothing of the machine before it has returned', async () => {
    const stage = createMachineStage({ functions: { 'dispatch-task': answering(() => stage) } });

    const running = stage.start(aMachine({ a: aTokenTask() }));
    const callsAtOnce = stage.calls.length;
    await running.result;

    expect(callsAtOnce).toBe(0);
    expect(stage.calls).toHaveLength(1);
  });

  it('runs machines beside each other without mixing them up', async () => {
    const stage = createMachineStage();
    const machine = aMachine({ a: aTokenTask({ Output: ['{% $states.input %}', '{% $states.result %}'] }) });

    const [one, two] = [stage.start(machine, 1), stage.start(machine, 2)];
    await stage.settle();
    stage.interpreter.sendTaskSuccess('token-2', 'second');
    stage.interpreter.sendTaskSuccess('token-1', 'first');

    expect(await one.result).toMatchObject({ output: [1, 'first'] });
    expect(await two.result).toMatchObject({ output: [2, 'second'] });
  });

  it('fails a machine whose input is over the data limit', async () => {
    const result = await createMachineStage().run(aMachine({ a: pass() }), 'x'.repeat(262_144));

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
    expect(typesOf(result)).toEqual(['ExecutionStarted', 'ExecutionFailed']);
  });

  it.each([
    [
      'goes to a state that is not there',
      { a: pass({ Next: 'toString' }) },
      "There is no state 'toString' in its branch.",
    ],
    ['has a state of a type that is not known', { a: { Type: 'Loop' } as unknown as State }, 'nobody handles'],
  ])('fails a machine that %s', async (_what, states, text) => {
    const result = await createMachineStage().run(aMachine(states));

    expect(result).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: expect.stringContaining(text) as string,
    });
  });
});

describe('a machine with TimeoutSeconds', () => {
  const slow = { TimeoutSeconds: 5, ...aMachine({ ask: aTokenTask() }) };

  it('ends when they are over, and everything with it', async () => {
    const stage = createMachineStage();

    const result = await stage.run(slow);

    expect(result).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
    expect(typesOf(result).slice(-2)).toEqual(['TaskStateAborted', 'ExecutionTimedOut']);
    expect(stage.interpreter.openTokens).toBe(0);
  });

  it('leaves no clock running when it ends before', async () => {
    const stage = createMachineStage();
    const running = stage.start(slow);
    await stage.settle();

    stage.interpreter.sendTaskSuccess('token-1', {});
    await running.result;

    expect(stage.waits()).toEqual([]);
  });
});

describe('stop', () => {
  it('aborts everything at once', async () => {
    const stage = createMachineStage();

    const running = stage.start(waiting);
    await stage.settle();
    running.stop('cancelled by a person');
    const open = stage.interpreter.openTokens;
    const result = await running.result;

    expect(result).toMatchObject({ status: 'ABORTED', cause: 'cancelled by a person' });
    expect(open).toBe(0);
    expect(stage.waits()).toEqual([]);
    expect(typesOf(result).slice(-4)).toEqual([
      'TaskStateAborted',
      'TaskStateAborted',
      'ParallelStateAborted',
      'ExecutionAborted',
    ]);
  });

  it('leaves nothing that runs further', async () => {
    const stage = createMachineStage();

    const running = stage.start(waiting);
    await stage.settle();
    const events = (await (running.stop('enough'), running.result)).history;
    const length = events.length;
    const late = stage.interpreter.sendTaskSuccess('token-1', 'late');
    await stage.settle();

    expect(late).toBe('unknown_token');
    expect(stage.calls).toHaveLength(2);
    expect(events).toHaveLength(length);
  });

  it('stops a machine that has not begun', async () => {
    const stage = createMachineStage();

    const running = stage.start(waiting);
    running.stop('changed my mind');
    const result = await running.result;
    await stage.settle();

    expect(chainOf(result)).toEqual(['1<0 ExecutionStarted', '2<0 ExecutionAborted']);
    expect(stage.calls).toEqual([]);
  });

  it('stops a machine from inside one of its calls', async () => {
    const stage = createMachineStage({ functions: { 'dispatch-task': () => (running.stop('from inside'), {}) } });

    const running = stage.start(aMachine({ a: aTokenTask() }));
    const result = await running.result;
    await stage.settle();

    expect(typesOf(result).slice(-3)).toEqual(['TaskStarted', 'TaskStateAborted', 'ExecutionAborted']);
  });

  it('changes nothing about a machine that has ended', async () => {
    const stage = createMachineStage({ functions: { 'dispatch-task': answering(() => stage) } });

    const running = stage.start(aMachine({ a: aTokenTask() }));
    const before = await running.result;
    running.stop('too late');
    const after = await running.result;

    expect(before).toMatchObject({ status: 'SUCCEEDED' });
    expect(after).toBe(before);
    expect(typesOf(after)).not.toContain('ExecutionAborted');
  });
});

describe('a machine that has ended', () => {
  it.each([
    ['succeeded', undefined],
    ['failed', 'Broken'],
  ])('holds no token and no timer when it %s', async (_how, error) => {
    const stage = createMachineStage();
    const machine = aMachine({ a: aTokenTask({ TimeoutSeconds: 60, HeartbeatSeconds: 10 }) });

    const running = stage.start(machine);
    await stage.settle();
    if (error) stage.interpreter.sendTaskFailure('token-1', error);
    else stage.interpreter.sendTaskSuccess('token-1', {});
    await running.result;

    expect(stage.interpreter.openTokens).toBe(0);
    expect(stage.waits()).toEqual([]);
  });

  it('takes no answer to a token that was never given', () => {
    const { interpreter } = createMachineStage();

    expect(interpreter.sendTaskSuccess('toString', 1)).toBe('unknown_token');
    expect(interpreter.sendTaskHeartbeat('token-1')).toBe('unknown_token');
  });
});

describe('the history', () => {
  it('can be left out of memory and still be seen', async () => {
    const seen: string[] = [];
    const stage = createMachineStage({
      functions: { 'dispatch-task': answering(() => stage) },
      keepHistory: false,
      onHistory: ({ id, type }, name) => seen.push(`${name} ${id} ${type}`),
    });

    const result = await stage.run(aMachine({ a: aTokenTask() }));

    expect(result.history).toEqual([]);
    expect(seen).toHaveLength(8);
    expect(seen.at(-1)).toBe('exec_1 8 ExecutionSucceeded');
  });

  it('numbers events even when nobody listens, because causes name them', async () => {
    const machine = aMachine({ a: pass({ Next: 'b' }), b: pass({ Output: '{% $states.input.no %}', End: true }) });

    const result = await createMachineStage({ keepHistory: false }).run(machine);

    expect(result).toMatchObject({ cause: expect.stringContaining('(entered at the event id #4)') as string });
  });
});
