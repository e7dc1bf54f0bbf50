import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';
import { startSkein, type SkeinProcess } from '../makers/skein-process.ts';

const definition = (version: string, event: string): string => `workflow:
  name: patient
  version: "${version}"
  timeout: 1d
  owner: { contact: a@example.com }
  tasks: [{ id: hold, wait: { event: ${event}, timeout: 1h } }]
`;

function openDirectory(): Shell {
  const shell = openShell();
  shell.write({
    'flows/patient.yaml': definition('1', 'go'),
    'flows/agents.yaml': 'agent_types: { judge: { runtime: human } }',
    'flows/notes.json': '{"note": "no workflow: nothing to publish"}',
  });
  return shell;
}

interface Said {
  readonly url: string;
  readonly token: string;
  readonly published: readonly string[];
  readonly taken_up: readonly string[];
}

async function startServer(shell: Shell, ...args: readonly string[]): Promise<SkeinProcess & { readonly said: Said }> {
  const skein = startSkein(shell.directory, 'dev', ...args, '--port', '0', '--json');
  expect(await skein.prints(/^\{"url"/), skein.complaint()).toBe(true);
  return Object.assign(skein, { said: JSON.parse(skein.lines[0] ?? '') as Said });
}

function ask({ url, token }: Said, path: string, body?: object): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return fetch(url + path, { headers, ...(body && { method: 'POST', body: JSON.stringify(body) }) });
}

async function statusOf(said: Said, execution: string): Promise<string> {
  return ((await (await ask(said, `/api/v1/executions/${execution}`)).json()) as { status: string }).status;
}

describe('skein dev', () => {
  it('serves the API with what the directory holds, until Ctrl-C', async () => {
    using shell = openDirectory();
    await using skein = await startServer(shell, 'flows');

    const { said } = skein;
    const workflows = await (await ask(said, '/api/v1/workflows')).json();
    const agents = await (await ask(said, '/api/v1/agents')).json();
    const refused = await fetch(`${said.url}/api/v1/workflows`);
    await skein.kill('SIGINT');

    expect(said.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(said.published).toEqual(['patient 1']);
    expect(workflows).toMatchObject({ workflows: [{ workflow_id: 'patient', latest_version: '1' }] });
    expect(agents).toMatchObject({ agents: [{ agent_type: 'judge', runtime: 'human', registered_by: 'developer' }] });
    expect(refused.status).toBe(401);
    expect(await skein.ended).toBe(0);
  });

  it('tells people the same, a line for each thing', async () => {
    using shell = openDirectory();
    await using skein = startSkein(shell.directory, 'dev', 'flows', '--port', '0', '--database', ':memory:');

    expect(await skein.prints(/^Ctrl-C stops it/), skein.complaint()).toBe(true);

    expect(skein.lines.slice(0, 3)).toEqual([
      expect.stringMatching(/^listening http:\/\/127\.0\.0\.1:\d+$/),
      'published patient 1',
      expect.stringMatching(/^token {5}eyJ[\w-]+\.[\w-]+\.[\w-]+$/),
    ]);
  });

  it('goes on with what the last server has left unfinished', async () => {
    using shell = openDirectory();
    let execution = '';
    {
      await using first = await startServer(shell, 'flows');
      const started = await ask(first.said, '/api/v1/workflows/patient/execute', { input_data: {} });
      execution = ((await started.json()) as { execution_id: string }).execution_id;
      await expect.poll(() => statusOf(first.said, execution)).toBe('running');
      await first.kill();
    }

    await using second = await startServer(shell);
    await ask(second.said, '/api/v1/events', { type: 'go', data: {} });

    expect(second.said.taken_up).toEqual([execution]);
    await expect.poll(() => statusOf(second.said, execution), { timeout: 20_000 }).toBe('succeeded');
  });

  it('publishes nothing, and starts nothing, when a definition is wrong', async () => {
    using shell = openDirectory();
    shell.write({ 'flows/wrong.yaml': 'workflow: { name: wrong }\n' });

    const { exitCode, err } = await shell.skein('dev', 'flows', '--port', '0');

    expect(exitCode).toBe(1);
    expect(err).toContain('flows/wrong.yaml');
    expect((await shell.skein('workflows')).exitCode).toBe(2);
  });

  it('says which version holds something else already', async () => {
    using shell = openDirectory();
    await shell.skein('publish', 'flows/patient.yaml');
    shell.write({ 'flows/patient.yaml': definition('1', 'stop') });

    const { exitCode, err } = await shell.skein('dev', 'flows', '--port', '0');

    expect(exitCode).toBe(2);
    expect(err).toContain('error version_exists: version 1 of patient is already published with other content');
  });

  it('says that its port is taken', async () => {
    using shell = openDirectory();
    await using skein = await startServer(shell);

    const { exitCode, err } = await shell.skein(
      'dev',
      '--database',
      'other.db',
      '--port',
      new URL(skein.said.url).port,
    );

    expect(exitCode).toBe(2);
    expect(err).toContain('error port_in_use');
  });

  it.each(['-1', '65536', 'http', '1.5', ''])('refuses the port %j', async (port) => {
    using shell = openDirectory();

    const { exitCode, err } = await shell.skein('dev', '--port', port);

    expect(exitCode).toBe(2);
    expect(err).toContain('It is a number from 0 to 65535.');
  });

  it('refuses a directory that is not there', async () => {
    using shell = openDirectory();

    const { exitCode, err } = await shell.skein('dev', 'nowhere', '--port', '0');

    expect(exitCode).toBe(2);
    expect(err).toContain('nowhere');
  });
});
