import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';

const secret = 'very-secret';
const openConfigured = (environment: Record<string, string> = {}): Shell =>
  openShell({ environment: { SKEIN_CONFIG: 'skein.json', ...environment } });
const fileOf = ({ directory }: Shell): unknown => JSON.parse(readFileSync(join(directory, 'skein.json'), 'utf8'));
const add = (shell: Shell, name: string, ...more: string[]) =>
  shell.skein('profile', 'add', name, '--url', `https://${name}.example.com/`, ...more);

describe('skein profile', () => {
  it('adds profiles, and uses the first one until another is chosen', async () => {
    using shell = openConfigured();

    await add(shell, 'prod', '--token-env', 'PROD_TOKEN');
    await add(shell, 'dev', '--token-command', 'pass skein/dev');
    const used = await shell.skein('profile', 'use', 'dev');

    expect(fileOf(shell)).toEqual({
      current: 'dev',
      profiles: {
        prod: { url: 'https://prod.example.com', token_env: 'PROD_TOKEN' },
        dev: { url: 'https://dev.example.com', token_command: 'pass skein/dev' },
      },
    });
    expect(used.out).toBe(
      '   prod  https://prod.example.com  token in $PROD_TOKEN\n*  dev   https://dev.example.com   token by a command\n',
    );
  });

  it('keeps what it is given where only its owner reads it, and never prints it', async () => {
    using shell = openConfigured();

    const answers = [
      await add(shell, 'a', '--token', secret),
      await add(shell, 'b', '--api-key', secret),
      await shell.skein('profile', 'list', '--json'),
    ];

    expect(statSync(join(shell.directory, 'skein.json')).mode & 0o777).toBe(0o600);
    expect(JSON.stringify(answers)).not.toContain(secret);
    expect(JSON.stringify(fileOf(shell))).toContain(secret);
    expect(JSON.parse(answers[2]!.out)).toMatchObject({
      profiles: [
        { name: 'a', token: 'token in the file', isUsed: true },
        { name: 'b', token: 'API key in the file', isUsed: false },
      ],
    });
  });

  it('removes a profile, and goes back to this machine when it was the one in use', async () => {
    using shell = openConfigured();
    await add(shell, 'prod');

    const { out } = await shell.skein('profile', 'remove', 'prod');

    expect(out).toBe('no profiles\n');
    expect(fileOf(shell)).toEqual({ profiles: {} });
  });

  it('makes a folder for the settings where there is none', async () => {
    using shell = openShell({ environment: { HOME: '/nowhere', SKEIN_CONFIG: 'deep/down/skein.json' } });

    expect((await add(shell, 'prod')).exitCode).toBe(0);
    expect(statSync(join(shell.directory, 'deep/down')).mode & 0o777).toBe(0o700);
  });

  it.each([
    ['add prod', 'missing_argument'],
    ['add --url https://a.example.com', 'missing_argument'],
    ['add prod --url nonsense', 'url_not_taken'],
    ['add prod --url ftp://a.example.com', 'url_not_taken'],
    ['add prod --url http://a.example.com', 'url_not_taken'],
    ['add prod --url https://me:very-secret@a.example.com', 'url_not_taken'],
    ['add prod --url https://a.example.com --token a --api-key b', 'more_than_one_token'],
    ['add local --url https://a.example.com', 'name_reserved'],
    ['use prod', 'profile_not_found'],
    ['remove prod', 'profile_not_found'],
  ])('does not %s', async (line, code) => {
    using shell = openConfigured();

    const { exitCode, err } = await shell.skein('profile', ...line.split(' '));

    expect(exitCode).toBe(2);
    expect(err).toContain(`error ${code}:`);
    expect(err).not.toContain('very-secret@');
  });

  it('takes an unencrypted URL of this machine, and of another one when told to', async () => {
    using shell = openConfigured();

    const here = await shell.skein('profile', 'add', 'here', '--url', 'http://127.0.0.1:8002');
    const there = await shell.skein('profile', 'add', 'there', '--url', 'http://a.example.com', '--insecure');

    expect([here.exitCode, there.exitCode]).toEqual([0, 0]);
  });

  it.each([
    ['{', 'the profiles are not JSON'],
    ['{"profiles": {"a": {"url": "https://a.example.com", "token": 7}}}', 'profiles.a.token'],
    [
      '{"profiles": {"a": {"url": "https://a.example.com", "token": "very-secret", "api_key": "very-secret"}}}',
      'more than one of',
    ],
  ])('says what is wrong with the file %s, without what it holds', async (text, said) => {
    using shell = openConfigured();
    writeFileSync(join(shell.directory, 'skein.json'), text);

    const { exitCode, err } = await shell.skein('profile', 'list');

    expect(exitCode).toBe(2);
    expect(err).toContain('error profiles_invalid: ');
    expect(err).toContain(said);
    expect(err).not.toContain(secret);
  });
});

describe('the deployment that a verb asks', () => {
  /** Which URL `skein list` asks; undefined: none, it looks into the database. */
  async function asked(args: readonly string[], environment: Record<string, string> = {}): Promise<string | undefined> {
    const urls: string[] = [];
    using shell = openShell({
      environment: { SKEIN_CONFIG: 'skein.json', ...environment },
      process: {
        fetch: async (url) => {
          urls.push(new URL(url).host);
          return Response.json({ executions: [] });
        },
      },
    });
    await add(shell, 'prod');
    await add(shell, 'dev');
    await shell.skein('list', ...args);
    return urls[0];
  }

  it('is the one of --profile, before all others', async () => {
    expect(await asked(['--profile', 'dev'], { SKEIN_PROFILE: 'prod' })).toBe('dev.example.com');
  });

  it('is none with --database or --profile local, whatever else is chosen', async () => {
    expect(await asked(['--database', 'x.db'], { SKEIN_PROFILE: 'prod' })).toBeUndefined();
    expect(await asked(['--profile', 'local'], { SKEIN_PROFILE: 'prod' })).toBeUndefined();
  });

  it('is the one of SKEIN_PROFILE, then the one that was chosen', async () => {
    expect(await asked([], { SKEIN_PROFILE: 'dev' })).toBe('dev.example.com');
    expect(await asked([], { SKEIN_PROFILE: 'local' })).toBeUndefined();
    expect(await asked([])).toBe('prod.example.com');
  });
});
