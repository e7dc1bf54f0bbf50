import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isJsonObject, type Json } from '../../core/json/index.ts';
import { valueProblems } from '../../core/schemas/index.ts';
import { checkout } from '../architecture/source-file.ts';

/** The key that a kind of file has at its root, and the schema that goes with it. */
const schemas: Readonly<Record<string, string>> = {
  workflow: 'docs/workflow.schema.json',
  agent_types: 'docs/agents.schema.json',
};

const files = globSync('examples/**/*.{yaml,yml}', { cwd: checkout, exclude: ['**/node_modules'] })
  .map((path) => ({ path, text: readFileSync(checkout + path, 'utf8') }))
  .map(({ path, text }) => ({ path, text, document: parse(text) as Json }))
  .filter(({ document }) => isJsonObject(document) && Object.keys(schemas).some((key) => key in document));

describe('the first line of an example', () => {
  it('is looked at in both examples, definition and catalogue', () => {
    expect(files.length).toBeGreaterThanOrEqual(4);
  });

  it.each(files)('of $path names the schema, which takes the file', ({ path, text, document }) => {
    const named = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text)?.[1] ?? 'nothing';
    const schema = resolve(checkout, dirname(path), named);

    expect(relative(checkout, schema)).toBe(schemas[Object.keys(document as object)[0] ?? '']);
    expect(existsSync(schema)).toBe(true);
    expect(valueProblems(JSON.parse(readFileSync(schema, 'utf8')) as { [key: string]: Json }, document)).toEqual([]);
  });
});
