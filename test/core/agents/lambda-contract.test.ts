import { describe, expect, it } from 'vitest';
import { lambdaErrorMessage, taskErrorOfLambda } from '../../../core/agents/index.ts';

describe('lambdaErrorMessage', () => {
  it('is the message itself when there is nothing more to say', () => {
    expect(lambdaErrorMessage('the model is busy', {})).toBe('the model is busy');
  });

  it.each([
    [{ retryable: false }],
    [{ retryable: true, retryAfter: 30 }],
    [{ retryAfter: 0 }],
    [{ details: { file: 'a.ts' } }],
  ])('brings %j through a record', (detail) => {
    const errorMessage = lambdaErrorMessage('the model is busy', detail);

    const { details: _unrecorded, ...recorded } = detail as { details?: unknown };
    expect(taskErrorOfLambda({ errorType: 'ModelBusy', errorMessage })).toEqual({
      name: 'ModelBusy',
      message: 'the model is busy',
      ...recorded,
    });
  });
});

describe('taskErrorOfLambda', () => {
  it('takes the error of a Lambda that knows no SDK as it is', () => {
    expect(taskErrorOfLambda({ errorType: 'TypeError', errorMessage: 'x is not a function' })).toEqual({
      name: 'TypeError',
      message: 'x is not a function',
    });
  });

  it.each([[undefined], [''], ['Error']])('calls an error named %j an AgentFailure', (errorType) => {
    expect(taskErrorOfLambda({ errorType, errorMessage: 'no' })).toEqual({ name: 'AgentFailure', message: 'no' });
  });

  it.each([
    ['{"message":"busy","status":503}'],
    ['{"retryable":'],
    ['[1]'],
    ['{"message":7}'],
    ['{"__proto__":{"message":"x"}}'],
  ])('leaves the foreign message %s alone', (errorMessage) => {
    expect(taskErrorOfLambda({ errorType: 'Odd', errorMessage })).toEqual({ name: 'Odd', message: errorMessage });
  });

  it('drops what is no word about retrying', () => {
    const errorMessage = JSON.stringify({ message: 'busy', retryable: 'no', retryAfter: -1 });

    expect(taskErrorOfLambda({ errorType: 'Busy', errorMessage })).toEqual({ name: 'Busy', message: 'busy' });
  });

  it.each([
    ['Sandbox.Timedout', { name: 'AttemptTimeout' }],
    ['Runtime.ExitError', { name: 'AgentCrashed' }],
    ['Runtime.OutOfMemory', { name: 'AgentCrashed' }],
    ['Runtime.ImportModuleError', { name: 'AgentUnavailable', retryable: false }],
    ['Runtime.HandlerNotFound', { name: 'AgentUnavailable', retryable: false }],
  ])("knows Lambda's own %s", (errorType, error) => {
    expect(taskErrorOfLambda({ errorType, errorMessage: 'RequestId: 1' })).toEqual({
      ...error,
      message: `${errorType}: RequestId: 1`,
    });
  });
});
