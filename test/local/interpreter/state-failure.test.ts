import { describe, expect, it } from 'vitest';
import { matchesError, StateFailure, timeoutFailure } from '../../../local/interpreter/state-failure.ts';

const of = (error: string | undefined) => new StateFailure({ error });

describe('matchesError', () => {
  it.each([
    ['States.ALL', of('Anything'), true],
    ['States.ALL', of(undefined), true],
    ['States.ALL', of('States.Timeout'), true],
    ['States.ALL', of('States.QueryEvaluationError'), true],
    ['States.ALL', of('States.DataLimitExceeded'), false],
    ['States.ALL', of('States.Runtime'), false],
    ['States.TaskFailed', of('Anything'), true],
    ['States.TaskFailed', of(undefined), true],
    ['States.TaskFailed', of('Lambda.Unknown'), true],
    ['States.TaskFailed', of('States.Timeout'), false],
    ['States.TaskFailed', timeoutFailure('heartbeat'), false],
    ['States.TaskFailed', of('States.DataLimitExceeded'), false],
    ['States.Timeout', timeoutFailure('timeout'), true],
    ['States.Timeout', timeoutFailure('heartbeat'), true],
    ['States.HeartbeatTimeout', timeoutFailure('heartbeat'), true],
    ['States.HeartbeatTimeout', timeoutFailure('timeout'), false],
    ['States.DataLimitExceeded', of('States.DataLimitExceeded'), true],
    ['States.Runtime', of('States.Runtime'), false],
    ['TaskFailed', of('TaskFailed'), true],
    ['TaskFailed', of('taskfailed'), false],
    ['undefined', of(undefined), false],
  ])('lets %s match %o: %s', (name, failure, matches) => {
    expect(matchesError(['Never', name], failure)).toBe(matches);
  });
});
