import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkout } from '../architecture/source-file.ts';
import { openShell } from '../makers/shell.ts';

describe('skein schema', () => {
  it.each([
    ['the language', [], 'docs/workflow.schema.json'],
    ['the agent catalogue', ['--agents'], 'docs/agents.schema.json'],
    ['the language, as JSON too', ['--json'], 'docs/workflow.schema.json'],
  ])('prints the schema of %s, which editors find under docs', async (_title, options, committed) => {
    using shell = openShell();

    const answer = await shell.skein('schema', ...options);

    expect(answer).toEqual({ exitCode: 0, out: readFileSync(checkout + committed, 'utf8'), err: '' });
  });

  it('is the schema that export writes', async () => {
    using shell = openShell();

    expect((await shell.skein('schema')).out).toBe((await shell.skein('export', 'jsonschema')).out);
  });
});
