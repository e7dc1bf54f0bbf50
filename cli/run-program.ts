import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { ProgramCall, ProgramEnd } from './surroundings.ts';

/** Resolves when it has ended and all that it printed was heard; also when there is no such program. */
export async function runProgram(call: ProgramCall): Promise<ProgramEnd> {
  const { file, args, directory, environment, takesTerminal = false, onLine } = call;
  const child = spawn(file, args, {
    cwd: directory,
    env: environment,
    stdio: takesTerminal ? 'inherit' : ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (out += text));
  for (const stream of [child.stdout, child.stderr]) {
    if (stream && onLine) createInterface({ input: stream }).on('line', onLine);
  }
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, out };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { code: 127, out };
    throw error;
  }
}
