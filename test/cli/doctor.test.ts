import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { nodeFinding } from '../../cli/doctor/machine-findings.ts';
import { programVersion } from '../../cli/program-version.ts';
import { shellAt, startDeployment } from '../makers/dev-deployment.ts';
import { openShell } from '../makers/shell.ts';
import { temporaryDirectory } from '../makers/temporary-directory.ts';

interface Report {
  readonly healthy: boolean;
  readonly findings: readonly { check: string; status: string; message: string; fix?: string }[];
}

const now = Date.UTC(2026, 10, 21, 12);

const jwt = (claims: object): string => {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  return `${part({ alg: 'EdDSA' })}.${part(claims)}.very-secret`;
};

type Answers = Readonly<Record<string, () => Response>>;

const well: Answers = {
  '/health': () =>
    Response.json({ status: 'ok', version: programVersion() }, { headers: { date: new Date(now).toUTCString() } }),
  '/ready': () => Response.json({ status: 'ready', checks: { table: 'ok', bus: 'ok' } }),
  '/workflow-capacity': () => Response.json({ available_capacity: 998, max_concurrent_workflows: 1000 }),
};

/** What the doctor reports of a deployment that answers like this, to a profile with this token. */
async function examine(
  answers: Partial<Answers> = {},
  token = jwt({ exp: now / 1000 + 3600, scope: 'workflow:read' }),
) {
  using shell = openShell({
    environment: { SKEIN_CONFIG: 'skein.json', SKEIN_PROFILE: 'prod', TOKEN: token },
    now: () => now,
    process: {
      fetch: async (url) => ({ ...well, ...answers })[new URL(url).pathname.replace('/prod', '')]!(),
    },
  });
  shell.write({ 'skein.json': '{"profiles":{"prod":{"url":"https://skein.test/prod","token_env":"TOKEN"}}}' });
  const { exitCode, out } = await shell.skein('doctor', '--json');
  expect(out).not.toContain('very-secret');
  const report = JSON.parse(out) as Report;
  const finding = (check: string) => report.findings.find((it) => it.check === check);
  return { exitCode, ...report, finding };
}

const down = () => {
  throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND skein.test') });
};

describe('skein doctor', () => {
  it('finds nothing wrong where nothing is wrong', async () => {
    const { exitCode, healthy, findings } = await examine();

    expect({ exitCode, healthy }).toEqual({ exitCode: 0, healthy: true });
    expect(findings.map(({ check, status }) => `${check} ${status}`)).toEqual([
      'node ok',
      'database ok',
      'profile ok',
      'token ok',
      'reachable ok',
      'clock ok',
      'ready ok',
      'access ok',
    ]);
    expect(findings.filter(({ fix }) => fix !== undefined)).toEqual([]);
  });

  it.each<[string, Partial<Answers>, string, string]>([
    ['nobody at the URL', { '/health': down }, 'reachable', 'ENOTFOUND'],
    ['something else at the URL', { '/health': () => new Response('<html>') }, 'reachable', 'no deployment of Skein'],
    [
      'what the deployment depends on',
      { '/ready': () => Response.json({ status: 'not_ready', checks: { table: 'failed' } }, { status: 503 }) },
      'ready',
      'table does not answer',
    ],
    ['a token that is refused', { '/workflow-capacity': () => new Response('', { status: 401 }) }, 'access', '401'],
    [
      'a clock that is late',
      {
        '/health': () =>
          Response.json(
            { status: 'ok', version: programVersion() },
            { headers: { date: new Date(now + 45_000).toUTCString() } },
          ),
      },
      'clock',
      '45 s behind',
    ],
  ])('finds %s, and says what to do', async (_what, answers, check, message) => {
    const { exitCode, healthy, finding } = await examine(answers);

    expect({ exitCode, healthy }).toEqual({ exitCode: 2, healthy: false });
    expect(finding(check)).toMatchObject({ status: 'failed', message: expect.stringContaining(message) as string });
    expect(finding(check)?.fix).toBeTruthy();
  });

  it.each<[string, Partial<Answers>, string]>([
    ['another version', { '/health': () => Response.json({ status: 'ok', version: '0.0.1' }) }, 'reachable'],
    ['a token without workflow:read', { '/workflow-capacity': () => new Response('', { status: 403 }) }, 'access'],
  ])('warns of %s', async (_what, answers, check) => {
    const { exitCode, finding } = await examine(answers);

    expect(exitCode).toBe(0);
    expect(finding(check)?.status).toBe('warning');
  });

  it.each<[string, string, string, string]>([
    ['has expired', jwt({ exp: now / 1000 - 7200, scope: 'admin' }), 'failed', 'it expired 2 h ago'],
    ['expires soon', jwt({ exp: now / 1000 + 60, scope: 'admin' }), 'warning', 'it has admin; it expires in 60 s'],
    ['never expires', jwt({ scope: 'admin' }), 'failed', 'it does not say when it expires'],
    ['has no scopes', jwt({ exp: now / 1000 + 3600 }), 'warning', 'it has no scopes; it expires in 60 min'],
    [
      'names scopes of Cognito',
      jwt({ exp: now / 1000 + 86_400 * 3, scope: 'skein/workflow:read skein/agent:work' }),
      'ok',
      'it has workflow:read, agent:work; it expires in 3 days',
    ],
    ['is an API key', 'sk.dGVuYW50.key_1.very-secret', 'ok', 'an API key: the deployment knows its scopes'],
    ['is something else', 'very-secret', 'failed', 'it is neither a JWT nor an API key'],
  ])('says of a token that it %s', async (_what, token, status, message) => {
    const { finding } = await examine({}, token);

    expect(finding('token')).toMatchObject({ status, message });
  });

  it('finds a token that cannot be had, and goes on without it', async () => {
    const { exitCode, finding, findings } = await examine({}, '');

    expect(exitCode).toBe(2);
    expect(finding('token')?.message).toContain('TOKEN is not set');
    expect(findings.map(({ check }) => check)).toContain('ready');
  });

  it('finds a profile that is not there', async () => {
    using shell = openShell({ environment: { SKEIN_CONFIG: 'skein.json' } });

    const { exitCode, out } = await shell.skein('doctor', '--profile', 'prod');

    expect(exitCode).toBe(2);
    expect(out).toMatch(/failed +profile +there is no profile prod\n +next +add it with `skein profile add`\n$/);
  });

  it('finds a file that is no database', async () => {
    using shell = openShell();
    writeFileSync(join(shell.directory, 'x.db'), 'hello, this is no database at all '.repeat(100));

    const { exitCode, out } = await shell.skein('doctor', '--database', 'x.db');

    expect(exitCode).toBe(2);
    expect(out).toMatch(/^failed +database /m);
  });

  it('finds a deployment on this machine well', async () => {
    using shell = shellAt(await startDeployment('agent_types: {}', temporaryDirectory()));

    const { exitCode, out, err } = await shell.skein('doctor');

    expect(`${exitCode} ${err}`).toBe('0 ');
    expect(out).toMatch(/ok +access +the token is taken; \d+ of \d+ executions may start/);
    expect(out).toMatch(/ok +token +it has workflow:read, /);
  });
});

