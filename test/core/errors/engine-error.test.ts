import { describe, expect, it } from 'vitest';
import {
  assertNever,
  CapacityError,
  ConflictError,
  EngineError,
  errorRow,
  errorTable,
  InvalidRequestError,
  InvariantError,
  NotFoundError,
  UnavailableError,
} from '../../../core/errors/index.ts';

const family = {
  CapacityError,
  ConflictError,
  EngineError,
  InvalidRequestError,
  InvariantError,
  NotFoundError,
  UnavailableError,
};

describe('EngineError', () => {
  it.each(Object.entries(family))(
    '%s carries its name as a literal and keeps code, hint and cause',
    (name, Subclass) => {
      const cause = new Error('below');

      const error = new Subclass({ code: 'a_code', message: 'It broke.', hint: 'Mend it.', cause });

      expect(error).toBeInstanceOf(EngineError);
      expect({ name: error.name, code: error.code, hint: error.hint, cause: error.cause }).toEqual({
        name,
        code: 'a_code',
        hint: 'Mend it.',
        cause,
      });
    },
  );

  it('is read as its message, and has details only where somebody gave some', () => {
    const details = { task: 'lint', attempts: 2 };

    const plain = new ConflictError({ code: 'a_code', message: 'It broke.' });

    expect(String(plain)).toBe('ConflictError: It broke.');
    expect(plain.details).toEqual({});
    expect(new ConflictError({ code: 'a_code', message: 'It broke.', details }).details).toEqual(details);
  });

  it('has no cause where nothing lies below it', () => {
    expect(new EngineError({ code: 'a_code', message: 'It broke.' })).not.toHaveProperty('cause');
  });

  it('has a row in the table for every subclass that callers see', () => {
    const { EngineError: base, ...subclasses } = family;

    expect(Object.keys(subclasses).filter((name) => !Object.hasOwn(errorTable, name))).toEqual([]);
  });
});

describe('errorRow', () => {
  it('answers retryable for a name nobody knows, even one of the object prototype', () => {
    expect([errorRow('Odd').retryable, errorRow('constructor').retryable]).toEqual([true, true]);
  });

  it('answers with the row of a name that the table has', () => {
    expect(errorRow('InvalidInput')).toBe(errorTable.InvalidInput);
    expect([errorRow('InvalidInput').retryable, errorRow('AgentThrottled').retryable]).toEqual([false, true]);
  });
});

describe('assertNever', () => {
  it('tells, as a bug of the engine, what has which case', () => {
    // A value from outside the types, as a later version may have written it.
    const odd = { kind: 'odd' } as never;

    expect(() => assertNever(odd, 'A block')).toThrow(
      expect.objectContaining({
        name: 'InvariantError',
        code: 'unexpected_case',
        message: 'A block has a case nobody handles: {"kind":"odd"}',
      }),
    );
  });
});
