import { describe, expect, it } from 'vitest';
import {
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

  it('has a row in the table for every subclass that callers see', () => {
    const { EngineError: base, ...subclasses } = family;

    expect(Object.keys(subclasses).filter((name) => !Object.hasOwn(errorTable, name))).toEqual([]);
  });
});

describe('errorRow', () => {
  it('answers retryable for a name nobody knows, even one of the object prototype', () => {
    expect([errorRow('Odd').retryable, errorRow('constructor').retryable]).toEqual([true, true]);
  });
});
