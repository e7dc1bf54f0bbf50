import { describe, expect, it } from 'vitest';
import type { Json } from '../../../core/json/index.ts';
import { createStubs, runStubbed, type StubbedRun } from '../../../local/asl/index.ts';
import type { MachineResult } from '../../../local/interpreter/index.ts';
import { midnight } from '../../makers/event-log.ts';
import { aCallTask, aMachine, aTokenTask, pass, typesOf } from '../interpreter/machine-stage.ts';

const run = (machine: StubbedRun['machine'], stubs: Json, input: Json = {}): Promise<MachineResult> =>
  runStubbed({ machine, name: 'm', input, stubs: createStubs(stubs, 'stubs.json'), startedAt: midnight });

const took = ({ history }: MachineResult): number => (history.at(-1)!.timestamp - midnight) / 1000;

const ask = aMachine({ ask: aCallTask({ Retry: [{ ErrorEquals: ['Busy'], MaxAttempts: 2 }] }) });

describe('runStubbed', () => {
  it('gives tasks what their stubs say, whatever they call', async () => {
    const machine = aMachine({
      call: aCallTask({ Next: 'wait' }),
      wait: aTokenTask({ Output: ['{% $states.input %}', '{% $states.result %}'] }),
    });

    expect(await run(machine, { call: { output: 1 }, wait: { output: 2 } })).toMatchObject({ output: [1, 2] });
  });

  it('answers one call after the other, and stays with the last answer', async () => {
    const stubs = { ask: [{ error: 'Busy' }, { error: 'Busy', cause: 'still' }, { output: 'ready' }] };

    expect(await run(ask, stubs)).toMatchObject({ status: 'SUCCEEDED', output: 'ready' });
    expect(await run(ask, { ask: [{ error: 'Busy' }] })).toMatchObject({ status: 'FAILED', error: 'Busy' });
  });

  it('finds a stub by state, by Resource, and by *, in this order', async () => {
    const resource = 'arn:aws:states:::lambda:invoke';

    expect(await run(ask, { ask: { output: 1 }, [resource]: { output: 2 }, '*': { output: 3 } })).toMatchObject({
      output: 1,
    });
    expect(await run(ask, { [resource]: { output: 2 }, '*': { output: 3 } })).toMatchObject({ output: 2 });
    expect(await run(ask, { '*': { output: 3 } })).toMatchObject({ output: 3 });
  });

  it('lets time pass that nobody has to wait for', async () => {
    const machine = aMachine({
      nap: { Type: 'Wait', Seconds: 86_400, Next: 'ask' },
      ask: aTokenTask({ Next: 'call' }),
      call: aCallTask(),
    });

    const result = await run(machine, { ask: { output: 1, delay: 60 }, call: { output: 2, delay: 0.5 } });

    expect(result.status).toBe('SUCCEEDED');
    expect(took(result)).toBe(86_460.5);
  });

  it('times out what answers too late', async () => {
    const late = aMachine({ ask: aTokenTask({ TimeoutSeconds: 10 }) });

    const result = await run(late, { ask: { output: 1, delay: 11 } });

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
    expect(took(result)).toBe(10);
  });

  it('tells what a service submitted', async () => {
    const { history } = await run(aMachine({ ask: aTokenTask() }), { ask: { output: 1, submitted: { id: 7 } } });

    expect(history.find(({ type }) => type === 'TaskSubmitted')?.details['output']).toEqual({ id: 7 });
  });

  it('gives the same history each time, chance included', async () => {
    const machine = aMachine({ a: pass({ Output: ['{% $uuid() %}', '{% $random() %}', '{% $now() %}'], End: true }) });

    const [first, second] = [await run(machine, {}), await run(machine, {})];

    expect(first).toEqual(second);
    expect(typesOf(first)).toHaveLength(4);
  });

  it('refuses to go on where a task has no stub, even if its failure would be caught', async () => {
    const machine = aMachine({
      ask: aCallTask({ Catch: [{ ErrorEquals: ['States.ALL'], Next: 'end' }] }),
      end: pass(),
    });

    await expect(run(machine, {}, { n: 7 })).rejects.toMatchObject({
      code: 'task_not_stubbed',
      message: expect.stringContaining('{"FunctionName":"begin","Payload":{"n":7}}') as string,
      hint: expect.stringContaining('add "ask"') as string,
    });
  });

  it('ends a machine that goes round for ever', async () => {
    const round = aMachine({ a: pass({ Next: 'b' }), b: pass({ Next: 'a' }) });

    const result = await run(round, {});

    expect(result).toMatchObject({ status: 'ABORTED', cause: expect.stringContaining('25000 events') as string });
  });
});

describe('createStubs', () => {
  it.each([
    [[], 'none:'],
    [{ ask: 7 }, 'none at ask'],
    [{ ask: [] }, 'none at ask'],
    [{ ask: { outptu: 1 } }, 'none at ask'],
    [{ ask: {} }, 'either an output or an error'],
    [{ ask: { output: 1, error: 'E' } }, 'either an output or an error'],
    [{ ask: { output: 1, delay: -1 } }, 'none at ask → delay'],
  ])('refuses %o', (document, message) => {
    expect(() => createStubs(document, 'stubs.json')).toThrow(message);
  });

  it('takes null for an output', () => {
    const request = { state: 'ask', resource: 'r', parameters: {}, token: undefined };

    expect(createStubs({ ask: { output: null } }, 'stubs.json').take(request)).toEqual({ output: null });
  });
});
