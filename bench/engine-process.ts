import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

const program = new URL('../cli/skein.js', import.meta.url).pathname;

/** Runs a file of this folder in a process of its own that has the options of the `skein` program, and returns what it printed. */
export function printedBy(file: string, ...args: readonly string[]): string {
  const script = new URL(file, import.meta.url).pathname;
  return execFileSync(process.execPath, [...optionsOf(program), script, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** What the program's first line gives to Node. */
function optionsOf(file: string): readonly string[] {
  const [firstLine = ''] = readFileSync(file, 'utf8').split('\n', 1);
  return firstLine.split(' ').filter((word) => word.startsWith('--'));
}
