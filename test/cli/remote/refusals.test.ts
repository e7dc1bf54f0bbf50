import { describe, expect, it } from 'vitest';
import { openShell, type Answer } from '../../makers/shell.ts';

const token = 'header.very-secret.signature';

interface Sent {
  readonly method: string | undefined;
  readonly url: string;
  readonly headers: Headers;
  readonly body: unknown;
}

/** A shell at a deployment that answers what the test says, the last answer again and again; its time passes at once. */
function openAt(...answers: readonly (() => Response | Promise<Response>)[]) {
  const sent: Sent[] = [];
  const pauses: number[] = [];
  const shell = openShell({
    environment: { SKEIN_CONFIG: 'skein.json', SKEIN_PROFILE: 'prod', TOKEN: token },
    process: {
      fetch: async (url, { method, headers, body }) => {
        sent.push({ method, url, headers: new Headers(headers), body });
        return (answers[sent.length - 1] ?? answers.at(-1)!)();
      },
      onTick(perSecond, tick) {
        pauses.push(1 / perSecond);
        setImmediate(tick);
        return () => undefined;
      },
    },
  });
  shell.write({ 'skein.json': '{"profiles":{"prod":{"url":"https://skein.test/prod","token_env":"TOKEN"}}}' });
  return { shell, sent, pauses, [Symbol.dispose]: () => shell[Symbol.dispose]() };
}

const problem =
  (status: number, code: string, detail: string, more: object = {}) =>
  () =>
    Response.json({ type: 'about:blank', title: 'x', status, code, detail, ...more }, { status });
const gateway =
  (status: number, headers = {}) =>
  () =>
    new Response('{"message":"Forbidden"}', { status, headers });
const down = () => {
  throw new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 10.0.0.1:443') });
};

/** Code, message, place and next step of a complaint. */
function complaint({ exitCode, err }: Answer) {
  const [, code, message] = /^error (\S+): (.*)$/m.exec(err) ?? [];
  const [, place] = /^ {2}at {4}(.*)$/m.exec(err) ?? [];
  const [, next] = /^ {2}next {2}(.*)$/m.exec(err) ?? [];
  return { exitCode, code, message, place, next };
}