describe('skein doctor --deploy', () => {
  const examineAws = async (environment: Record<string, string>, ...args: string[]) => {
    using shell = openShell({ environment });
    const { exitCode, out } = await shell.skein('doctor', '--deploy', '--json', ...args);
    const { findings } = JSON.parse(out) as Report;
    return { exitCode, of: (check: string) => findings.find((it) => it.check === check) };
  };

  it('finds neither credentials nor a region', async () => {
    const { exitCode, of } = await examineAws({});

    expect(exitCode).toBe(2);
    expect([of('cdk'), of('credentials'), of('region')].map((it) => it?.status)).toEqual(['ok', 'failed', 'failed']);
  });

  it.each([
    [{ AWS_ACCESS_KEY_ID: 'AKIA', AWS_REGION: 'eu-central-1' }, 'keys in the environment', 'eu-central-1'],
    [{ AWS_PROFILE: 'work', AWS_DEFAULT_REGION: 'us-east-1' }, "a profile of AWS's own settings", 'us-east-1'],
  ])('finds them in %j', async (environment, credentials, region) => {
    const { exitCode, of } = await examineAws(environment);

    expect(exitCode).toBe(0);
    expect([of('credentials')?.message, of('region')?.message]).toEqual([credentials, region]);
  });

  it("finds them in AWS's own settings, by profile", async () => {
    const home = temporaryDirectory();
    writeFileSync(
      join(home, 'config'),
      '[default]\nregion = eu-west-1\n\n[profile work]\noutput = json\nregion = eu-north-1\n',
    );
    const settings = { AWS_CONFIG_FILE: join(home, 'config') };

    const asDefault = await examineAws(settings);
    const asWork = await examineAws({ ...settings, AWS_PROFILE: 'work' });
    const elsewhere = await examineAws(settings, '--region', 'us-west-2');

    expect([asDefault, asWork, elsewhere].map(({ of }) => of('region')?.message)).toEqual([
      'eu-west-1',
      'eu-north-1',
      'us-west-2',
    ]);
  });
});

describe('nodeFinding', () => {
  it.each([
    ['22.17.9', 'failed'],
    ['22.18.0', 'ok'],
    ['20.99.0', 'failed'],
    ['24.0.0', 'ok'],
  ])('calls Node.js %s %s', (version, status) => {
    expect(nodeFinding(version).status).toBe(status);
  });
});
