import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkout } from '../architecture/source-file.ts';
import { openShell } from '../makers/shell.ts';

async function verbsOf(): Promise<readonly string[]> {
  using shell = openShell();
  const { out } = await shell.skein('--help');
  return [...out.matchAll(/^ {2}([a-z-]+) (?:\[|<)/gm)].map(([, verb = '']) => verb).filter((verb) => verb !== 'help');
}

const verbs = await verbsOf();

describe('skein --help', () => {
  it('names every verb, and the exit codes', async () => {
    using shell = openShell();

    const { exitCode, out } = await shell.skein('--help');

    expect(exitCode).toBe(0);
    expect(out).toMatch(/\n {2}validate \[options\] <file> .*\n[^]*\nExit codes: 0 all is well;/);
  });

  it.each(verbs)('of %s ends with an example that has only options of its own', async (verb) => {
    using shell = openShell();

    const { exitCode, out } = await shell.skein(verb, '--help');

    const example = /\n\nExample:\n {2}\$ (skein .*)\n$/.exec(out)?.[1] ?? '';
    const options = example.match(/--[a-z-]+/g) ?? [];
    expect(exitCode).toBe(0);
    expect(example.split(' ')[1]).toBe(verb);
    expect(options.filter((option) => !out.split('\nExample:')[0]?.includes(`  ${option} `))).toEqual([]);
  });
});

describe('skein --version', () => {
  it.each(['--version', '-V'])('prints the version of the package for %s', async (flag) => {
    using shell = openShell();
    const { version } = JSON.parse(readFileSync(`${checkout}package.json`, 'utf8')) as { version: string };

    expect(await shell.skein(flag)).toEqual({ exitCode: 0, out: `${version}\n`, err: '' });
  });
});