describe('a verb that asks a deployment', () => {
  it('shows its token to the deployment and to nobody else', async () => {
    using at = openAt(() => Response.json({ executions: [] }));

    const answer = await at.shell.skein('list', '--status', 'failed', '--limit', '5');

    expect(answer).toEqual({ exitCode: 0, out: 'no executions\n', err: '' });
    expect(at.sent[0]?.url).toBe('https://skein.test/prod/api/v1/executions?status=failed&limit=5');
    expect(at.sent[0]?.headers.get('authorization')).toBe(`Bearer ${token}`);
  });

  it.each<[string, () => Response, object]>([
    [
      'an expired token',
      problem(401, 'token_invalid', 'The token cannot be taken: it has expired.'),
      {
        code: 'token_invalid',
        place: 'skein list',
        next: expect.stringContaining('skein doctor --profile prod') as string,
      },
    ],
    [
      'a scope that is missing',
      problem(403, 'scope_missing', 'This asks for the scope workflow:read.'),
      { code: 'scope_missing', message: 'This asks for the scope workflow:read.', place: 'skein list' },
    ],
    [
      'what the deployment knows a hint for',
      problem(409, 'version_exists', 'It is there.', { hint: 'Choose another version.' }),
      { code: 'version_exists', next: 'Choose another version.' },
    ],
    [
      'members that do not fit',
      problem(400, 'body_invalid', 'The body does not fit.', { errors: [{ pointer: '/a', detail: 'is missing' }] }),
      { code: 'body_invalid', message: 'The body does not fit.; /a is missing' },
    ],
    ['no room', problem(507, 'no_capacity', 'It is full.'), { code: 'no_capacity' }],
    [
      'something that is no deployment',
      gateway(403),
      { code: 'http_403', place: 'GET https://skein.test/prod/api/v1/executions?limit=20' },
    ],
    [
      'a redirect',
      gateway(302, { location: 'https://elsewhere.test' }),
      { code: 'http_302', next: expect.stringContaining('doctor') as string },
    ],
  ])('tells of %s at once', async (_what, answer, said) => {
    using at = openAt(answer);

    const found = complaint(await at.shell.skein('list'));

    expect(found).toMatchObject({ exitCode: 2, ...said });
    expect(at.sent).toHaveLength(1);
  });

  it.each<[string, () => Response, string]>([
    ['nobody answers', down, 'deployment_unreachable'],
    ['the deployment is busy', gateway(429), 'http_429'],
    ['it is not there for the moment', gateway(503), 'http_503'],
    ['its gateway waits in vain', gateway(504), 'http_504'],
  ])('tries four times when %s', async (_when, answer, code) => {
    using at = openAt(answer);

    const found = complaint(await at.shell.skein('list'));

    expect(found.code).toBe(code);
    expect(at.sent).toHaveLength(4);
    expect(at.pauses).toEqual([0.5, 1, 2]);
  });

  it('says why nobody answers, and whom it asked', async () => {
    using at = openAt(down);

    expect(complaint(await at.shell.skein('list'))).toMatchObject({
      message: 'https://skein.test/prod cannot be reached: connect ECONNREFUSED 10.0.0.1:443',
      place: 'profile prod',
    });
  });

  it('obeys Retry-After, and leaves a long one to the person', async () => {
    using short = openAt(gateway(503, { 'retry-after': '7' }), () => Response.json({ executions: [] }));
    using long = openAt(gateway(429, { 'retry-after': '120' }));

    expect((await short.shell.skein('list')).exitCode).toBe(0);
    const found = complaint(await long.shell.skein('list'));

    expect(short.pauses).toEqual([7]);
    expect(long.sent).toHaveLength(1);
    expect(found.next).toBe('try again in 120 s');
  });

  it('sends a start again under the same key, so that it starts once', async () => {
    const started = () => Response.json({ execution_id: 'exec_1' }, { status: 202 });
    using at = openAt(down, started);

    const { out } = await at.shell.skein('run', 'review', '--input', 'depth=3', '--detach');

    expect(out).toBe('exec_1\n');
    expect(at.sent.map(({ method, url }) => [method, url])).toEqual([
      ['POST', 'https://skein.test/prod/api/v1/workflows/review/execute'],
      ['POST', 'https://skein.test/prod/api/v1/workflows/review/execute'],
    ]);
    const keys = at.sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).not.toBeNull();
    expect(at.sent[0]?.body).toBe('{"input_data":{"depth":3}}');
  });

  it('does not decide again when it does not know whether it has decided', async () => {
    using at = openAt(gateway(504));

    expect((await at.shell.skein('approve', 'apr_1')).exitCode).toBe(2);
    expect(at.sent).toHaveLength(1);
  });

  it.each<[string, () => Response]>([
    ['a page', () => new Response('<html>')],
    ['other JSON', () => Response.json({ items: [] })],
    ['executions of another kind', () => Response.json({ executions: [{ id: 7 }] })],
  ])('does not take %s for an answer', async (_what, answer) => {
    using at = openAt(answer);

    expect(complaint(await at.shell.skein('list'))).toMatchObject({ exitCode: 2, code: 'answer_not_understood' });
  });

  it('reads lists page by page', async () => {
    const row = (id: string) => ({
      execution_id: id,
      workflow_id: 'review',
      version: '1.0',
      status: 'running',
      started_at: '2026-11-21T00:00:00.000Z',
    });
    using at = openAt(
      () => Response.json({ executions: [row('exec_1')], next_cursor: 'next' }),
      () => Response.json({ executions: [row('exec_2')] }),
    );

    const { out } = await at.shell.skein('list');

    expect(out).toMatch(/exec_1.*\nexec_2/);
    expect(new URL(at.sent[1]!.url).searchParams.get('cursor')).toBe('next');
  });

  it('prints findings of the deployment with the source lines of the file', async () => {
    const range = { line: 2, column: 9, endLine: 2, endColumn: 10 };
    const finding = { file: 'workflow.yaml', title: 'T', code: 'REF001', severity: 'error', message: 'No such type.' };
    using at = openAt(
      problem(422, 'definition_invalid', 'It has errors.', { diagnostics: [{ ...finding, path: 'workflow', range }] }),
    );
    at.shell.write({ 'review.yaml': 'workflow:\n  name: x\n' });

    const text = await at.shell.skein('publish', 'review.yaml');
    const json = await at.shell.skein('publish', 'review.yaml', '--json');

    expect(text.exitCode).toBe(1);
    expect(text.err).toContain('review.yaml:2:9');
    expect(text.err).toContain('name: x');
    expect(JSON.parse(json.out)).toMatchObject({
      valid: false,
      diagnostics: [{ file: 'review.yaml', code: 'REF001' }],
    });
  });

  it.each([
    [{ token_env: 'NOT_SET' }, 'token_missing'],
    [{ token_command: 'echo very-secret; exit 3' }, 'token_command_failed'],
    [{ token_command: 'true' }, 'token_command_failed'],
  ])('complains when %j gives no token', async (credential, code) => {
    using at = openAt(() => Response.json({ executions: [] }));
    const profiles = { prod: { url: 'https://skein.test', ...credential } };
    at.shell.write({ 'skein.json': JSON.stringify({ profiles }) });

    const answer = await at.shell.skein('list');

    expect(complaint(answer)).toMatchObject({ exitCode: 2, code, place: 'profile prod' });
    expect(answer.err).not.toContain('very-secret');
    expect(at.sent).toEqual([]);
  });

  it('takes what the token command prints, and asks it once', async () => {
    using at = openAt(gateway(503), () => Response.json({ executions: [] }));
    const profiles = { prod: { url: 'https://skein.test', token_command: 'echo x >> asked; echo " abc "' } };
    at.shell.write({ 'skein.json': JSON.stringify({ profiles }) });

    await at.shell.skein('list');

    expect(at.sent.map(({ headers }) => headers.get('authorization'))).toEqual(['Bearer abc', 'Bearer abc']);
  });
});
