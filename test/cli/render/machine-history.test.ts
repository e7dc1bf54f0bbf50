import { describe, expect, it } from 'vitest';
import { createMachineTeller, renderMachineEnd } from '../../../cli/render/machine-history.ts';
import { coloured, plain } from '../../../cli/render/style.ts';
import type { HistoryEvent } from '../../../local/index.ts';

function anEvent(parts: Partial<HistoryEvent>): HistoryEvent {
  return { id: 1, previousEventId: 0, timestamp: 0, type: 'ExecutionStarted', details: {}, ...parts };
}

const lineOf = (parts: Partial<HistoryEvent>) => createMachineTeller(plain, false).lineOf(anEvent(parts));

describe('createMachineTeller', () => {
  it('names the state that an event belongs to, however many events lie between', () => {
    const teller = createMachineTeller(plain, false);
    const lines = [
      anEvent({ type: 'TaskStateEntered', details: { name: 'ask', input: 1 } }),
      anEvent({
        id: 2,
        previousEventId: 1,
        type: 'TaskScheduled',
        details: { resource: 'invoke', resourceType: 'lambda', parameters: {} },
      }),
      anEvent({ id: 3, previousEventId: 2, type: 'TaskStarted' }),
      anEvent({
        id: 4,
        previousEventId: 3,
        timestamp: 1500,
        type: 'TaskTimedOut',
        details: { error: 'States.Timeout' },
      }),
    ].map((event) => teller.lineOf(event));

    expect(lines).toEqual([
      '   +0.000 s  ask  Task of 1',
      '   +0.000 s  ask  calls lambda:invoke with {}',
      undefined,
      '   +1.500 s  ask  timed out',
    ]);
  });

  it.each<[Partial<HistoryEvent>, string]>([
    [{ type: 'LambdaFunctionScheduled', details: { resource: 'arn:f', input: 7 } }, 'calls arn:f with 7'],
    [{ type: 'ActivityFailed', details: {} }, 'failed with no name'],
    [{ type: 'EvaluationFailed', details: { cause: 'why' } }, 'evaluation failed: why'],
    [{ type: 'MapStateAborted' }, 'is cut off'],
  ])('tells %o', (event, text) => {
    expect(lineOf(event)).toBe(`   +0.000 s    ${text}`);
  });

  it('cuts long values, and lets no control character through', () => {
    const long = lineOf({ type: 'PassStateExited', details: { name: 'a', output: 'x'.repeat(500) } });
    const evil = lineOf({ type: 'PassStateEntered', details: { name: 'a\u001b[2J\nb', input: 0 } });

    expect(long).toMatch(/x…$/);
    expect(long!.length).toBeLessThan(150);
    expect(evil).not.toMatch(/[\u0000-\u001f]/);
  });
});

describe('renderMachineEnd', () => {
  it.each([
    [{ status: 'SUCCEEDED', output: { n: 1 } } as const, ['succeeded after 2.0 s', '{\n  "n": 1\n}']],
    [{ status: 'FAILED', error: 'E', cause: 'why' } as const, ['failed after 2.0 s with E: why']],
    [{ status: 'FAILED' } as const, ['failed after 2.0 s with no name']],
    [{ status: 'TIMED_OUT', error: 'States.Timeout' } as const, ['timed out after 2.0 s with States.Timeout']],
    [{ status: 'ABORTED', cause: 'enough' } as const, ['was ended after 2.0 s: enough']],
  ])('says how it ended: %o', (end, lines) => {
    expect(renderMachineEnd({ ...end, history: [] }, 2_000, plain)).toEqual(lines);
  });

  it('is coloured on a terminal', () => {
    expect(renderMachineEnd({ status: 'SUCCEEDED', output: 1, history: [] }, 0, coloured)[0]).toContain('\u001b[');
  });
});
