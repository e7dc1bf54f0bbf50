import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../../../core/json/index.ts';
import type { State } from '../../../../local/interpreter/machine.ts';
import { aBranch, aMachine, createMachineStage, pass, typesOf } from '../machine-stage.ts';

const wait = (parts: JsonObject): State => ({ Type: 'Wait', End: true, ...parts });

/** Seconds that pass until a machine of one Wait has ended, and how it ends. */
async function waiting(parts: JsonObject, input?: Json) {
  const stage = createMachineStage();
  const from = stage.clock.now();
  const result = await stage.run(aMachine({ w: wait(parts) }), input);
  return { result, seconds: (stage.clock.now() - from) / 1000 };
}

describe('runWait', () => {
  it.each([
    ['a number of seconds', { Seconds: 30 }],
    ['seconds of an expression', { Seconds: '{% $states.input.n * 10 %}' }],
    ['a timestamp', { Timestamp: '2026-11-21T00:00:30Z' }],
    ['a timestamp of another offset', { Timestamp: '2026-11-21T01:00:30.000+01:00' }],
    ['a timestamp of an expression', { Timestamp: '{% $fromMillis($millis() + 30000) %}' }],
  ])('waits for %s, and hands its input on', async (_what, parts) => {
    const { result, seconds } = await waiting(parts, { n: 3 });

    expect(seconds).toBe(30);
    expect(result).toMatchObject({ status: 'SUCCEEDED', output: { n: 3 } });
    expect(typesOf(result)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'WaitStateExited', 'ExecutionSucceeded']);
  });

  it('does not wait for what has passed', async () => {
    const { result, seconds } = await waiting({ Timestamp: '2016-03-05T21:29:29.243167252Z' });

    expect(seconds).toBe(0);
    expect(result.status).toBe('SUCCEEDED');
  });

  it('has Output and Assign', async () => {
    const stage = createMachineStage();

    const result = await stage.run(
      aMachine({
        w: { Type: 'Wait', Seconds: 1, Assign: { a: 1 }, Output: { b: 2 }, Next: 'end' },
        end: pass({ Output: ['{% $a %}', '{% $states.input.b %}'], End: true }),
      }),
    );

    expect(result).toMatchObject({ output: [1, 2] });
  });

  it.each(['2016-12-05 21:29:29Z', '2016-12-05T21:29:29', '2016-13-05T21:29:29Z', 'soon'])(
    'fails for the timestamp %s',
    async (Timestamp) => {
      const { result } = await waiting({ Timestamp });

      expect(result).toMatchObject({
        status: 'FAILED',
        error: 'States.QueryEvaluationError',
        cause: expect.stringContaining(
          `The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: ${Timestamp}`,
        ) as string,
      });
    },
  );

  it('fails for seconds that are no number', async () => {
    const { result } = await waiting({ Seconds: '{% "5" %}' });

    expect(result).toMatchObject({
      status: 'FAILED',
      cause: expect.stringContaining(`Expected 'number', but was 'string' for value: "5"`) as string,
    });
  });

  it.each([-1, 1.5])('fails for %d seconds', async (n) => {
    const { result } = await waiting({ Seconds: '{% $states.input.n %}' }, { n });

    expect(result).toMatchObject({ status: 'FAILED', error: 'States.QueryEvaluationError' });
  });

  it('lets go of its timer when its branch is cut', async () => {
    const stage = createMachineStage();

    const result = await stage.run(
      aMachine({
        both: {
          Type: 'Parallel',
          Branches: [aBranch({ w: { Type: 'Wait', Seconds: 60, End: true } }), aBranch({ f: { Type: 'Fail' } })],
          End: true,
        },
      }),
    );

    expect(typesOf(result)).toContain('WaitStateAborted');
    expect(stage.waits()).toEqual([]);
  });
});
