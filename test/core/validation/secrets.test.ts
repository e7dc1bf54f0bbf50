import { describe, expect, it } from 'vitest';
import { findingsOn, withCode } from '../../makers/findings.ts';

const found = (input: unknown): readonly string[] =>
  withCode(findingsOn({ tasks: [{ id: 'a', agent: 'worker', input }] }), 'LINT904').map(({ message }) => message);

const some = (length: number): string => 'x1Y'.repeat(length).slice(0, length);

describe('what looks like a secret', () => {
  it.each([
    { text: `AKIA${'Q'.repeat(16)}`, what: 'an AWS access key' },
    { text: `ASIA${'Q7'.repeat(8)}`, what: 'an AWS access key' },
    { text: `ghp_${some(36)}`, what: 'a GitHub token' },
    { text: `ghs_${some(36)}`, what: 'a GitHub token' },
    { text: `github_pat_${some(22)}`, what: 'a GitHub token' },
    { text: `sk-${some(20)}`, what: 'an API key' },
    { text: `xoxb-${some(10)}`, what: 'a Slack token' },
    { text: `AIza${some(35)}`, what: 'a Google API key' },
    { text: '-----BEGIN PRIVATE KEY-----', what: 'a private key' },
    { text: '-----BEGIN RSA PRIVATE KEY-----', what: 'a private key' },
  ])('is named by its form: $what, $text', ({ text, what }) => {
    expect(found(text)).toEqual([`This looks like ${what}.`]);
    expect(found({ list: [`it is ${text} or so`] })).toEqual([`This looks like ${what}.`]);
    expect(found(text.slice(0, -1))).toEqual([]);
    expect(found(`z${text.toLowerCase()}`)).toEqual([]);
  });

  it('is looked for at the beginning of a text', () => {
    const key = `sk-${some(20)}`;

    expect(found(`${' '.repeat(4_096 - key.length)}${key}`)).toHaveLength(1);
    expect(found(`${' '.repeat(4_096 - key.length + 1)}${key}`)).toEqual([]);
  });

  it.each([
    'password',
    'passwd',
    'Secret',
    'token',
    'apikey',
    'api-key',
    'api_key',
    'privatekey',
    'private_key',
    'db_password',
    'my-access-token',
  ])('is known by the key `%s`', (key) => {
    expect(found({ nested: { [key]: 'correct-horse' } })).toEqual([`This looks like a secret, by its key \`${key}\`.`]);
  });

  it.each([
    { why: 'it is short', input: { password: '1234567' } },
    { why: 'it is evaluated', input: { password: '${input.password}' } },
    { why: 'it is a sentence', input: { password: 'ask me for it' } },
    {
      why: 'the key says something else',
      input: { tokens: 'correct-horse', passwordless: 'correct-horse', mytoken: 'correct-horse' },
    },
    { why: 'it stands in a list', input: { password: ['correct-horse'] } },
    { why: 'it is no text', input: { password: 12_345_678 } },
  ])('is none where $why', ({ input }) => {
    expect(found(input)).toEqual([]);
  });

  it('has eight characters at least, where only its key gives it away', () => {
    expect(found({ password: '12345678' })).toHaveLength(1);
  });
});
