import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openShell, type Shell } from '../makers/shell.ts';

const agents = 'agent_types: { any: { runtime: http, url: "http://127.0.0.1:1/" } }';

function workflowOf(name: string, version: string, task = 'a'): string {
  return `workflow:
  name: ${name}
  version: "${version}"
  timeout: 60
  owner: { contact: a@example.com }
  agents: { one: { type: any } }
  tasks: [{ id: ${task}, agent: one, timeout: 5 }]
`;
}

function openWorkflows(): Shell {
  const shell = openShell();
  shell.write({
    'agents.yaml': agents,
    'scan.yaml': workflowOf('scan', '1.0'),
    'newer.yaml': workflowOf('scan', '2.0'),
    'other.yaml': workflowOf('scan', '1.0', 'b'),
    'audit.yaml': workflowOf('audit', '7'),
  });
  return shell;
}

describe('skein publish', () => {
  it('publishes a version once, and says when it was there before', async () => {
    using shell = openWorkflows();

    const first = await shell.skein('publish', 'scan.yaml');
    const second = await shell.skein('publish', 'scan.yaml');

    expect(first).toEqual({ exitCode: 0, out: 'published scan 1.0\n', err: '' });
    expect(second).toEqual({ exitCode: 0, out: 'published before, with the same content: scan 1.0\n', err: '' });
  });

  it('refuses other content under a version that is published', async () => {
    using shell = openWorkflows();
    await shell.skein('publish', 'scan.yaml');

    const { exitCode, err } = await shell.skein('publish', 'other.yaml');

    expect(exitCode).toBe(2);
    expect(err).toContain('error version_exists: version 1.0 of scan is already published with other content');
    expect((await shell.skein('publish', 'scan.yaml')).out).toContain('same content');
  });

  it('tells programs what was published, and whether it is new', async () => {
    using shell = openWorkflows();

    const first = JSON.parse((await shell.skein('publish', 'scan.yaml', '--json')).out) as Record<string, unknown>;
    const second = JSON.parse((await shell.skein('publish', 'scan.yaml', '--json')).out) as Record<string, unknown>;

    expect(first).toEqual({
      name: 'scan',
      version: '1.0',
      digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
      publishedAt: expect.any(Number) as unknown,
      isNew: true,
    });
    expect(second).toEqual({ ...first, isNew: false });
  });

  it('publishes nothing that has an error', async () => {
    using shell = openWorkflows();
    shell.write({ 'wrong.yaml': workflowOf('scan', '3.0').replace('agent: one', 'agent: two') });

    const { exitCode, err } = await shell.skein('publish', 'wrong.yaml');
    const asJson = await shell.skein('publish', 'wrong.yaml', '--json');

    expect(exitCode).toBe(1);
    expect(err).toContain('error VAL206');
    expect(JSON.parse(asJson.out)).toMatchObject({ valid: false, diagnostics: [{ code: 'VAL206' }] });
    expect((await shell.skein('workflows')).err).toContain('database_not_found');
  });
});

describe('skein workflows', () => {
  it('lists published versions by name, oldest first', async () => {
    using shell = openWorkflows();
    for (const file of ['scan.yaml', 'newer.yaml', 'audit.yaml']) await shell.skein('publish', file);

    const { exitCode, out } = await shell.skein('workflows');

    const lines = out.trimEnd().split('\n');
    expect(exitCode).toBe(0);
    expect(lines.map((line) => line.split(/ {2,}/).slice(0, 2))).toEqual([
      ['workflow', 'version'],
      ['audit', '7'],
      ['scan', '1.0'],
      ['scan', '2.0'],
    ]);
    expect(lines[1]).toMatch(/ {2}\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
  });

  it('lists those of one workflow, for programs too', async () => {
    using shell = openWorkflows();
    for (const file of ['scan.yaml', 'audit.yaml']) await shell.skein('publish', file);

    const { out } = await shell.skein('workflows', 'scan', '--json');
    const none = await shell.skein('workflows', 'scam');

    expect(JSON.parse(out)).toMatchObject({ workflows: [{ name: 'scan', version: '1.0' }] });
    expect(none).toEqual({ exitCode: 0, out: 'no published versions\n', err: '' });
  });

  it('shows what was run as it was first, and none of its edited drafts', async () => {
    using shell = openShell();
    await shell.skein('init');
    const run = () => shell.skein('run', 'workflow.yaml', '--input', 'name=Ada', '--json');
    const workflow = readFileSync(join(shell.directory, 'workflow.yaml'), 'utf8');

    await run();
    shell.write({ 'workflow.yaml': workflow.replace('Good evening', 'Good night') });
    const edited = JSON.parse((await run()).out) as { view: { version: string } };
    const { out } = await shell.skein('workflows', '--json');

    expect(edited.view.version).toMatch(/^1\.0\+[0-9a-f]{8}$/);
    expect((JSON.parse(out) as { workflows: object[] }).workflows).toMatchObject([{ name: 'hello', version: '1.0' }]);
  });
});
