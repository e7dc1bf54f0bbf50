import { describe, expect, it } from 'vitest';
import { readHandle, signHandle } from '../../../core/agents/index.ts';
import { executionId, taskPath } from '../../../core/ids/index.ts';

const scope = { tenant: 'local', execution: executionId('exec_1'), path: taskPath('scan[3]'), attempt: 2 };

describe('readHandle', () => {
  it('gives back what was signed', () => {
    expect(readHandle('secret', signHandle('secret', scope))).toEqual(scope);
  });

  it.each(['a\nexec_2\nlint\n1', '\ud800', '\0', '', '"]'])(
    'keeps a tenant called %j apart from the rest',
    (tenant) => {
      expect(readHandle('secret', signHandle('secret', { ...scope, tenant }))).toEqual({ ...scope, tenant });
    },
  );

  it('is the same for the same attempt, so that a repeated call carries the same handle', () => {
    expect(signHandle('secret', scope)).toBe(signHandle('secret', { ...scope }));
  });

  it('refuses a handle that another secret signed', () => {
    expect(readHandle('secret', signHandle('other', scope))).toBeUndefined();
  });

  it('refuses every handle with one character changed', () => {
    const handle = signHandle('secret', scope);

    const changed = Array.from(
      handle,
      (char, i) => handle.slice(0, i) + (char === 'A' ? 'B' : 'A') + handle.slice(i + 1),
    );
    // The last character of base64url has spare bits: a change there can leave the bytes as they were.
    const accepted = changed.slice(0, -1).filter((candidate) => readHandle('secret', candidate) !== undefined);

    expect(accepted).toEqual([]);
  });

  it('refuses a handle with anything before it, after it, or instead of its prefix', () => {
    const handle = signHandle('secret', scope);

    const changed = [`${handle}.x`, `${handle}.`, `hdl_${handle}`, handle.replace('hdl_', 'key_')];

    expect(changed.filter((candidate) => readHandle('secret', candidate) !== undefined)).toEqual([]);
  });

  it.each(['', 'hdl_', 'hdl_x', 'hdl_.', 'hdl_a.b.c', 'nonsense', 'hdl_%%%.%%%'])('refuses %j', (text) => {
    expect(readHandle('secret', text)).toBeUndefined();
  });
});
