import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { openShell } from '../makers/shell.ts';

describe('skein init', () => {
  it('writes a workflow that is valid without a warning', async () => {
    using shell = openShell();

    const written = await shell.skein('init', 'hello');
    const validated = await shell.skein('validate', 'hello/workflow.yaml');

    expect(written.exitCode).toBe(0);
    expect(written.out).toContain('skein run hello/workflow.yaml --input name=Ada');
    expect(readdirSync(shell.directory, { recursive: true }).sort()).toEqual([
      'hello',
      'hello/agents',
      'hello/agents.yaml',
      'hello/agents/writer.mjs',
      'hello/workflow.yaml',
    ]);
    expect(validated).toEqual({ exitCode: 0, out: 'valid hello/workflow.yaml, 3 tasks\n', err: '' });
  });

  it('writes nothing at all where one of its files is already', async () => {
    using shell = openShell();
    shell.write({ 'agents.yaml': 'mine' });

    const { exitCode, err } = await shell.skein('init');

    expect(exitCode).toBe(2);
    expect(err).toContain('error file_exists: agents.yaml would be overwritten');
    expect(readdirSync(shell.directory)).toEqual(['agents.yaml']);
  });

  it('names the files as JSON with --json', async () => {
    using shell = openShell();

    const { out } = await shell.skein('init', '--json');

    expect(JSON.parse(out)).toEqual({
      directory: '<dir>',
      files: ['agents.yaml', 'agents/writer.mjs', 'workflow.yaml'],
    });
  });
});
