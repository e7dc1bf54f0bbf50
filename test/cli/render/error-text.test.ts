import { describe, expect, it } from 'vitest';
import { complaintOf, renderComplaint } from '../../../cli/render/error-text.ts';
import { plain } from '../../../cli/render/style.ts';
import { InvalidRequestError, InvariantError } from '../../../core/errors/index.ts';

const print = (error: unknown): string => renderComplaint(complaintOf(error, 'skein run'), plain);

describe('renderComplaint', () => {
  it('says code, what, place and the next step', () => {
    const error = new InvalidRequestError({
      code: 'file_not_found',
      message: 'there is no such file',
      hint: 'check the path',
      details: { place: 'flow.yaml' },
    });

    expect(print(error)).toBe(
      'error file_not_found: there is no such file\n  at    flow.yaml\n  next  check the path\n',
    );
  });

  it('asks for a report of what is our own fault, and shows no stack', () => {
    const asked =
      '  at    skein run\n  next  run it again with SKEIN_DEBUG=1 and report what it prints: this is a bug of Skein\n';

    expect(print(new InvariantError({ code: 'gone', message: 'lost' }))).toBe(`error gone: lost\n${asked}`);
    expect(print(new TypeError('x is undefined'))).toBe(`error unexpected_error: x is undefined\n${asked}`);
    expect(print('a word')).toBe(`error unexpected_error: a word\n${asked}`);
  });
});
